// Checks of arguments. Each throws before anything is changed.

const longestText = 60;
const longestList = 8;
const deepestList = 3;

/** How a value reads in an error message: short, on one line, whatever it is. */
export function show(value: unknown): string {
  try {
    return shown(value, 0);
  } catch {
    return 'an object that cannot be looked at';
  }
}

function shown(value: unknown, depth: number): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint')
    return value > -(10n ** 40n) && value < 10n ** 40n ? `${value}n` : 'a bigint beyond 10^40';
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (!Array.isArray(value))
    return `a ${escapeControls(String(value.constructor?.name || 'object').slice(0, longestText))}`;
  if (value.length > longestList || depth === deepestList) return `an array of ${value.length}`;
  return `[${Array.from(value, (item) => shown(item, depth + 1)).join(', ')}]`;
}

function quoted(text: string): string {
  return escapeControls(JSON.stringify(text.length > longestText ? `${text.slice(0, longestText)}…` : text));
}

/**
 * `text` with control and format characters, line and paragraph separators and lone surrogates written as escapes, so that it
 * stays on one line and cannot steer a terminal.
 */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const hex = character.codePointAt(0)!.toString(16);
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

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
  return value;
}

/** `value` when it is a finite number of at least `minimum`; otherwise a TypeError or RangeError that names the argument. */
export function finite(name: string, value: unknown, minimum: number = Number.NEGATIVE_INFINITY): number {
  if (!Number.isFinite(number(name, value)) || (value as number) < minimum) {
    const range = minimum === Number.NEGATIVE_INFINITY ? '' : ` of at least ${minimum}`;
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

/**
 * A copy of `value`, read once, or an empty object where it is undefined, when it is an object whose own names are all `known`;
 * otherwise a TypeError that names the nearest known one.
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
      throw new TypeError(
        `${name}: expected ${known.join(', ')}, got ${show(key)}; the nearest is ${nearest(key, known)}`,
      );
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

/** `value` when it is an object; otherwise a TypeError that names the argument. */
export function object<Value extends object>(name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null) {
    throw new TypeError(`${name}: expected an object, got ${show(value)}`);
  }
  return value;
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
    // handgrad's own errors are of classes below TypeError.
    if ((cause as Error | undefined)?.constructor !== TypeError) throw cause;
    throw new TypeError(`${name}: expected ${expected}, got ${show(value)}`, { cause });
  }
}

/** The one of `names` that takes the fewest changed, added or left out characters to become `name`, whatever their case. */
export function nearest(name: string, names: readonly string[]): string {
  const distances = names.map((known) => distance(name.slice(0, longestText).toLowerCase(), known.toLowerCase()));
  return names[distances.indexOf(Math.min(...distances))]!;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** What a function of one argument may be given beyond it: nothing, or what `list.map(f)` gives. */
export type AsCallback = [] | [index: number, list: readonly unknown[]];

/**
 * Throws a TypeError where a function of `most` arguments was given more than these; one of one argument may be given to
 * `list.map`.
 */
export function refuseSurplus(name: string, most: number, surplus: readonly unknown[]): void {
  const [index, array] = surplus;
  if (most === 1 && surplus.length === 2 && typeof index === 'number' && Array.isArray(array)) return;
  if (surplus.every((argument) => argument === undefined)) return;
  throw new TypeError(`${name}: expected at most ${most} arguments, got ${most + surplus.length}`);
}

/**
 * `methods`, each of which now throws a TypeError for arguments beyond those it declares; not those named `variadic`. What has a
 * default value does not count as declared, so optional parameters are to be written with a question mark.
 */
export function strictArguments<Methods extends object>(methods: Methods, variadic: readonly string[] = []): Methods {
  for (const [name, { value: method, ...property }] of Object.entries(Object.getOwnPropertyDescriptors(methods))) {
    if (typeof method !== 'function' || name === 'constructor' || variadic.includes(name)) continue;
    const { length: most } = method;
    const value = function (this: unknown, ...given: unknown[]) {
      if (given.length > most) refuseSurplus(name, most, given.slice(most));
      return method.apply(this, given);
    };
    Object.defineProperties(value, { name: { value: name }, length: { value: most } });
    Object.defineProperty(methods, name, { ...property, value });
  }
  return methods;
}

/** What typed arrays of every kind have: their engine's own getters, whatever properties one is given. */
const typedArrayParts: Record<PropertyKey, PropertyDescriptor> = Object.getOwnPropertyDescriptors(
  Object.getPrototypeOf(Uint8Array.prototype),
);

/** What kind of typed array `value` is, of this realm or another; undefined where it is none. */
export function typedArrayName(value: unknown): string | undefined {
  return typedArrayParts[Symbol.toStringTag]!.get!.call(value);
}

/** The length of a typed array as the engine has it, whatever its property says. */
function lengthOf(value: unknown): number {
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

/** `value` when it is a string; otherwise a TypeError that names the argument. */
export function string(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name}: expected a string, got ${show(value)}`);
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
  if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === 'function') {
    // Its later steps fail on what is released now; the TypeError has said so already.
    (result as PromiseLike<unknown>).then(undefined, () => {});
    throw new TypeError('run: expected a function that returns at once, got a promise');
  }
  return result;
}

/** `value` when it is one of `choices`; otherwise a TypeError that names the argument. */
export function oneOf<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T))
    throw new TypeError(`${name}: expected ${choices.join(' or ')}, got ${show(value)}`);
  return value as T;
}
