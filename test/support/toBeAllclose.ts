// expect(received).toBeAllclose(reference, { rtol, atol })

import { expect } from 'vitest';
import type { NdArray } from '../../src/base/ndarray.js';
import { showShape } from '../../src/base/shape.js';
import { checkedPair, isClose, type Tolerance } from '../../src/compare/allclose.js';
import { indexOf } from '../../src/compare/compare.js';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration it is merged with has this parameter.
  interface Matchers<T = any> {
    /** Every element of an array is close to that of `reference`, as `allclose` finds it. */
    toBeAllclose(reference: NdArray, tolerance?: Tolerance): T;
  }
}

expect.extend({
  toBeAllclose(received: NdArray, reference: NdArray, tolerance: Tolerance = {}) {
    const pair = checkedPair('received', received, 'reference', reference);
    const close = isClose(pair.dtype, tolerance);
    const apart: number[] = [];
    pair.data.forEach((value, i) => {
      if (!close(value, pair.reference[i]!)) apart.push(i);
    });
    const { rtol = 1e-5, atol = 1e-8 } = tolerance;
    const excess = (i: number) => {
      const reference = pair.reference[i]!;
      const ratio = Math.abs(pair.data[i]! - reference) / (atol + rtol * Math.abs(reference));
      return Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio;
    };
    const worst = apart.reduce((worst, i) => (excess(i) > excess(worst) ? i : worst), apart[0] ?? 0);
    const message = () =>
      apart.length === 0
        ? `expected an array that is not close to the reference (rtol ${rtol}, atol ${atol})`
        : `expected all ${pair.data.length} elements of ${showShape(pair.shape)} to be close (rtol ${rtol}, atol ${atol}), ` +
          `${apart.length} are not; worst at ${showShape(indexOf(worst, pair.shape))}: ` +
          `expected ${pair.reference[worst]}, got ${pair.data[worst]}`;
    return { pass: apart.length === 0, message };
  },
});
