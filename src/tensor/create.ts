// Tensors made from JavaScript's numbers.

import { boolean, list, oneOf, string } from '../base/check.js';
import { DTypeError, OutOfMemoryError, ShapeError } from '../base/errors.js';
import {
  arrayFields,
  checkedElement,
  checkedNdArray,
  type DType,
  dtypeNames,
  dtypeOf,
  dtypes,
  fromJsonNumber,
  type JsonArray,
  mostNested,
  type NdArray,
  newArray,
  plainValues,
  type TypedArray,
} from '../base/ndarray.js';
import { options } from '../base/options.js';
import { checkedShape, elementCount, mostAxes, showShape } from '../base/shape.js';
import { show } from '../base/show.js';
import type { Core } from '../core/core.js';
import { StridedArray } from './arrays/strided.js';
import { Tensor } from './tensor.js';

/** Options of a new tensor. */
export interface TensorOptions {
  /** Element type. Default float32, or that of the array it is made of. */
  dtype?: DType;
  /** Whether operations on it are recorded. Default false. */
  requiresGrad?: boolean;
  /** What error messages call it. */
  name?: string;
}

/** Numbers in nested arrays, a typed array, an array with a shape, or what JSON.parse makes of a tensor. */
export type TensorData = number | readonly TensorData[] | TypedArray | NdArray | JsonArray;

/** A tensor of `data`. Throws TypeError for what is no number, ShapeError for rows of different lengths. */
export function fromData(
  core: Core,
  data: TensorData,
  settings?: TensorOptions & { shape?: readonly number[] },
): Tensor {
  const made = checkedTensorOptions(settings, ['shape']);
  const { dtype: ownDType, shape, values } = flatten(core, data);
  const dtype = made.dtype ?? ownDType;
  const sizes = made.shape === undefined ? shape : checkedShape('shape', made.shape);
  if (elementCount(sizes) !== values.length) {
    throw new ShapeError(`shape: expected one of ${values.length} elements, got ${showShape(sizes)}`);
  }
  if (dtype === 'int32' && ownDType !== 'int32') {
    for (let i = 0; i < values.length; i++) checkedElement('data', values[i], dtype);
  }
  return finish(() => StridedArray.from(core, dtype, sizes, values), dtype, made);
}

/** A tensor of `shape` in which every element is `value`. */
export function full(core: Core, shape: readonly number[], value: number, settings?: TensorOptions): Tensor {
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
  const tensor = Tensor.of(array);
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
  if (name !== undefined) string('name', name);
  return made;
}

interface Flat {
  dtype: DType;
  shape: readonly number[];
  values: ArrayLike<number>;
}

function flatten(core: Core, data: TensorData): Flat {
  const dtype = dtypeOf(data);
  if (dtype !== undefined) {
    const values = plainValues(dtype, data as TypedArray);
    return { dtype, shape: [values.length], values };
  }
  if (isNdArray(data)) {
    const { dtype, shape, data: values } = checkedValues(core, 'data', Tensor.is(data) ? data : fromJson(data));
    return { dtype, shape, values };
  }
  const shape: number[] = [];
  for (let first: TensorData | undefined = data; Array.isArray(first); first = first[0]) {
    if (shape.push(first.length) > mostAxes) throw new ShapeError(`data: expected at most ${mostAxes} axes, got more`);
  }
  // An array may be the row of many, so that few arrays stand for more numbers than can be walked through.
  if (elementCount(shape.filter((size) => size > 0)) > mostNested) {
    throw new OutOfMemoryError(
      `data: expected at most ${mostNested} numbers in nested arrays, got ${showShape(shape)}`,
    );
  }
  const values = newArray('data', 'float64', elementCount(shape));
  collect(data, shape, 0, values, 0);
  return { dtype: 'float32', shape, values };
}

/**
 * The parts of `array`, read once, which is no tensor of another core than `core`. Throws CoreError, and as `checkedNdArray` does.
 */
export function checkedValues(core: Core, name: string, array: NdArray): NdArray {
  if (Tensor.is(array)) array.array.expectCore(core, name);
  return checkedNdArray(name, array);
}

/** The parts of `array`, its data in a typed array where it is what JSON.parse made of a tensor. */
function fromJson(array: NdArray | JsonArray): NdArray {
  const { dtype, shape, data } = arrayFields('data', array);
  if (!Array.isArray(data) || !dtypeNames.includes(dtype)) return { dtype, shape, data: data as TypedArray };
  const values = list('data.data', data, (name, value) => checkedElement(name, fromJsonNumber(value), dtype));
  return { dtype, shape, data: dtypes[dtype].array.from(values) };
}

/** Whether `data` is meant as an array with dtype, shape and data, of which it may lack one of the first two. */
function isNdArray(data: TensorData): data is NdArray | JsonArray {
  return typeof data === 'object' && data !== null && 'data' in data && ('dtype' in data || 'shape' in data);
}

/** Writes the numbers of `data` to `values` from `at` on; returns where the next ones go. */
function collect(data: TensorData, shape: readonly number[], axis: number, values: Float64Array, at: number): number {
  if (axis === shape.length) {
    if (Array.isArray(data)) throw new ShapeError(`data: expected a number along axis ${axis - 1}, got ${show(data)}`);
    if (typeof data !== 'number') throw new TypeError(`data: expected a number, got ${show(data)}`);
    values[at] = data;
    return at + 1;
  }
  if (!Array.isArray(data) || data.length !== shape[axis]) {
    throw new ShapeError(`data: expected rows of ${shape[axis]} along axis ${axis}, got ${show(data)}`);
  }
  let next = at;
  for (let i = 0; i < data.length; i++) next = collect(data[i], shape, axis + 1, values, next);
  return next;
}
