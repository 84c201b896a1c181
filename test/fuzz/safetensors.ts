// Mutated safetensors files: reading one gives arrays, or a FormatError; what it gives is written so that it reads the same.

import type { Safetensors } from '../../src/index.js';
import { Finding, type Target, type World } from './harness.js';
import { library } from './library.js';
import { corpus, mutated, mutatedHeader } from './mutate.js';
import { count } from './plain.js';
import type { Random } from './random.js';

export const safetensorsTarget: Target = {
  name: 'safetensors',
  runs: 50_000,
  quick: 2000,
  together: 1000,
  patience: 30,
  open: () => new Files(),
};

const files = ['model', 'double', 'checkpoint'].map((name) => corpus(`${name}.safetensors`));
const small = [
  library.formatSafetensors({}, {}),
  library.formatSafetensors({ a: { dtype: 'int32', shape: [2], data: Int32Array.of(1, -2) } }, { key: 'value' }),
  library.formatSafetensors({
    a: { dtype: 'float32', shape: [], data: Float32Array.of(1) },
    b: { dtype: 'float64', shape: [0, 3], data: new Float64Array() },
  }),
];

/** A mutated file. */
export function mutatedFile(random: Random): Uint8Array<ArrayBuffer> {
  const all = random.chance(0.6) ? small : files;
  const file = random.pick(all);
  return random.chance(0.6) ? mutatedHeader(file, random) : mutated(file, random, all);
}

/** A file as text that makes it again. */
export function fileText(bytes: Uint8Array): string {
  return `Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')`;
}

/** What is wrong with an error of a file; undefined for a FormatError on one line. */
export function notOfFormat(error: unknown): string | undefined {
  if (!(error instanceof library.FormatError)) return `throws ${error}`.slice(0, 120);
  if (!/\bexpected\b/.test(error.message)) return `says not what was expected: ${error.message}`.slice(0, 120);
  return /[\p{Cc}\u2028\u2029]/u.test(error.message) ? 'has control characters in its message' : undefined;
}

class Files implements World {
  run(random: Random): void {
    const bytes = mutatedFile(random);
    const wrong = (what: string) => new Finding(what, `parseSafetensors(${fileText(bytes)}, 'file')`);
    let parsed: Safetensors;
    try {
      parsed = library.parseSafetensors(bytes, 'file');
    } catch (error) {
      const what = notOfFormat(error);
      if (what !== undefined) throw wrong(what);
      return;
    }
    for (const { dtype, shape, data } of parsed.tensors.values()) {
      const kind = { float32: Float32Array, float64: Float64Array, int32: Int32Array }[dtype];
      if (!(data instanceof kind)) throw wrong(`gives ${dtype} in another array`);
      if (data.length !== count(shape)) throw wrong('gives another number of values than its shape says');
    }
    try {
      const again = library.parseSafetensors(library.formatSafetensors(parsed.tensors, parsed.metadata), 'again');
      if (content(again) !== content(parsed)) throw wrong('reads otherwise after it is written');
    } catch (error) {
      throw error instanceof Finding ? error : wrong(`can't be written and read again: ${error}`.slice(0, 120));
    }
  }
}

/** Everything that a file holds, as text. */
function content({ tensors, metadata }: ReturnType<typeof library.parseSafetensors>): string {
  const parts = [...tensors].map(([name, { dtype, shape, data }]) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    return JSON.stringify([name, dtype, shape, bytes]);
  });
  return JSON.stringify([parts.sort(), Object.entries(metadata).sort()]);
}
