// Elementwise operations and their gradients.

import { type BinaryName, binary, pow as powOf, tanhBackward, type UnaryName, unary } from '../arrays/elementwise.js';
import { sumTo } from '../arrays/reduce.js';
import type { StridedArray } from '../arrays/strided.js';
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

/** Gradient of op a, given its output too. */
const unaryGradients: Record<UnaryName, (a: StridedArray, out: StridedArray) => GradientOf> = {
  neg: () => (dout) => unary('neg', dout),
  exp: (_, out) => (dout) => binary('mul', dout, out),
  log: (a) => (dout) => binary('div', dout, a),
  tanh: (_, out) => (dout) => tanhBackward(out, dout),
  sqrt: (_, out) => (dout) => binary('div', dout, binary('mul', out, 2)),
};

const readsNothing = new Set<BinaryName | UnaryName>(['add', 'sub', 'neg']);

/** a op b, broadcast. */
export function elementwise(name: BinaryName, a: Operand, b: Operand | number): Operand {
  const inputs = typeof b === 'number' ? [a] : [a, b];
  return operate(name, inputs, () => ({
    out: binary(name, a.array, typeof b === 'number' ? b : b.array),
    gradients: (save) => {
      const keep = readsNothing.has(name) ? (array: StridedArray) => array : save;
      const functions = binaryGradients[name](keep(a.array), typeof b === 'number' ? b : keep(b.array));
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
    const gradients = (save: (array: StridedArray) => StridedArray) => {
      const keep = readsNothing.has(name) ? (array: StridedArray) => array : save;
      return [unaryGradients[name](keep(a.array), keep(out))];
    };
    return { out, gradients };
  });
}

/** a to a scalar power. */
export function pow(a: Operand, exponent: number): Operand {
  return operate('pow', [a], () => ({
    out: powOf(a.array, exponent),
    gradients: (save) => {
      const base = save(a.array);
      if (exponent === 0) return [(dout) => binary('mul', dout, 0)];
      return [(dout) => binary('mul', dout, binary('mul', powOf(base, exponent - 1), exponent))];
    },
  }));
}
