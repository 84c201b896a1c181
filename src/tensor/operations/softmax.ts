// Softmax and its gradient.

import * as arrays from '../arrays/softmax.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** Softmax along an axis. */
export function softmax(a: Operand, axis: number): Operand {
  const lastToAxis = (array: StridedArray) => array.transpose(axis, array.shape.length - 1);
  return operate('softmax', [a], () => {
    const out = arrays.softmax(lastToAxis(a.array));
    return {
      out: lastToAxis(out).contiguous(),
      backward: (save) => {
        const probs = save(out);
        return (dout) => [lastToAxis(arrays.softmaxBackward(probs, lastToAxis(dout)))];
      },
    };
  });
}
