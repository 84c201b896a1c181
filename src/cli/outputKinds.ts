// What an output may be called: not as a source is, nor as an output of another kind.

import { extname } from 'node:path';
import { FileError } from '../index.js';

/** What a command writes. */
export type OutputKind = 'report' | 'curve' | 'tensors';

const endings: Readonly<Record<OutputKind, readonly string[]>> = {
  report: ['.html', '.htm'],
  curve: ['.svg'],
  tensors: ['.safetensors'],
};

/** Endings of what no command writes. */
const foreign = /^\.([cm]?[jt]sx?|py|ipynb|json|txt|md|wasm)$/;

/** Throws FileError for a name that ends as something else does, which it would replace. */
export function expectEnding(path: string, kind: OutputKind): void {
  const ending = extname(path).toLowerCase();
  const own = endings[kind];
  const isForeign = foreign.test(ending) || Object.values(endings).some((others) => others.includes(ending));
  if (!isForeign || own.includes(ending)) return;
  throw new FileError(`${path}: expected a name that ends in ${own[0]}, got one that ends in ${ending}`);
}
