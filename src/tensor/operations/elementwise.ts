// Elementwise operations and their gradients.

import { type BinaryName, binary, pow as powOf, tanhBackward, type UnaryName, unary } from '../arrays/elementwise.js';
import { sumTo } from '../arrays/reduce.js';
import { StridedArray } from '../arrays/strided.js';
import { type GradientOf, type Operand, operate } from '../operate.js';

/** Gradients of the two sides of a op b, before the broadcast is undone. */
const binaryGradients: Record<BinaryName, (a: StridedArray, b: StridedArray | number) => [GradientOf, GradientOf]> = {
  add: () => [(dout) => dout, (dout) => dout],
  sub: () => [(dout) => dout, (dout) => unary('neg', dout)],
  mul: (a, b) => [(dout) => binary('mul', dout, b), (dout) => binary('mul', dout, a)],
  div: (a, b) => [
    (dout) => binary('div', dout, b),
    (dout) => binary('mul', unary('neg', dout), binary('div', binary('div', a, b), b)),
  ],
};

type SavedUnary = Exclude<UnaryName, 'neg'>;

/** Gradient of op a, given its output or, of log, its argument. */
const unaryGradients: Record<SavedUnary, (saved: StridedArray) => GradientOf> = {
  exp: (out) => (dout) => binary('mul', dout, out),
  log: (a) => (dout) => binary('div', dout, a),
  tanh: (out) => (dout) => tanhBackward(out, dout),
  sqrt: (out) => (dout) => binary('div', dout, binary('mul', out, 2)),
};

const requiresGrad = (operand: Operand | number) => typeof operand !== 'number' && operand.node !== null;

/** a op b, broadcast. */
export function elementwise(name: BinaryName, a: Operand, b: Operand | number): Operand {
  const inputs = typeof b === 'number' ? [a] : [a, b];
  return operate(name, inputs, () => ({
    out: binary(name, a.array, typeof b === 'number' ? b : b.array),
    gradients: (save) => {
      const isProduct = name === 'mul' || name === 'div';
      // The gradient at b reads a; the one at a reads b, as that of a quotient does at both.
      const left = isProduct && requiresGrad(b) ? save(a.array) : a.array;
      const readsRight = isProduct && (requiresGrad(a) || name === 'div');
      const right = typeof b === 'number' ? b : readsRight ? save(b.array) : b.array;
      const functions = binaryGradients[name](left, right);
      return inputs.map(
        ({ array: { shape } }, i) =>
          (dout) =>
            sumTo(functions[i]!(dout), shape),
      );
    },
  }));
}

/** op a. */
export function map(name: UnaryName, a: Operand): Operand {
  return operate(name, [a], () => {
    const out = unary(name, a.array);
    return {
      out,
      gradients: (save) =>
        name === 'neg' ? [(dout) => unary('neg', dout)] : [unaryGradients[name](save(name === 'log' ? a.array : out))],
    };
  });
}

/** a to a scalar power. */
export function pow(a: Operand, exponent: number): Operand {
  return operate('pow', [a], () => ({
    out: powOf(a.array, exponent),
    gradients: (save) => {
      if (exponent === 0) return [(dout) => StridedArray.full(dout.core, dout.dtype, dout.shape, 0)];
      const base = save(a.array);
      return [(dout) => binary('mul', dout, binary('mul', powOf(base, exponent - 1), exponent))];
    },
  }));
}
