// The handle that the functions of a proof get: it makes tensors of the dtype of the run.

import { dtypeOf, type FloatDType } from '../base/ndarray.js';
import { show } from '../base/show.js';
import type { DrawOptions, Handgrad } from '../handgrad.js';
import type { Generator } from '../random/generator.js';
import type { TensorData, TensorOptions } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';

/** Throws TypeError for what `init` does not give. */
export function expectHandgrad(hg: Handgrad): void {
  if (typeof hg?.generator !== 'function') throw new TypeError(`hg: expected what init() gives, got ${show(hg)}`);
}

/**
 * `hg` for a run: tensors are of `dtype` where no other is asked for, and random numbers come from `generator` where no other is given.
 * In float64 random numbers are those that float32 has, so that every run draws the same; what is given is not rounded.
 */
export function handleFor(hg: Handgrad, dtype: FloatDType, generator: Generator): Handgrad {
  const wide = (tensor: Tensor, { dtype: wanted, ...rest }: TensorOptions = {}): Tensor =>
    dtype === 'float32' || wanted !== undefined || tensor.dtype === 'int32'
      ? tensor
      : hg.tensor(new Float64Array(tensor.data), { ...rest, shape: tensor.shape });
  const drawn = <Options extends { generator?: Generator }>(options: Options | undefined): Options =>
    ({ generator, ...options }) as Options;
  return {
    ...hg,
    get usedBytes() {
      return hg.usedBytes;
    },
    get disposed() {
      return hg.disposed;
    },
    tensor: (data, options) => hg.tensor(data, { ...(isInteger(data) ? {} : { dtype }), ...options }),
    zeros: (shape, options) => hg.zeros(shape, { dtype, ...options }),
    ones: (shape, options) => hg.ones(shape, { dtype, ...options }),
    full: (shape, value, options) => hg.full(shape, value, { dtype, ...options }),
    oneHot: (indices, classes, options) => hg.oneHot(indices, classes, { dtype, ...options }),
    randn: (shape, options) => wide(hg.randn(shape, drawn<DrawOptions>(options)), options),
    rand: (shape, options) => wide(hg.rand(shape, drawn<DrawOptions>(options)), options),
    randint: (low, high, shape, options) => hg.randint(low, high, shape, drawn(options)),
    randperm: (n, options) => hg.randperm(n, drawn(options)),
    manualSeed: (seed) => generator.manualSeed(seed),
  };
}

/** Whether data are integers of their own dtype. */
function isInteger(data: TensorData): boolean {
  const dtype = Tensor.is(data) ? data.dtype : (dtypeOf(data) ?? (data as { dtype?: unknown } | null)?.dtype);
  return dtype === 'int32';
}
