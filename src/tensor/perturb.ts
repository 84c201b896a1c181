// Rounding made visible: while it is on, every result of an operation is changed by as much as float32 could have rounded it, at
// random, so that the spread of a few runs tells how far rounding can carry a result (Monte Carlo arithmetic).

import type { StridedArray } from './arrays/strided.js';

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
  return state === 0 || array.dtype === 'int32' ? array : perturb(array.clone());
}

/** Perturbs a new result in place, while results are perturbed. A view of one of `inputs` is none. */
export function perturbResult(out: StridedArray, inputs: readonly { readonly array: StridedArray }[]): void {
  if (state === 0 || out.dtype === 'int32' || inputs.some(({ array }) => array.sharesMemoryWith(out))) return;
  perturb(out);
}

function perturb(array: StridedArray): StridedArray {
  const elements = array.elements();
  let random = state;
  for (let i = 0; i < elements.length; i++) {
    // Each number of 32 bits serves twice, its lower half the second time.
    if (i % 2 === 0) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
    }
    elements[i]! *= 1 + (i % 2 === 0 ? random : random << 16) * 2 ** -31 * unit;
  }
  state = random;
  return array;
}
