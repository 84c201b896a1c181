// Operations of several steps in one, and their gradients.

import * as arrays from '../arrays/fused.js';
import type { StridedArray } from '../arrays/strided.js';
import { type Operand, operate } from '../operate.js';

/** Softmax along an axis. */
export function softmax(a: Operand, axis: number): Operand {
  const lastToAxis = (array: StridedArray) => array.transpose(axis, array.shape.length - 1);
  return operate('softmax', [a], () => {
    const out = arrays.softmax(lastToAxis(a.array));
    return {
      out: lastToAxis(out).contiguous(),
      gradients: (save) => {
        const probs = save(out);
        return [(dout) => lastToAxis(arrays.softmaxBackward(probs, lastToAxis(dout)))];
      },
    };
  });
}

/** The mean cross-entropy of logits [n, classes] with target classes (int32 [n]). */
export function crossEntropy(logits: Operand, targets: Operand): Operand {
  return operate('crossEntropy', [logits], () => {
    const forward = arrays.crossEntropy(logits.array, targets.array);
    return {
      out: forward.loss,
      gradients: (save) => {
        const [probs, classes] = [save(forward.probs), save(forward.targets)];
        return [(dout) => arrays.crossEntropyBackward(probs, classes, dout)];
      },
    };
  });
}

/** Batch norm of x [n, features], with Bessel's correction. */
export function batchNorm(x: Operand, gain: Operand, bias: Operand, eps: number): Operand {
  return operate('batchNorm', [x, gain, bias], () => {
    const forward = arrays.batchNorm(x.array, gain.array, bias.array, eps);
    return {
      out: forward.out,
      gradients: (save) => {
        const [raw, inv, scale] = [save(forward.raw), save(forward.inv), save(forward.gain)];
        const all = memoized((dout) => arrays.batchNormBackward(raw, inv, scale, dout));
        return [
          (dout) => all(dout).dx,
          (dout) => all(dout).dgain.view(gain.array.shape),
          (dout) => all(dout).dbias.view(bias.array.shape),
        ];
      },
    };
  });
}

/** `compute`, run once for calls in a row with the same array, while its result is in memory. */
function memoized<Result extends { dx: StridedArray }>(
  compute: (dout: StridedArray) => Result,
): (dout: StridedArray) => Result {
  let last: { dout: StridedArray; result: Result } | undefined;
  return (dout) => {
    if (last === undefined || last.dout !== dout || last.result.dx.released) last = { dout, result: compute(dout) };
    return last.result;
  };
}
