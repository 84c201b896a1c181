// Plain arrays with a shape: what tensors are read into, files hold and comparisons take.

import { integer, number } from './check.js';
import { DTypeError, OutOfMemoryError, ShapeError } from './errors.js';
import { fields } from './options.js';
import { checkedShape, elementCount, showShape } from './shape.js';
import { show } from './show.js';
import { plainTypedArray, type TypedArrayConstructor, typedArrayName } from './typedArrays.js';

/** Floating-point element types. */
export type FloatDType = 'float32' | 'float64';
/** Element types. Floating-point for everything that has a gradient, int32 for indices. */
export type DType = FloatDType | 'int32';

/** Element types as files have them: float16 and bfloat16 are read into float32, int64 into int32. */
export type StoredDType = StoredFloat | 'int32' | 'int64';
/** The floating-point ones among them. */
export type StoredFloat = FloatDType | 'float16' | 'bfloat16';

/** What holds the elements: one kind of array for each dtype. */
export type TypedArray = Float32Array | Float64Array | Int32Array;

/** Bytes of an element of each dtype, and what makes arrays of them. */
export const dtypes = {
  float32: { bytes: 4, array: Float32Array },
  float64: { bytes: 8, array: Float64Array },
  int32: { bytes: 4, array: Int32Array },
} as const;

/** The floating-point element types, in the order in which messages have them. */
export const floatDTypes: readonly FloatDType[] = ['float32', 'float64'];
/** All element types, in that order. */
export const dtypeNames: readonly DType[] = ['float32', 'float64', 'int32'];

/** The array of a dtype. */
export type ArrayOf<Name extends DType> = InstanceType<(typeof dtypes)[Name]['array']>;

/** Values with a shape: `data`, row-major, of element type `dtype`. A `Tensor` is one too. */
export interface NdArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TypedArray;
}

/** Values with a shape, read from a file. */
export interface StoredArray extends NdArray {
  /** The element type in the file, which may be narrower than `dtype`. */
  readonly storedDType: StoredDType;
}

/**
 * An array with a shape as JSON has it: the `data`, row-major, of element type `dtype`, are numbers, or 'NaN', 'Infinity', '-Infinity'
 * and '-0', which JSON has no numbers for.
 */
export interface JsonArray {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

/** `value` as a JsonArray has it. */
export function toJsonNumber(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** What `toJsonNumber` made a string of, as a number again; anything else as it is. */
export function fromJsonNumber(value: unknown): unknown {
  return ['NaN', 'Infinity', '-Infinity', '-0'].includes(value as string) ? Number(value) : value;
}

/** A new array of `length` elements, zero. Throws OutOfMemoryError, about the argument `name`, where the engine gives none. */
export function newArray<Name extends DType>(name: string, dtype: Name, length: number): ArrayOf<Name> {
  try {
    return new dtypes[dtype].array(length) as ArrayOf<Name>;
  } catch (cause) {
    throw new OutOfMemoryError(`${name}: expected as many elements as fit in memory, got ${length}`, { cause });
  }
}

/** Numbers that nested arrays may hold; more come in a typed array. */
export const mostNested = 2 ** 28;

/**
 * The parts of `array`, read once: a dtype, a shape, and that many values of that dtype. Throws a TypeError, DTypeError,
 * RangeError or ShapeError that names the argument.
 */
export function checkedNdArray(name: string, array: NdArray): NdArray {
  const { dtype, shape: given, data } = arrayFields(name, array);
  if (typeof dtype !== 'string' || !Object.hasOwn(dtypes, dtype)) {
    throw new DTypeError(`${name}: expected dtype ${dtypeNames.join(' or ')}, got ${show(dtype)}`);
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

/** The parts of `array`, read once, whatever they are. Throws a TypeError that names the argument. */
export function arrayFields<Given extends NdArray | JsonArray>(name: string, array: Given) {
  const read = ({ dtype, shape, data }: Given): Pick<Given, 'dtype' | 'shape' | 'data'> => ({ dtype, shape, data });
  return fields(name, 'an array with dtype, shape and data', array, read);
}

/** The dtype whose elements a typed array like `value` holds; undefined for anything else. */
export function dtypeOf(value: unknown): DType | undefined {
  const kind = typedArrayName(value);
  return dtypeNames.find((dtype) => dtypes[dtype].array.name === kind);
}

/** `data`, of the kind that holds `dtype`, as `plainTypedArray` gives it. */
export function plainValues(dtype: DType, data: TypedArray): TypedArray {
  return plainTypedArray(data, dtypes[dtype].array as TypedArrayConstructor<TypedArray>);
}

/** `value` when an element of `dtype` can be that number; otherwise a TypeError or RangeError that names the argument. */
export function checkedElement(name: string, value: unknown, dtype: DType): number {
  return dtype === 'int32' ? integer(name, value, -(2 ** 31), 2 ** 31 - 1) : number(name, value);
}
