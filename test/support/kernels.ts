// Kernels called on arrays, in every build and for every floating-point type.

import { describe, test } from 'vitest';
import type { Floats } from '../../reference/naive.js';
import type { FloatDType, TypedArray } from '../../src/base/ndarray.js';
import { Core } from '../../src/core/core.js';
import type { Kernels } from '../../src/core/exports.js';
import type { Build } from '../../src/core/module.js';
import { builds } from './builds.js';

/** Row lengths on both sides of multiples of the vectors, tiles and unrolled loops; 27 and 30 are the model's V and T·E. */
export const widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 27, 30, 31, 33, 63, 64, 65, 67, 130];

export const specials = [0, -0, 1, -1, 1e-40, -1e-40, 3e38, -3e38, Infinity, -Infinity, NaN];

/** A build and a dtype to test in. */
export interface Setting {
  core: Core;
  build: Build;
  dtype: FloatDType;
  kernels: Kernels;
  /** Distance from 1 to the next number of the dtype. */
  eps: number;
  zeros(count: number): Floats;
  from(values: Iterable<number>): Floats;
  /** `count` numbers in [-2, 2), the same for the same seed. */
  numbers(count: number, seed: number): Floats;
}

const cores = new Map<Build, Core>();
for (const { build, skipped } of builds) if (!skipped) cores.set(build, await Core.create({ build }));

/** Describes `name` for each build that the engine runs, and each dtype. */
export function describeKernels(name: string, body: (setting: Setting) => void): void {
  for (const { build, label } of builds) {
    const core = cores.get(build);
    if (core === undefined) test.skip(`${name}, ${label}`);
    else {
      for (const dtype of ['float32', 'float64'] as const) {
        describe(`${name}, ${label}, ${dtype}`, () => body(setting(core, build, dtype)));
      }
    }
  }
}

function setting(core: Core, build: Build, dtype: FloatDType): Setting {
  const type = dtype === 'float32' ? Float32Array : Float64Array;
  return {
    core,
    build,
    dtype,
    kernels: core.kernels[dtype],
    eps: dtype === 'float32' ? 2 ** -23 : 2 ** -52,
    zeros: (count) => new type(count),
    from: (values) => new type(values),
    numbers(count, seed) {
      let state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
      return new type(count).map(() => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 30 - 2;
      });
    },
  };
}

const fence = 48;
const canary = 0xff;

type Arrays = Record<string, TypedArray>;
type Pointers<Names extends string> = Record<Names, number>;

/**
 * `outs` after `run`, which is given every array's address. Each array stands between fences of NaN; a fence or one of the `ins`
 * that has changed is an error, and so are other bits when it is run again, at addresses that are no multiple of the vector.
 */
export function call<Outs extends Arrays, Ins extends Arrays>(
  core: Core,
  outs: Outs,
  ins: Ins,
  run: (pointers: Pointers<(keyof Outs | keyof Ins) & string>) => void,
): Outs {
  const first = callOnce(core, outs, ins, run, 0);
  const again = callOnce(core, outs, ins, run, 8);
  for (const name in outs) {
    if (!sameBytes(first[name]!, again[name]!)) throw new Error(`${name}: other bits in the second run`);
  }
  return first;
}

function callOnce<Outs extends Arrays, Ins extends Arrays>(
  core: Core,
  outs: Outs,
  ins: Ins,
  run: (pointers: Pointers<(keyof Outs | keyof Ins) & string>) => void,
  shift: number,
): Outs {
  const arrays = { ...outs, ...ins };
  const pointers: Record<string, number> = {};
  let bytes = fence + shift;
  for (const [name, array] of Object.entries(arrays)) {
    pointers[name] = bytes;
    bytes += array.byteLength + fence;
    bytes += -(bytes - shift) & 15;
  }
  return core.scratch(bytes, (block) => {
    const memory = new Uint8Array(core.memory.wasm.buffer, block, bytes).fill(canary);
    for (const [name, array] of Object.entries(arrays)) memory.set(bytesOf(array), pointers[name]);
    for (const name in pointers) pointers[name]! += block;
    run(pointers as Pointers<(keyof Outs | keyof Ins) & string>);
    const expected = new Uint8Array(bytes).fill(canary);
    for (const [name, array] of Object.entries(ins)) expected.set(bytesOf(array), pointers[name]! - block);
    const results = {} as Outs;
    for (const name in outs) {
      const array = outs[name]!.slice() as Outs[typeof name];
      const start = pointers[name]! - block;
      bytesOf(array).set(memory.subarray(start, start + array.byteLength));
      expected.set(bytesOf(array), start);
      results[name] = array;
    }
    const changed = memory.findIndex((byte, i) => byte !== expected[i]);
    if (changed >= 0) throw new Error(`byte ${changed} of ${bytes} outside the outputs was changed`);
    return results;
  });
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function sameBytes(a: TypedArray, b: TypedArray): boolean {
  const other = bytesOf(b);
  return bytesOf(a).every((byte, i) => byte === other[i]);
}

/**
 * Throws unless |got - want| <= bound(i) everywhere; a NaN or infinity needs the same one. Without `bound`, the numbers must be
 * the same, the signs of zeros too.
 */
export function expectWithin(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  bound?: (i: number) => number,
  what = '',
): void {
  if (got.length !== want.length) throw new Error(`${what}: expected ${want.length} elements, got ${got.length}`);
  for (let i = 0; i < want.length; i++) {
    const [x, y] = [got[i]!, want[i]!];
    if (Object.is(x, y)) continue;
    if (bound !== undefined && Number.isFinite(x) && Number.isFinite(y) && Math.abs(x - y) <= bound(i)) continue;
    const allowed = bound === undefined ? 'exactly' : `within ${bound(i)}`;
    throw new Error(`${what}[${i}]: expected ${y} ${allowed}, got ${x}, ${Math.abs(x - y)} away`);
  }
}
