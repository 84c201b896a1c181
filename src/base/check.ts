// Checks of single values and lists. Each throws before anything is changed.

import { show } from './show.js';
import { lengthOf, typedArrayName } from './typedArrays.js';

/** `value` when it is an integer from `minimum` to `maximum`; otherwise a TypeError or RangeError that names the argument. */
export function integer(
  name: string,
  value: unknown,
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): number {
  if (typeof value !== 'number') throw new TypeError(`${name}: expected an integer, got ${show(value)}`);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
    throw new RangeError(`${name}: expected an integer ${range}, got ${show(value)}`);
  }
  return small(value);
}

/**
 * The same number, an integer of 32 bits as one. V8 keeps it as a float where it comes from a field that has held fractions, and an
 * array that it is put in becomes one of floats.
 */
export function small(value: number): number {
  const integral = value | 0;
  return integral === value ? integral : value;
}

/** `value` when it is a finite number of at least `minimum`; otherwise a TypeError or RangeError that names the argument. */
export function finite(name: string, value: unknown, minimum: number = -Infinity): number {
  if (!Number.isFinite(number(name, value)) || (value as number) < minimum) {
    const range = minimum === -Infinity ? '' : ` of at least ${minimum}`;
    throw new RangeError(`${name}: expected a finite number${range}, got ${show(value)}`);
  }
  return value as number;
}

/** `value` when it is a number, NaN and infinities too; otherwise a TypeError that names the argument. */
export function number(name: string, value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${name}: expected a number, got ${show(value)}`);
  return value;
}

/** `value` when it is a boolean; otherwise a TypeError that names the argument. */
export function boolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name}: expected true or false, got ${show(value)}`);
  return value;
}

/** `value` when it is a string; otherwise a TypeError that names the argument. */
export function string(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name}: expected a string, got ${show(value)}`);
  return value;
}

/** `value` when it is one of `choices`; otherwise a TypeError that names the argument. */
export function oneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T))
    throw new TypeError(`${name}: expected ${choices.join(' or ')}, got ${show(value)}`);
  return value as T;
}

/** `value` when it is an object; otherwise a TypeError that names the argument. */
export function object<Value extends object>(name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${name}: expected an object, got ${show(value)}`);
  }
  return value;
}

/**
 * `check(`name[i]`, item)` of each item of an array or a typed array, read once, into a plain array. Holes count as undefined.
 * Throws a TypeError for what is no array.
 */
export function list<Item>(name: string, value: unknown, check: (name: string, item: unknown) => Item): Item[] {
  const kind = typedArrayName(value);
  if (!Array.isArray(value) && (kind === undefined || kind.startsWith('Big'))) {
    throw new TypeError(`${name}: expected an array, got ${show(value)}`);
  }
  const length: number = kind === undefined ? (value as unknown[]).length : lengthOf(value);
  const items: Item[] = [];
  for (let i = 0; i < length; i++) items.push(check(`${name}[${i}]`, (value as ArrayLike<unknown>)[i]));
  return items;
}

/** What `run` returns. Throws a TypeError where it is no function, or an asynchronous one, whose later steps come too late. */
export function runAtOnce<Result>(run: () => Result): Result {
  if (typeof run !== 'function') throw new TypeError(`run: expected a function, got ${show(run)}`);
  const result = run();
  if (isPromise(result)) throw new TypeError('run: expected a function that returns at once, got a promise');
  return result;
}

/** Whether `value` is a promise. Where it is refused, its later steps fail on what is released by then, which is of no interest. */
export function isPromise(value: unknown): boolean {
  const promise = value as PromiseLike<unknown> | null | undefined;
  if (typeof promise?.then !== 'function') return false;
  promise.then(undefined, () => {});
  return true;
}
