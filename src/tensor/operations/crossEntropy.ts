// Cross-entropy and its gradient.

import * as arrays from '../arrays/crossEntropy.js';
import { type Operand, operate } from '../operate.js';

/** The mean cross-entropy of logits [n, classes] with target classes (int32 [n]). */
export function crossEntropy(logits: Operand, targets: Operand): Operand {
  return operate('crossEntropy', [logits], () => {
    const forward = arrays.crossEntropy(logits.array, targets.array);
    return {
      out: forward.loss,
      backward: (save) => {
        const [probs, classes] = [save(forward.probs), save(forward.targets)];
        return (dout) => [arrays.crossEntropyBackward(probs, classes, dout)];
      },
    };
  });
}
