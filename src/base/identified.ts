// Objects whose values stand in linear memory, where comparing and cloning do not see them.
/// <reference lib="esnext.disposable" preserve="true" />

/** The name of the method that `using` calls, in engines that do not know it yet too. */
export const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

let last = 0;
const notice = Symbol('handgrad: expected { dtype, shape, data } to clone or to post, got an object in linear memory');

/** Tells objects apart for those who look at own properties alone. */
export abstract class Identified {
  /** A number that no other object has, so that no two are ever equal to deepStrictEqual or toEqual. */
  readonly id: number = ++last;
  /** What structuredClone and postMessage can't clone and name in their error, and what a browser's console shows. */
  readonly unclonable: symbol;

  /** @internal */
  constructor(unclonable: symbol = notice) {
    this.unclonable = unclonable;
  }
}
