// Batch norm and its gradients.

import * as arrays from '../arrays/batchNorm.js';
import { type Operand, operate } from '../operate.js';

/** Batch norm of x [n, features], with Bessel's correction. */
export function batchNorm(x: Operand, gain: Operand, bias: Operand, eps: number): Operand {
  return operate('batchNorm', [x, gain, bias], () => {
    const forward = arrays.batchNorm(x.array, gain.array, bias.array, eps);
    return {
      out: forward.out,
      backward: (save) => {
        const [raw, inv, scale] = [save(forward.raw), save(forward.inv), save(forward.gain)];
        return (dout) => {
          const { dx, dgain, dbias } = arrays.batchNormBackward(raw, inv, scale, dout);
          return [dx, dgain.view(gain.array.shape), dbias.view(bias.array.shape)];
        };
      },
    };
  });
}
