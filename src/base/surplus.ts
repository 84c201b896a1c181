// Arguments beyond those that a function declares.

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
 * default value does not count as declared, so write optional parameters with a question mark.
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
