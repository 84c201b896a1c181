// Tensors for tests: a handle, numbers to fill them with, and what a test must give back.

import { expect } from 'vitest';
import type { FloatDType } from '../../src/base/ndarray.js';
import { type Handgrad, init } from '../../src/handgrad.js';
import type { Tensor } from '../../src/tensor/tensor.js';

export const hg: Handgrad = await init();

/** A leaf of `shape`, float64 by default, with numbers from -2 to 2 that are exact in float32, the same for the same seed. */
export function leaf(shape: readonly number[], seed = 1, dtype: FloatDType = 'float64'): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Array.from({ length: count }, (_, i) => (((i + 1) * (2 * seed + 101) * 7919) % 257) / 64 - 2);
  return hg.tensor(data, { shape, dtype, requiresGrad: true, name: `leaf${seed}` });
}

/** Runs `body`, which must leave as many bytes in use as there were. */
export function expectNoLeak(body: () => void): void {
  const before = hg.usedBytes;
  body();
  expect(hg.usedBytes).toBe(before);
}
