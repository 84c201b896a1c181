// The library under test: the build in dist/, or the copy of it that HANDGRAD_LIBRARY names.

import { readFileSync } from 'node:fs';
import type * as Api from '../../src/index.js';
import type * as Lesson from '../../src/lesson.js';
import type * as Proofs from '../../src/proof.js';

const built = new URL('../../dist/index.js', import.meta.url).href;

const used = process.env.HANDGRAD_LIBRARY ?? built;

/** Its entries handgrad and handgrad/proof. */
export const library: typeof Api & typeof Proofs = {
  ...(await import(/* @vite-ignore */ used)),
  ...(await import(/* @vite-ignore */ new URL('proof.js', used).href)),
};

/** Its entry handgrad/lesson. */
export const lesson: typeof Lesson = await import(/* @vite-ignore */ new URL('lesson.js', used).href);

/** The module, compiled once, so that a new core takes a millisecond. */
export const wasm = await WebAssembly.compile(readFileSync(new URL('../../build/core.wasm', import.meta.url)));

/** Memory of a core under test: little, so that what is too much is refused at once. */
const maximumPages = 256;

/** A new core. */
export function newHandle(): Promise<Api.Handgrad> {
  return library.create({ wasm, memory: { maximumPages } });
}
