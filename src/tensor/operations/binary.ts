// Operations of two tensors element by element, and their gradients.

import { type BinaryName, binary as op } from '../arrays/binary.js';
import { sumTo } from '../arrays/reduce.js';
import type { StridedArray } from '../arrays/strided.js';
import { unary } from '../arrays/unary.js';
import { type Operand, operate } from '../operate.js';

type Side = (dout: StridedArray, a: StridedArray, b: StridedArray | number) => StridedArray;

/** Gradients at the two sides of a op b, before the broadcast is undone. */
const gradients: Record<BinaryName, readonly [Side, Side]> = {
  add: [(dout) => dout, (dout) => dout],
  sub: [(dout) => dout, (dout) => unary('neg', dout)],
  mul: [(dout, _, b) => op('mul', dout, b), (dout, a) => op('mul', dout, a)],
  div: [
    (dout, _, b) => op('div', dout, b),
    (dout, a, b) => op('mul', unary('neg', dout), op('div', op('div', a, b), b)),
  ],
};

/** a op b, broadcast. */
export function binary(name: BinaryName, a: Operand, b: Operand | number): Operand {
  const inputs = typeof b === 'number' ? [a] : [a, b];
  return operate(name, inputs, () => ({
    out: op(name, a.array, typeof b === 'number' ? b : b.array),
    scalar: typeof b === 'number' ? b : undefined,
    backward: (save, needs) => {
      const shapes = inputs.map(({ array }) => array.shape);
      const isProduct = name === 'mul' || name === 'div';
      // The gradient at b reads a; the one at a reads b, as that of a quotient does at both.
      const left = isProduct && needs[1] ? save(a.array) : a.array;
      const readsRight = isProduct && (needs[0] || name === 'div');
      const right = typeof b === 'number' ? b : readsRight ? save(b.array) : b.array;
      return (dout) =>
        shapes.map((shape, i) => (needs[i] ? sumTo(gradients[name][i]!(dout, left, right), shape) : null));
    },
  }));
}
