// Matrix products and their gradients.

import * as arrays from '../arrays/matmul.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** a @ b for [m, k] and [k, n]; a vector counts as a row on the left and as a column on the right. */
export function matmul(a: Operand, b: Operand): Operand {
  const [aShape, bShape] = [a.array.shape, b.array.shape];
  const rows = aShape.length === 1 ? [1, ...aShape] : aShape;
  const columns = bShape.length === 1 ? [...bShape, 1] : bShape;
  return operate('matmul', [a, b], () => {
    const out = arrays.matmul(reshaped(a.array, rows), reshaped(b.array, columns));
    return {
      out: out.view([...aShape.slice(0, -1), ...bShape.slice(1)]),
      backward: (save, [needsA, needsB]) => {
        const left = needsB ? save(a.array) : null;
        const right = needsA ? save(b.array) : null;
        return (given) => {
          const dout = reshaped(given, out.shape);
          return [
            right && arrays.matmul(dout, reshaped(right, columns).transpose(0, 1)).view(aShape),
            left && arrays.matmul(reshaped(left, rows).transpose(0, 1), dout).view(bShape),
          ];
        };
      },
    };
  });
}

function reshaped(array: StridedArray, shape: readonly number[]): StridedArray {
  return array.shape.length === shape.length ? array : array.contiguous().view(shape);
}
