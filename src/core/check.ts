// Checks of arguments. Each throws before anything is changed.

/** How a value reads in an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (Array.isArray(value)) return value.length > 8 ? `an array of ${value.length}` : `[${value.map(show).join(', ')}]`;
  return typeof value === 'object' ? `a ${value.constructor?.name ?? 'object'}` : `a ${typeof value}`;
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
  if (typeof value !== 'number') throw new TypeError(`${name}: expected a number, got ${show(value)}`);
  if (!Number.isFinite(value) || value < minimum) {
    const range = minimum === Number.NEGATIVE_INFINITY ? 'a finite number' : `a finite number of at least ${minimum}`;
    throw new RangeError(`${name}: expected ${range}, got ${show(value)}`);
  }
  return value;
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

/** `value` when it is an object, as options are; otherwise a TypeError. */
export function options<Options extends object>(value: Options): Options {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`options: expected an object, got ${show(value)}`);
  return value;
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
