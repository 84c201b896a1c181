// Matrix products, choices by index, and their gradients.

import { gather, scatterAdd, select } from '../arrays/indexing.js';
import { matmul as product } from '../arrays/matmul.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** a @ b for [m, k] and [k, n]; a vector counts as a row on the left and as a column on the right. */
export function matmul(a: Operand, b: Operand): Operand {
  const [aShape, bShape] = [a.array.shape, b.array.shape];
  const rows = aShape.length === 1 ? [1, ...aShape] : aShape;
  const columns = bShape.length === 1 ? [...bShape, 1] : bShape;
  return operate('matmul', [a, b], () => {
    const out = product(reshaped(a.array, rows), reshaped(b.array, columns));
    return {
      out: out.view([...aShape.slice(0, -1), ...bShape.slice(1)]),
      gradients: (save) => {
        const left = b.node === null ? a.array : save(a.array);
        const right = a.node === null ? b.array : save(b.array);
        return [
          (dout) => product(reshaped(dout, out.shape), reshaped(right, columns).transpose(0, 1)).view(aShape),
          (dout) => product(reshaped(left, rows).transpose(0, 1), reshaped(dout, out.shape)).view(bShape),
        ];
      },
    };
  });
}

function reshaped(array: StridedArray, shape: readonly number[]): StridedArray {
  return array.shape.length === shape.length ? array : array.contiguous().view(shape);
}

/** a[i] or a[i, j]; the gradient is added up in the order of the indices. */
export function index(a: Operand, indices: readonly StridedArray[]): Operand {
  const { shape } = a.array;
  return operate('index', [a], () => {
    const selection = select(a.array, indices);
    return {
      out: gather(a.array, selection),
      gradients: (save) => {
        const chosen = { ...selection, rows: save(selection.rows) };
        return [(dout) => scatterAdd(dout, chosen, shape)];
      },
    };
  });
}
