// Rounding made visible: while it is on, every result of an operation is changed by as much as float32 could have rounded it, at
// random, so that the spread of a few runs tells how far rounding can carry a result (Monte Carlo arithmetic).

import type { TypedArray } from '../base/ndarray.js';
import { StridedArray } from './arrays/strided.js';

/** Half a unit in the last place of float32, relative. */
const unit = 2 ** -24;

/** The state of xorshift32; 0 while nothing is perturbed. */
let state = 0;

/** What `run` returns, every result in it perturbed; the same for the same `seed`, an integer above 0. */
export function perturbing<Result>(seed: number, run: () => Result): Result {
  const before = state;
  // Spread over all bits: small seeds begin with small numbers.
  state = Math.imul(seed, 0x9e3779b9) | 1;
  try {
    return run();
  } finally {
    state = before;
  }
}

/** `array`, or while results are perturbed, a perturbed copy of it. */
export function perturbedCopy(array: StridedArray): StridedArray {
  if (state === 0 || array.dtype === 'int32') return array;
  const copy = StridedArray.allocate(array.core, array.dtype, array.shape);
  perturb(array.contiguous().elements(), copy.elements());
  return copy;
}

/** Perturbs a new result in place, while results are perturbed. A view of one of `inputs` is none. */
export function perturbResult(out: StridedArray, inputs: readonly { readonly array: StridedArray }[]): void {
  if (state === 0 || out.dtype === 'int32' || inputs.some(({ array }) => array.sharesMemoryWith(out))) return;
  perturb(out.elements(), out.elements());
}

/** Writes `values`, perturbed, to `to`, which may be the same. */
function perturb(values: TypedArray, to: TypedArray): void {
  const { length } = values;
  const scale = 2 ** -31 * unit;
  let random = state;
  for (let i = 0; i < length; i += 2) {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    to[i] = values[i]! * (1 + random * scale);
    // Each number of 32 bits serves twice, its lower half the second time.
    if (i + 1 < length) to[i + 1] = values[i + 1]! * (1 + (random << 16) * scale);
  }
  state = random;
}
