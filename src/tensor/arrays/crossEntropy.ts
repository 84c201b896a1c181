// Cross-entropy, forward and backward.

import { ShapeError } from '../../base/errors.js';
import { sameShape, showShape } from '../../base/shape.js';
import { checkedClasses } from './indexing.js';
import { computed } from './kernel.js';
import type { StridedArray } from './strided.js';

/** The mean cross-entropy [] of logits [n, classes] with target classes [n], and softmax(logits) for the backward pass. */
export function crossEntropy(logits: StridedArray, targets: StridedArray) {
  const [n, classes] = logits.shape;
  if (logits.shape.length !== 2 || n === 0 || classes === 0) {
    throw new ShapeError(`logits: expected [n, classes], neither of them 0, got ${showShape(logits.shape)}`);
  }
  if (!sameShape(targets.shape, [n!])) {
    throw new ShapeError(`targets: expected [${n}], got ${showShape(targets.shape)}`);
  }
  targets.expectCore(logits.core, 'targets');
  const classesOf = checkedClasses('targets', targets, classes!);
  const shapes = [[], logits.shape, [n!]];
  const [loss, probs] = computed('crossEntropy', shapes, [logits, classesOf], n!, classes!);
  return { loss: loss!, probs: probs!, targets: classesOf };
}

/** dlogits for the gradient `dloss` [] of the loss. */
export function crossEntropyBackward(probs: StridedArray, targets: StridedArray, dloss: StridedArray): StridedArray {
  const [n, classes] = probs.shape as [number, number];
  return computed('crossEntropyBackward', [probs.shape], [probs, targets, dloss], n, classes)[0]!;
}
