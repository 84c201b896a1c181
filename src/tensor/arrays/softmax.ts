// Softmax, forward and backward.

import { computed } from './kernel.js';
import type { StridedArray } from './strided.js';

/** Softmax along the last axis. */
export function softmax(a: StridedArray): StridedArray {
  return alongRows('softmax', a);
}

/** The gradient at a for out = softmax(a). */
export function softmaxBackward(out: StridedArray, dout: StridedArray): StridedArray {
  return alongRows('softmaxBackward', out, dout);
}

function alongRows(name: 'softmax' | 'softmaxBackward', ...inputs: [StridedArray, ...StridedArray[]]): StridedArray {
  const [{ shape, count }] = inputs;
  const n = shape.at(-1) ?? 1;
  return computed(name, [shape], inputs, count === 0 ? 0 : count / n, n)[0]!;
}
