// Plain arrays with a shape: what tensors are read into, files hold and comparisons take.

import {
  fields,
  integer,
  list,
  number,
  plainTypedArray,
  show,
  type TypedArrayConstructor,
  typedArrayName,
} from './check.js';
import { DTypeError, OutOfMemoryError, ShapeError } from './errors.js';

/** Floating-point element types. */
export type FloatDType = 'float32' | 'float64';
/** Element types. Floating-point for everything that has a gradient, int32 for indices. */
export type DType = FloatDType | 'int32';

/** What holds the elements: one kind of array for each dtype. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

export const dtypes = {
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
  int32: { bytes: 4, array: Int32Array },
} as const;

/** Values with a shape: `data`, row-major, of element type `dtype`. A `Tensor` is one too. */
export interface NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Number of elements of `shape`; 1 for a scalar, []. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) {
    if (size === 0) return 0;
    count *= size;
  }
  return count;
}

/** A new array of `length` elements, zero. Throws OutOfMemoryError, about the argument `name`, where the engine gives none. */
export function newArray<Name extends DType>(
  name: string,
  dtype: Name,
  length: number,
): InstanceType<(typeof dtypes)[Name]['array']> {
  try {
    return new dtypes[dtype].array(length) as InstanceType<(typeof dtypes)[Name]['array']>;
  } catch (cause) {
    throw new OutOfMemoryError(`${name}: expected as many elements as fit in memory, got ${length}`, { cause });
  }
}

/** Numbers that nested arrays may hold; more come in a typed array. */
export const mostNested = 2 ** 28;

/** Axes that a shape may have, as many as in PyTorch and NumPy. */
export const mostAxes = 64;

/** A checked copy of `shape`: an array of at most 64 integers of at least 0. */
export function checkedShape(name: string, shape: readonly number[]): number[] {
  if (!Array.isArray(shape)) throw new TypeError(`${name}: expected an array of integers, got ${show(shape)}`);
  if (shape.length > mostAxes) {
    throw new ShapeError(`${name}: expected at most ${mostAxes} axes, got ${shape.length}`);
  }
  return list(name, shape, (axis, size) => integer(axis, size, 0));
}

/**
 * The parts of `array`, read once: a dtype, a shape, and that many values of that dtype. Throws a TypeError, DTypeError,
 * RangeError or ShapeError that names the argument.
 */
export function checkedNdArray(name: string, array: NdArray): NdArray {
  const {
    dtype,
    shape: given,
    data,
  } = fields(name, 'an array with dtype, shape and data', array, ({ dtype, shape, data }) => ({ dtype, shape, data }));
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype)) {
    throw new DTypeError(`${name}: expected dtype ${Object.keys(dtypes).join(' or ')}, got ${show(dtype)}`);
  }
  const type = dtypes[dtype].array.name;
  if (typedArrayName(data) !== type) throw new DTypeError(`${name}: expected data in ${type}, got ${show(data)}`);
  const shape = checkedShape(`${name}.shape`, given);
  const values = plainValues(dtype, data);
  if (values.length !== elementCount(shape)) {
    throw new ShapeError(
      `${name}: expected ${elementCount(shape)} values of shape ${showShape(shape)}, got ${values.length}`,
    );
  }
  return { dtype, shape, data: values };
}

/** `data`, of the kind that holds `dtype`, as `plainTypedArray` gives it. */
export function plainValues(dtype: DType, data: TypedArray): TypedArray {
  return plainTypedArray(data, dtypes[dtype].array as TypedArrayConstructor<TypedArray>);
}

/** `value` when an element of `dtype` can be that number; otherwise a TypeError or RangeError that names the argument. */
export function checkedElement(name: string, value: unknown, dtype: DType): number {
  return dtype === 'int32' ? integer(name, value, -(2 ** 31), 2 ** 31 - 1) : number(name, value);
}

/** Axis `dim` counted from the front; PyTorch's negative axes count from the end. */
export function checkedDim(name: string, dim: number, rank: number): number {
  if (typeof dim !== 'number') throw new TypeError(`${name}: expected an axis, got ${show(dim)}`);
  if (rank === 0) throw new ShapeError(`${name}: expected a tensor with axes, got a scalar`);
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new ShapeError(`${name}: expected an axis from ${-rank} to ${rank - 1}, got ${show(dim)}`);
  }
  return dim < 0 ? dim + rank : dim;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** A shape as PyTorch writes it: [32, 64]. */
export function showShape(shape: readonly number[]): string {
  return shape.length > mostAxes ? `one of ${shape.length} axes` : `[${shape.join(', ')}]`;
}
