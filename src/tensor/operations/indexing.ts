// Choices by index and their gradient.

import { gather, scatterAdd, select } from '../arrays/indexing.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** a[i] or a[i, j]; the gradient is added up in the order of the indices. */
export function index(a: Operand, indices: readonly StridedArray[]): Operand {
  const { shape } = a.array;
  return operate('index', [a], () => {
    const selection = select(a.array, indices);
    return {
      out: gather(a.array, selection),
      backward: (save) => {
        const chosen = { ...selection, rows: save(selection.rows) };
        return (dout) => [scatterAdd(dout, chosen, shape)];
      },
    };
  });
}
