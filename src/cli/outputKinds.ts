// What an output may replace: an earlier one of its kind, which is known by how it begins, and nothing else.

import { promises } from 'node:fs';
import { extname } from 'node:path';
import { FileError } from '../index.js';

/** What a command writes. */
export type OutputKind = 'report' | 'curve' | 'tensors';

interface Kind {
  readonly what: string;
  readonly endings: readonly string[];
  readonly begins: RegExp;
}

const kinds: Readonly<Record<OutputKind, Kind>> = {
  report: { what: 'a report', endings: ['.html', '.htm'], begins: /^<!doctype html>[\s\S]*· handgrad<\/title>/ },
  curve: {
    what: 'a curve',
    endings: ['.svg'],
    begins: /^<svg [^>]*>\n<title>[^<]*<\/title>\n<style>svg,\.hg-pictures/,
  },
  // Eight bytes hold the length of the header, which is JSON.
  tensors: {
    what: 'tensors',
    endings: ['.safetensors'],
    begins: /^[\s\S]{1,8}\{"__metadata__":[\s\S]*("handgrad-model-1"|"build":)/,
  },
};

/** Endings of what no command writes. */
const foreign = /^\.([cm]?[jt]sx?|py|ipynb|json|txt|md|wasm)$/;

/** As many bytes of a file as tell what it is. */
const telling = 2 ** 16;

/** Throws FileError for a name that ends as something else does. */
export function expectEnding(path: string, kind: OutputKind): void {
  const ending = extname(path).toLowerCase();
  const { endings } = kinds[kind];
  const isForeign = foreign.test(ending) || Object.values(kinds).some((other) => other.endings.includes(ending));
  if (!isForeign || endings.includes(ending)) return;
  throw new FileError(`${path}: expected a name that ends in ${endings[0]}, got one that ends in ${ending}`);
}

/** Throws FileError where there is a file that is neither empty nor an earlier output of this kind. */
export async function expectReplaceable(path: string, kind: OutputKind): Promise<void> {
  const start = await beginningOf(path);
  const { begins, what } = kinds[kind];
  if (start === '' || begins.test(start)) return;
  throw new FileError(
    `${path}: expected a name that is free, or that of ${what} that handgrad wrote, got another file`,
  );
}

/** The first bytes of a file as text; empty where there is none. */
async function beginningOf(path: string): Promise<string> {
  const file = await promises.open(path).catch((error) => {
    if (error.code !== 'ENOENT') throw new FileError(`${path}: expected a file that can be read, got ${error.message}`);
  });
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(telling), 0, telling, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
