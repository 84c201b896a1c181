// Typed arrays as the engine has them, whatever properties they are given.

import { show } from './show.js';

/** What typed arrays of every kind have: their engine's own getters, whatever properties one is given. */
const typedArrayParts: Record<PropertyKey, PropertyDescriptor> = Object.getOwnPropertyDescriptors(
  Object.getPrototypeOf(Uint8Array.prototype),
);

/** What kind of typed array `value` is, of this realm or another; undefined where it is none. */
export function typedArrayName(value: unknown): string | undefined {
  return typedArrayParts[Symbol.toStringTag]!.get!.call(value);
}

/** The length of a typed array as the engine has it, whatever its property says. */
export function lengthOf(value: unknown): number {
  return typedArrayParts.length!.get!.call(value);
}

/**
 * The typed array `value` as the engine has it: a view of the same elements without properties or methods of its own, or a copy
 * where another thread or a change of size could change what was checked.
 */
export function plainTypedArray<Values extends ArrayBufferView>(
  value: Values,
  Kind: TypedArrayConstructor<Values>,
): Values {
  const length = lengthOf(value);
  if (length === 0) return new Kind(0);
  const buffer = typedArrayParts.buffer!.get!.call(value) as ArrayBuffer & { resizable?: boolean };
  if (!(buffer instanceof ArrayBuffer) || buffer.resizable === true) return new Kind(value);
  return new Kind(buffer, typedArrayParts.byteOffset!.get!.call(value), length);
}

/** What makes typed arrays of one kind. */
export interface TypedArrayConstructor<Values> {
  new (from: number | ArrayBufferView): Values;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): Values;
}

/** `value` when it is a Uint8Array, as `plainTypedArray` gives it; otherwise a TypeError that names the argument. */
export function bytes(name: string, value: unknown): Uint8Array {
  if (typedArrayName(value) !== 'Uint8Array') throw new TypeError(`${name}: expected a Uint8Array, got ${show(value)}`);
  return plainTypedArray(value as Uint8Array, Uint8Array as TypedArrayConstructor<Uint8Array>);
}
