// The reference of the public API, from the declarations that the build wrote: what its entries export, a page a room, in docs/api;
// and what `--help` prints, in docs/command-line.md. `npm run docs`

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { declarationOf, memberName, type Source, spelledOut } from './declarations.js';

const root = new URL('../', import.meta.url);

/** The entries of the package that have symbols. */
export const entries = [
  'handgrad',
  'handgrad/kernels',
  'handgrad/lesson',
  'handgrad/proof',
  'handgrad/report',
  'handgrad/vitest',
] as const;

/** What they export, each as its name and its file. */
const exported = new Set(entries.flatMap(exportsOf).map(({ name, file }) => `${name} of ${file}`));

const built: Source = {
  read: (file) => read(`dist/${file}.d.ts`),
  isPublic: ({ name, file }) => exported.has(`${name} of ${file}`),
};

/** A public symbol, as its declaration has it, with what is not public spelled out. */
export interface PublicSymbol {
  name: string;
  /** The entries that export it. */
  entries: (typeof entries)[number][];
  /** Page that it is on. */
  room: string;
  /** Its docstring, without the comment's marks; empty where it has none. */
  doc: string;
  declaration: string;
  /** Members of a class or an interface that have no docstring, and are not named in its own. */
  undocumented: string[];
}

const titles: Readonly<Record<string, string>> = {
  handgrad: 'The handle',
  tensor: 'Tensors',
  proof: 'Proofs of gradients',
  lesson: 'Cells of Python',
  html: 'Reports as pages',
  vitest: 'Matchers',
  pictures: 'Pictures',
  mlp: 'The model',
  data: 'Data',
  compare: 'Comparison',
  random: 'Random numbers',
  core: 'The core',
  base: 'Arrays, errors and formats',
};

/** Every public symbol once, in the order of its names. */
export function publicSymbols(): PublicSymbol[] {
  const found = new Map<string, PublicSymbol>();
  for (const one of entries.flatMap(symbolsOf)) {
    const key = `${one.name} of ${one.room}`;
    found.set(key, { ...one, entries: [...(found.get(key)?.entries ?? []), ...one.entries] });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function symbolsOf(entry: (typeof entries)[number]): PublicSymbol[] {
  return exportsOf(entry).map(({ name, file }) => ({ ...symbol(name, file), entries: [entry] }));
}

/** The names that an entry exports, and the files that declare them. */
function exportsOf(entry: (typeof entries)[number]): { name: string; file: string }[] {
  const own = entry.replace(/^handgrad\/?/, '') || 'index';
  const text = read(`dist/${own}.d.ts`);
  const declared = [...text.matchAll(/^export interface (\w+)/gm)].map(([, name]) => ({ name: name!, file: own }));
  const passedOn = [...text.matchAll(/export (?:type )?\{([^}]+)\} from '\.\/([^']+)\.js'/g)].flatMap(
    ([, names, file]) => {
      const all = names!.split(',').map((name) => name.replace('type ', '').trim());
      return all.filter((name) => name !== '').map((name) => ({ name, file: file! }));
    },
  );
  return [...declared, ...passedOn];
}

/** The examples of the public symbols' docstrings, with the symbol that each belongs to. */
export function examples(): { name: string; code: string }[] {
  return publicSymbols().flatMap(({ name, doc, declaration }) =>
    [...`/**\n${doc}\n*/\n${declaration}`.matchAll(/@example\s*([\s\S]*?)\n?\s*\*\//g)].map(([, text]) => ({
      name,
      code: text!.replace(/^\s*\* ?/gm, ''),
    })),
  );
}

/** The pages of docs/api by their names. */
export function pages(): Map<string, string> {
  const symbols = publicSymbols();
  const written = new Map<string, string>();
  const contents = Object.entries(titles).map(([room, about]) => {
    const own = symbols.filter((one) => one.room === room);
    const apart = new Set(own.flatMap(({ entries }) => entries.filter((entry) => entry !== 'handgrad')));
    const title = apart.size === 0 ? about : `${about}: ${[...apart].sort().join(', ')}`;
    written.set(`${room}.md`, `# ${title}\n\n${own.map(section).join('\n')}`);
    return `- [${title}](${room}.md): ${own.map(({ name }) => `\`${name}\``).join(', ')}`;
  });
  written.set('README.md', `# API\n\nWritten by \`npm run docs\` from the declarations.\n\n${contents.join('\n')}\n`);
  return written;
}

/** docs/command-line.md with the help of each command as it is now. */
function commandLine(): string {
  return read('docs/command-line.md').replace(/```text\nUsage: handgrad (\w+)[^`]*```/g, (_, command: string) => {
    const program = fileURLToPath(new URL('dist/cli/main.js', root));
    return `\`\`\`text\n${execFileSync(process.execPath, [program, command, '--help'], { encoding: 'utf8' })}\`\`\``;
  });
}

function section({ name, entries, doc, declaration }: PublicSymbol): string {
  const [text = '', ...examples] = doc.split(/^@example\s*/m);
  const shown = examples.map((example) => `\n\`\`\`ts\n${example.trim()}\n\`\`\`\n`).join('');
  const from =
    entries.join() === 'handgrad' ? '' : `Exported by ${entries.map((entry) => `\`${entry}\``).join(' and ')}.\n\n`;
  return `## ${name}\n\n${from}${text.trim()}\n${shown}\n\`\`\`ts\n${declaration}\n\`\`\`\n`;
}

function symbol(name: string, file: string): Omit<PublicSymbol, 'entries'> {
  const found = declarationOf(name, file, built);
  if (found === undefined) throw new Error(`${name}: expected a declaration in ${file}.d.ts`);
  const { doc } = found;
  const declaration = spelledOut(found, built);
  const isExplained = (member: string) => new RegExp(`\\b${member}\\b`).test(doc);
  return {
    name,
    room: file.split('/')[0]!,
    doc,
    declaration,
    undocumented: /^(?:abstract )?(?:class|interface) /.test(declaration)
      ? undocumented(declaration).filter((member) => !isExplained(member))
      : [],
  };
}

/** Members without a docstring; an overload, a setter beside its getter, a constructor and what is private needs none. */
function undocumented(declaration: string): string[] {
  const lines = declaration.split('\n');
  const documented = new Set<string>();
  const missing = new Set<string>();
  lines.forEach((line, i) => {
    const name = memberName(line);
    if (name === undefined || name === 'constructor' || name.startsWith('[')) return;
    if (lines[i - 1]?.trimEnd().endsWith('*/')) documented.add(name);
    else missing.add(name);
  });
  return [...missing].filter((name) => !documented.has(name));
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(new URL('docs/api/', root), { recursive: true });
  for (const [name, text] of pages()) writeFileSync(new URL(`docs/api/${name}`, root), text);
  writeFileSync(new URL('docs/command-line.md', root), commandLine());
}
