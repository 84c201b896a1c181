// Checks of objects that are read by the names of their parts.

import { object } from './check.js';
import { guess, show } from './show.js';

/**
 * A copy of `value`, read once, or an empty object where it is undefined, when it is an object whose own names are all `known`;
 * otherwise a TypeError that names what is meant, where one is near.
 */
export function options<Options extends object>(
  name: string,
  value: Options | undefined,
  known: readonly (keyof Options & string)[],
): Partial<Options> {
  if (value === undefined) return {};
  if (!isPlainObject(object(name, value))) throw new TypeError(`${name}: expected a plain object, got ${show(value)}`);
  for (const key of Object.keys(value)) {
    if (!(known as readonly string[]).includes(key)) {
      throw new TypeError(`${name}: expected ${known.join(', ')}, got ${show(key)}${guess(key, known)}`);
    }
  }
  return { ...value };
}

/** Whether `value` is an object literal, of this realm or another, or an object without a prototype. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * `read(value)` when `value` is an object; otherwise, or where the engine can't read it, as with one that only has a tensor's
 * prototype, a TypeError that says what was expected.
 */
export function fields<Value extends object, Fields>(
  name: string,
  expected: string,
  value: Value,
  read: (value: Value) => Fields,
): Fields {
  try {
    if (typeof value !== 'object') throw new TypeError();
    return read(value);
  } catch (cause) {
    // handgrad's own errors are of subclasses of TypeError; a plain one is the engine's.
    if ((cause as Error | undefined)?.constructor !== TypeError) throw cause;
    throw new TypeError(`${name}: expected ${expected}, got ${show(value)}`, { cause });
  }
}
