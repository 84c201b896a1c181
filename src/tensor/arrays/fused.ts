// Operations of several steps in one kernel, forward and backward: one-hot, softmax, cross-entropy, batch norm.

import { DTypeError, ShapeError } from '../../base/errors.js';
import type { FloatDType } from '../../base/ndarray.js';
import { elementCount, sameShape } from '../../base/shape.js';
import { checkedClasses } from './indexing.js';
import { StridedArray } from './strided.js';

/** out[…, j] = 1 where j is the index, otherwise 0. */
export function oneHot(indices: StridedArray, classes: number, dtype: FloatDType): StridedArray {
  const checked = checkedClasses('indices', indices, classes);
  const out = StridedArray.allocate(indices.core, dtype, [...indices.shape, classes]);
  indices.core.kernels[dtype].oneHot(out.pointer, checked.pointer, checked.count, classes);
  return out;
}

/** Softmax along the last axis. */
export function softmax(a: StridedArray): StridedArray {
  const dtype = a.floatDType();
  const out = StridedArray.allocate(a.core, dtype, a.shape);
  const n = a.shape.at(-1) ?? 1;
  if (out.count > 0) a.core.kernels[dtype].softmax(out.pointer, a.contiguous().pointer, out.count / n, n);
  return out;
}

/** The gradient at a for out = softmax(a). */
export function softmaxBackward(out: StridedArray, dout: StridedArray): StridedArray {
  const dtype = out.floatDType();
  const da = StridedArray.allocate(out.core, dtype, out.shape);
  const n = out.shape.at(-1) ?? 1;
  if (out.count > 0) {
    out.core.kernels[dtype].softmaxBackward(da.pointer, out.pointer, dout.contiguous().pointer, out.count / n, n);
  }
  return da;
}

/** The mean cross-entropy [] of logits [n, classes] with target classes [n], and softmax(logits) for the backward pass. */
export function crossEntropy(logits: StridedArray, targets: StridedArray) {
  const dtype = logits.floatDType();
  const { core } = logits;
  const [n, classes] = logits.shape;
  if (logits.shape.length !== 2 || n === 0 || classes === 0) {
    throw new ShapeError(`logits: expected [n, classes], neither of them 0, got [${logits.shape.join(', ')}]`);
  }
  if (!sameShape(targets.shape, [n!])) {
    throw new ShapeError(`targets: expected [${n}], got [${targets.shape.join(', ')}]`);
  }
  targets.expectCore(core, 'targets');
  const classesOf = checkedClasses('targets', targets, classes!);
  const [loss, probs, losses] = [[], logits.shape, [n!]].map((shape) => StridedArray.allocate(core, dtype, shape));
  core.kernels[dtype].crossEntropy(
    loss!.pointer,
    probs!.pointer,
    losses!.pointer,
    logits.contiguous().pointer,
    classesOf.pointer,
    n!,
    classes!,
  );
  return { loss: loss!, probs: probs!, targets: classesOf };
}

/** dlogits for the gradient `dloss` [] of the loss. */
export function crossEntropyBackward(probs: StridedArray, targets: StridedArray, dloss: StridedArray): StridedArray {
  const dtype = probs.floatDType();
  const [n, classes] = probs.shape;
  const dlogits = StridedArray.allocate(probs.core, dtype, probs.shape);
  probs.core.kernels[dtype].crossEntropyBackward(
    dlogits.pointer,
    probs.pointer,
    targets.pointer,
    dloss.pointer,
    n!,
    classes!,
  );
  return dlogits;
}

/** Batch norm of x [n, features] with gain and bias of `features` elements, and what its backward pass needs. */
export function batchNorm(x: StridedArray, gain: StridedArray, bias: StridedArray, eps: number) {
  const dtype = x.floatDType();
  const [n, features] = x.shape;
  if (x.shape.length !== 2 || n! < 2) {
    throw new ShapeError(`x: expected [n, features] with n of at least 2, got [${x.shape.join(', ')}]`);
  }
  const scale = contiguousFeatures('gain', gain, dtype, features!);
  const shift = contiguousFeatures('bias', bias, dtype, features!);
  const { core } = x;
  const [out, raw] = [x.shape, x.shape].map((shape) => StridedArray.allocate(core, dtype, shape));
  const [mean, inv] = [[features!], [features!]].map((shape) => StridedArray.allocate(core, dtype, shape));
  core.kernels[dtype].batchNorm(
    out!.pointer,
    raw!.pointer,
    mean!.pointer,
    inv!.pointer,
    x.contiguous().pointer,
    scale.pointer,
    shift.pointer,
    n!,
    features!,
    eps,
  );
  return { out: out!, raw: raw!, inv: inv!, gain: scale };
}

function contiguousFeatures(name: string, a: StridedArray, dtype: FloatDType, features: number): StridedArray {
  if (a.dtype !== dtype) throw new DTypeError(`${name}: expected ${dtype}, got ${a.dtype}`);
  if (a.shape.at(-1) !== features || elementCount(a.shape) !== features) {
    throw new ShapeError(`${name}: expected [${features}] or [1, ${features}], got [${a.shape.join(', ')}]`);
  }
  return a.contiguous();
}

/** The gradients at x, gain and bias; the last two [features]. */
export function batchNormBackward(raw: StridedArray, inv: StridedArray, gain: StridedArray, dout: StridedArray) {
  const dtype = raw.floatDType();
  const [n, features] = raw.shape;
  const { core } = raw;
  const dx = StridedArray.allocate(core, dtype, raw.shape);
  const [dgain, dbias] = [[features!], [features!]].map((shape) => StridedArray.allocate(core, dtype, shape));
  core.kernels[dtype].batchNormBackward(
    dx.pointer,
    dgain!.pointer,
    dbias!.pointer,
    raw.pointer,
    inv.pointer,
    gain.pointer,
    dout.contiguous().pointer,
    n!,
    features!,
  );
  return { dx, dgain: dgain!, dbias: dbias! };
}
