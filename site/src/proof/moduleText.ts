// A module's text as the parser of its editor sees it: which libraries it names, and where it can't be read.

import { javascriptLanguage, typescriptLanguage } from '@codemirror/lang-javascript';
import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import type { Imported, Piece } from './sandbox/protocol.js';

const libraries = ['handgrad', 'handgrad/kernels', 'handgrad/proof'];

/** A module that can't be run here: the `line`, from 1, says why. */
export class ModuleTextError extends Error {
  constructor(
    message: string,
    readonly line: number,
  ) {
    super(message);
  }
}

/** The text, cut where it imports a library. Throws ModuleTextError where it imports anything else by name. */
export function piecesOf(code: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { begin, end, isDynamic, names } of importsOf(code)) {
    const name = code.slice(begin + 1, end - 1);
    if (!libraries.includes(name)) {
      // Whatever a call asks for, the policy of the sandbox answers.
      if (isDynamic) continue;
      const expected = libraries.map((library) => `'${library}'`).join(' or ');
      throw new ModuleTextError(
        `import: expected ${expected}, for there are no others here, got ${code.slice(begin, end)}`,
        lineOf(code, begin),
      );
    }
    pieces.push(code.slice(from, begin), { library: name, names });
    from = end;
  }
  return [...pieces, code.slice(from)];
}

/** The first line, from 1, that the parser can make nothing of; null where there is none. */
export const lineOfSyntaxError = (code: string): number | null =>
  lineOfFirst(code, javascriptLanguage, ({ type }) => type.isError);

/** The first line, from 1, of a module with a syntax error that is TypeScript; null where it is none. */
export function lineOfTypeScript(code: string): number | null {
  if (lineOfFirst(code, typescriptLanguage, ({ type }) => type.isError) !== null) return null;
  return lineOfSyntaxError(code) ?? lineOfFirst(code, typescriptLanguage, isOfTypeScript);
}

const isOfTypeScript = ({ name, node }: SyntaxNodeRef): boolean =>
  /^(Type|Interface|Enum|Namespace|Ambient|Privacy)/.test(name) ||
  (['as', 'satisfies'].includes(name) && node.parent!.name === 'BinaryExpression');

function lineOfFirst(
  code: string,
  { parser }: typeof javascriptLanguage,
  isOne: (node: SyntaxNodeRef) => boolean,
): number | null {
  let at = -1;
  parser.parse(code).iterate({
    enter(node) {
      if (at < 0 && isOne(node)) at = node.from;
      return at < 0;
    },
  });
  return at < 0 ? null : lineOf(code, at);
}

interface Import {
  readonly begin: number;
  readonly end: number;
  readonly isDynamic: boolean;
  readonly names: Imported['names'];
}

function importsOf(code: string): Import[] {
  const found: Import[] = [];
  javascriptLanguage.parser.parse(code).iterate({
    enter({ name, node, from: begin, to: end }) {
      if (name !== 'String') return;
      const isDynamic = node.parent?.name === 'DynamicImport';
      if (!isDynamic && !['from', 'import'].includes(node.prevSibling?.name ?? '')) return;
      const names = isDynamic ? [] : wantedNames(node.parent!).map((one) => said(code, one));
      found.push({ begin, end, isDynamic, names });
    },
  });
  return found;
}

/** Where a declaration names what it wants of a library. */
function wantedNames(declaration: SyntaxNode): SyntaxNode[] {
  const group = declaration.getChild('ImportGroup') ?? declaration.getChild('ExportGroup');
  const isDefault = declaration.name === 'ImportDeclaration' && declaration.getChild('Star') === null;
  const whole = isDefault ? declaration.getChildren('VariableDefinition') : [];
  const named: SyntaxNode[] = [];
  for (let node = group?.firstChild ?? null; node !== null; node = node.nextSibling) {
    const isName = ['VariableName', 'VariableDefinition', 'default'].includes(node.name);
    if (isName && node.prevSibling?.name !== 'as') named.push(node);
  }
  return [...whole, ...named];
}

function said(code: string, { from, to, parent }: SyntaxNode): { name: string; line: number } {
  const isWhole = parent!.name === 'ImportDeclaration';
  return { name: isWhole ? 'default' : code.slice(from, to), line: lineOf(code, from) };
}

const lineOf = (code: string, place: number) => code.slice(0, place).split(/\r\n|\r|\n/).length;
