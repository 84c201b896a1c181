// The declarations that the build wrote, as a reference has them: nothing in them is named that a user can't import. What a class or an
// interface inherits from one that no entry exports stands among its own members, and what a name of such a type stands for, in its place.

import { posix } from 'node:path';

/** A declaration of a file. */
export interface Declaration {
  name: string;
  /** The file, without its ending. */
  file: string;
  kind: 'class' | 'interface' | 'type' | 'const' | 'function';
  /** Its docstring, without the comment's marks; empty where it has none. */
  doc: string;
  text: string;
}

/** Where declarations are read, and which of them a user can import. */
export interface Source {
  /** The text of a file. */
  read(file: string): string;
  isPublic(declaration: Declaration): boolean;
}

/** The declaration of `name` in a file; undefined where there is none. */
export function declarationOf(name: string, file: string, { read }: Pick<Source, 'read'>): Declaration | undefined {
  const all = read(file);
  const found = new RegExp(
    `^(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n)?(?:export )?(?:declare )?((?:abstract )?(class|interface|type|const|function) ${name}\\b)`,
    'm',
  ).exec(all);
  if (found === null) return undefined;
  const start = found.index + found[0].length - found[2]!.length;
  return {
    name,
    file,
    kind: found[3] as Declaration['kind'],
    doc: (found[1] ?? '')
      .replace(/^\/\*\*|\s*\*\/\n?$/g, '')
      .replace(/^\s*\* ?/gm, '')
      .trim(),
    text: all
      .slice(start, endOf(all, start))
      .replace(/^ {4}(?:readonly )?(?:#|private ).*\n/gm, '')
      // What refuses surplus arguments.
      .replace(/(?:, )?\.\.\.surplus: (?:never\[\]|AsCallback)/g, '')
      .trim(),
  };
}

/** The text of a declaration in which everything that is not public is spelled out. */
export function spelledOut(declaration: Declaration, source: Source): string {
  const insideOf = (name: string) => {
    const found = name === declaration.name ? undefined : seenFrom(declaration.file, name, source);
    return found === undefined || source.isPublic(found) ? undefined : found;
  };
  const spell = (text: string) =>
    replaceNames(text, (name, { isKeys, at, end }) => {
      const inside = insideOf(name);
      if (inside === undefined) return undefined;
      const indent = /( *).*$/.exec(text.slice(0, at))![1];
      const meaning = meaningOf(inside, isKeys, source).replaceAll('\n', `\n${indent}`);
      return text[end] === '[' && /[|&?]|=>/.test(meaning) ? `(${meaning})` : meaning;
    });
  const { text, base, values } = withoutBase(declaration, insideOf);
  const spelled = spell(text);
  if (base === undefined) return spelled;
  const filled = replaceNames(spelledOut(base, source), (name) => values.get(name) && spell(values.get(name)!));
  const own = membersOf(spelled).map(memberName);
  const inherited = membersOf(filled).filter((member) => !own.includes(memberName(member)));
  return spelled.replace('{\n', () => `{\n${inherited.join('')}`);
}

/** The name of the member that a declaration's line begins; undefined for other lines. */
export function memberName(text: string): string | undefined {
  return /^ {4}(?:readonly |static |get |set |override |abstract )*(\[?[A-Za-z_][\w.]*\]?)[?(:<]/m.exec(text)?.[1];
}

/** A declaration's text without a base that is not public; that base, and what stands for its parameters. */
function withoutBase(
  declaration: Declaration,
  insideOf: (name: string) => Declaration | undefined,
): { text: string; base?: Declaration | undefined; values: ReadonlyMap<string, string> } {
  // A type that is such an interface, and nothing else, inherits everything.
  const text = declaration.text.replace(/^type (\w+) = ((\w+)(?:<[^<>]*>)?);$/, (whole, name, base, word) =>
    insideOf(word)?.kind === 'interface' ? `interface ${name} extends ${base} {\n}` : whole,
  );
  const [, clause = '', word, given = ''] =
    /^(?:abstract )?(?:class|interface) .*?( extends (\w+)(?:<([^<>]*)>)?)(?= implements | \{)/.exec(text) ?? [];
  const base = word === undefined ? undefined : insideOf(word);
  const parameters = (/^[^{]*?<(.*)> (?:extends|implements|\{)/.exec(base?.text ?? '')?.[1] ?? '').split(', ');
  const values = new Map(parameters.map((parameter, i) => [/^\w*/.exec(parameter)![0], given.split(', ')[i]!]));
  return { text: base === undefined ? text : text.replace(clause, ''), base, values };
}

/** `text` with other text for names in it, where `replace` gives any. What stands in comments and strings, and members' names, are none. */
function replaceNames(
  text: string,
  replace: (name: string, found: { isKeys: boolean; at: number; end: number }) => string | undefined,
): string {
  const names = /\/\*[\s\S]*?\*\/|'[^']*'|"[^"]*"|(keyof typeof )?\b([A-Za-z_]\w*)\b(?!\??:)/g;
  return text.replace(names, (whole: string, keys: string | undefined, name: string | undefined, at: number) =>
    name === undefined ? whole : (replace(name, { isKeys: keys !== undefined, at, end: at + whole.length }) ?? whole),
  );
}

/** What stands for a name that is not public, or for the names of its members. */
function meaningOf(inside: Declaration, isKeys: boolean, source: Source): string {
  const { name, kind, text } = inside;
  if (isKeys)
    return membersOf(text)
      .map((member) => `'${memberName(member)}'`)
      .join(' | ');
  if (kind === 'type') return /= ([\s\S]*);$/.exec(spelledOut(inside, source))![1]!;
  if (kind === 'interface') return /\{[\s\S]*/.exec(spelledOut(inside, source))![0];
  return /^const \w+: typeof ([\w.]+);$/.exec(text)?.[1] ?? name;
}

/** What a file means by a name: a declaration of its own, or of the file that it imports it from. */
function seenFrom(file: string, name: string, source: Source): Declaration | undefined {
  const [, path] =
    new RegExp(`^import (?:type )?\\{[^}]*\\b${name}\\b[^}]*\\} from '(\\.[^']+)\\.js'`, 'm').exec(source.read(file)) ??
    [];
  return declarationOf(name, path === undefined ? file : posix.join(posix.dirname(file), path), source);
}

/** The members of a declaration, each with its docstring. */
function membersOf(text: string): string[] {
  return text.slice(text.indexOf('{\n') + 2).match(/(?: {4}.*\n)*? {4}\S.*;\n/g) ?? [];
}

/** Where the declaration that begins at `start` ends: at the semicolon or the brace that closes it. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    if (text.startsWith('/*', i)) i = text.indexOf('*/', i) + 1;
    else if ('{[('.includes(text[i]!)) depth++;
    else if ('}])'.includes(text[i]!)) {
      depth--;
      if (depth === 0 && text[i] === '}' && text[i + 1] === '\n' && /^\S/.test(text.slice(i + 2) || 'end'))
        return i + 1;
    } else if (text[i] === ';' && depth === 0) return i + 1;
  }
  return text.length;
}
