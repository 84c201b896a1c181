// A module's text as the parser of its editor sees it: which libraries it names, and where it can't be read.

import { javascriptLanguage } from '@codemirror/lang-javascript';
import type { Piece } from './sandbox/protocol.js';

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
  for (const { begin, end, isDynamic } of importedNames(code)) {
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
    pieces.push(code.slice(from, begin), { library: name });
    from = end;
  }
  return [...pieces, code.slice(from)];
}

/** The first line, from 1, that the parser can make nothing of; null where there is none. */
export function lineOfSyntaxError(code: string): number | null {
  let at = -1;
  javascriptLanguage.parser.parse(code).iterate({
    enter(node) {
      if (at < 0 && node.type.isError) at = node.from;
      return at < 0;
    },
  });
  return at < 0 ? null : lineOf(code, at);
}

function importedNames(code: string): { begin: number; end: number; isDynamic: boolean }[] {
  const found: { begin: number; end: number; isDynamic: boolean }[] = [];
  javascriptLanguage.parser.parse(code).iterate({
    enter({ name, node, from: begin, to: end }) {
      if (name !== 'String') return;
      const isDynamic = node.parent?.name === 'DynamicImport';
      if (isDynamic || ['from', 'import'].includes(node.prevSibling?.name ?? '')) found.push({ begin, end, isDynamic });
    },
  });
  return found;
}

const lineOf = (code: string, place: number) => code.slice(0, place).split(/\r\n|\r|\n/).length;
