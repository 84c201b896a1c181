// Tensors made from JavaScript's numbers.

import { boolean, oneOf, options, show } from '../core/check.js';
import type { Core } from '../core/core.js';
import { DTypeError, ShapeError } from '../core/errors.js';
import {
  checkedElement,
  checkedNdArray,
  checkedShape,
  type DType,
  elementCount,
  type NdArray,
  type TypedArray,
} from '../core/ndarray.js';
import { StridedArray } from './arrays/strided.js';
import { Tensor } from './tensor.js';

/** How a new tensor is to be. */
export interface TensorOptions {
  /** Element type. Default float32, or that of the array it is made of. */
  dtype?: DType;
  /** Whether operations on it are recorded. Default false. */
  requiresGrad?: boolean;
  /** What error messages call it. */
  name?: string;
}

/** Numbers in nested arrays, a typed array, or an array with a shape. */
export type TensorData = number | readonly TensorData[] | TypedArray | NdArray;

const dtypeNames: readonly DType[] = ['float32', 'float64', 'int32'];

/** A tensor of `data`. Throws TypeError for what is no number, ShapeError for rows of different lengths. */
export function fromData(
  core: Core,
  data: TensorData,
  settings: TensorOptions & { shape?: readonly number[] },
): Tensor {
  const made = checkedTensorOptions(settings, ['shape']);
  const { dtype: ownDType, shape, values } = flatten(data);
  const dtype = made.dtype ?? ownDType;
  const sizes = settings.shape === undefined ? shape : checkedShape('shape', settings.shape);
  if (elementCount(sizes) !== values.length) {
    throw new ShapeError(`shape: expected one of ${values.length} elements, got [${sizes.join(', ')}]`);
  }
  if (dtype === 'int32' && ownDType !== 'int32') {
    for (let i = 0; i < values.length; i++) checkedElement('data', values[i], dtype);
  }
  return finish(() => StridedArray.from(core, dtype, sizes, values), dtype, made);
}

/** A tensor of `shape` in which every element is `value`. */
export function full(core: Core, shape: readonly number[], value: number, settings: TensorOptions): Tensor {
  const made = checkedTensorOptions(settings);
  const { dtype = 'float32' } = made;
  const sizes = checkedShape('shape', shape);
  checkedElement('value', value, dtype);
  return finish(() => StridedArray.full(core, dtype, sizes, value), dtype, made);
}

function finish(make: () => StridedArray, dtype: DType, { requiresGrad = false, name }: TensorOptions): Tensor {
  if (requiresGrad && dtype === 'int32') {
    throw new DTypeError('requiresGrad: expected float32 or float64 for a gradient, got int32');
  }
  const array = make();
  array.name = name;
  const tensor = new Tensor({ array, node: null });
  tensor.requiresGrad = requiresGrad;
  return tensor;
}

/** `given`, when its parts are of the right types; otherwise a TypeError. */
export function checkedTensorOptions<Given extends TensorOptions>(
  given: Given | undefined,
  known: readonly (keyof Given & string)[] = [],
): Partial<Given> {
  const made = options('options', given, ['dtype', 'requiresGrad', 'name', ...known]);
  const { dtype, requiresGrad, name } = made;
  if (dtype !== undefined) oneOf('dtype', dtype, dtypeNames);
  if (requiresGrad !== undefined) boolean('requiresGrad', requiresGrad);
  if (name !== undefined && typeof name !== 'string') throw new TypeError(`name: expected a string, got ${show(name)}`);
  return made;
}

function flatten(data: TensorData): { dtype: DType; shape: readonly number[]; values: ArrayLike<number> } {
  if (data instanceof Float32Array) return { dtype: 'float32', shape: [data.length], values: data };
  if (data instanceof Float64Array) return { dtype: 'float64', shape: [data.length], values: data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape: [data.length], values: data };
  if (isNdArray(data)) {
    const { dtype, shape, data: values } = checkedNdArray('data', data);
    return { dtype, shape, values };
  }
  const shape: number[] = [];
  for (let first: TensorData | undefined = data; Array.isArray(first); first = first[0]) shape.push(first.length);
  const values: number[] = [];
  collect(data, shape, 0, values);
  return { dtype: 'float32', shape, values };
}

function isNdArray(data: TensorData): data is NdArray {
  return typeof data === 'object' && data !== null && 'dtype' in data && 'shape' in data && 'data' in data;
}

function collect(data: TensorData, shape: readonly number[], axis: number, values: number[]): void {
  if (axis === shape.length) {
    if (Array.isArray(data)) throw new ShapeError(`data: expected a number along axis ${axis - 1}, got ${show(data)}`);
    if (typeof data !== 'number') throw new TypeError(`data: expected a number, got ${show(data)}`);
    values.push(data);
  } else {
    if (!Array.isArray(data) || data.length !== shape[axis]) {
      throw new ShapeError(`data: expected rows of ${shape[axis]} along axis ${axis}, got ${show(data)}`);
    }
    for (const item of data) collect(item, shape, axis + 1, values);
  }
}
