// Operations of one tensor element by element, and their gradients.

import { binary } from '../arrays/binary.js';
import { StridedArray } from '../arrays/strided.js';
import * as arrays from '../arrays/unary.js';
import { type Operand, operate } from '../operate.js';

type Gradient = (dout: StridedArray, saved: StridedArray) => StridedArray;

/** Gradient of op a, given its output or, of log, its argument. */
const gradients = {
  neg: (dout) => arrays.unary('neg', dout),
  exp: (dout, out) => binary('mul', dout, out),
  log: (dout, a) => binary('div', dout, a),
  tanh: (dout, out) => arrays.tanhBackward(out, dout),
  sqrt: (dout, out) => binary('div', dout, binary('mul', out, 2)),
} satisfies { [Name in arrays.UnaryKernel]?: Gradient };

export type UnaryName = keyof typeof gradients;

/** op a. */
export function unary(name: UnaryName, a: Operand): Operand {
  return operate(name, [a], () => {
    const out = arrays.unary(name, a.array);
    return {
      out,
      backward: (save) => {
        const saved = name === 'neg' ? out : save(name === 'log' ? a.array : out);
        return (dout) => [(gradients[name] as Gradient)(dout, saved)];
      },
    };
  });
}

/** a to a scalar power. */
export function pow(a: Operand, exponent: number): Operand {
  return operate('pow', [a], () => ({
    out: arrays.pow(a.array, exponent),
    scalar: exponent,
    backward: (save) => {
      if (exponent === 0) return (dout) => [StridedArray.full(dout.core, dout.dtype, dout.shape, 0)];
      const base = save(a.array);
      return (dout) => [binary('mul', dout, binary('mul', arrays.pow(base, exponent - 1), exponent))];
    },
  }));
}
