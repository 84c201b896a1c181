// Objects whose values stand in linear memory, where comparing and cloning do not see them.
/// <reference lib="esnext.disposable" preserve="true" />

/** The name of the method that `using` calls, in engines that do not know it yet too. */
export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

let last = 0;
const notice = Symbol(
  'handgrad: an object in linear memory; its save(), checkpoint() or getState(), if it has one, gives what can be posted',
);

/** Tells objects apart for those who look at own properties alone, and shows them as their text. */
export abstract class Identified {
  /** A number that no other object has, so that no two are ever equal to deepStrictEqual or toEqual. @internal */
  readonly id: number = ++last;
  /** What structuredClone and postMessage can't clone and name in their error, and what a browser's console shows. @internal */
  readonly unclonable: symbol;

  /** @internal */
  constructor(unclonable: symbol = notice) {
    this.unclonable = unclonable;
  }

  /** A line that says what it is. */
  abstract toString(): string;

  /** What JSON.stringify writes: its text, in which its values are not. */
  toJSON(): unknown {
    return this.toString();
  }
}

// What console.log calls in Node.js, Bun and Deno, with arguments; not in the class, so that it is no part of its declaration.
Object.defineProperty(Identified.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: object | undefined): string {
    try {
      return this!.toString();
    } catch {
      // Nothing of its own can be read from a proxy, a copy or a prototype.
      return `${this?.constructor?.name} {}`;
    }
  },
});

/** The text of an object: `Model(vocabSize=27, hidden=64)`. */
export function textOf(name: string, parts: object = {}): string {
  const shown = Object.entries(parts).map(([part, value]) => `${part}=${value}`);
  return `${name}(${shown.join(', ')})`;
}
