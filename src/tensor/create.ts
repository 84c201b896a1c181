// Tensors made from JavaScript's numbers.

import { oneOf, show } from '../core/check.js';
import type { Core } from '../core/core.js';
import { ShapeError } from '../core/errors.js';
import { checkedShape, type DType, elementCount, type NdArray, type TypedArray } from '../core/ndarray.js';
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
export function fromData(core: Core, data: TensorData, options: TensorOptions & { shape?: readonly number[] }): Tensor {
  const { dtype, shape, values } = flatten(data);
  const sizes = options.shape === undefined ? shape : checkedShape('shape', options.shape);
  if (elementCount(sizes) !== values.length) {
    throw new ShapeError(`shape: expected one of ${values.length} elements, got [${sizes.join(', ')}]`);
  }
  return finish(StridedArray.from(core, checkedDType(options.dtype ?? dtype), sizes, values), options);
}

/** A tensor of `shape` in which every element is `value`. */
export function full(core: Core, shape: readonly number[], value: number, options: TensorOptions): Tensor {
  const array = StridedArray.full(core, checkedDType(options.dtype ?? 'float32'), checkedShape('shape', shape), value);
  return finish(array, options);
}

function finish(array: StridedArray, { requiresGrad = false, name }: TensorOptions): Tensor {
  array.name = name;
  const tensor = new Tensor({ array, node: null });
  tensor.requiresGrad = requiresGrad;
  return tensor;
}

function checkedDType(dtype: DType): DType {
  return oneOf('dtype', dtype, dtypeNames);
}

function flatten(data: TensorData): { dtype: DType; shape: readonly number[]; values: ArrayLike<number> } {
  if (data instanceof Float32Array) return { dtype: 'float32', shape: [data.length], values: data };
  if (data instanceof Float64Array) return { dtype: 'float64', shape: [data.length], values: data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape: [data.length], values: data };
  if (isNdArray(data)) return { dtype: data.dtype, shape: data.shape, values: data.data };
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
    if (typeof data !== 'number') throw new TypeError(`data: expected a number, got ${show(data)}`);
    values.push(data);
  } else {
    if (!Array.isArray(data) || data.length !== shape[axis]) {
      throw new ShapeError(`data: expected rows of ${shape[axis]} along axis ${axis}, got ${show(data)}`);
    }
    for (const item of data) collect(item, shape, axis + 1, values);
  }
}
