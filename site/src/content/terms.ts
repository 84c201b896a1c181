// The terms that made a cell of a tensor or of a gradient, worked out from the tensors that it was made of.

import type { NdArray } from 'handgrad';
import { type Scope, type Worked, work } from './formula.js';
import { axesOf, type Path, sums } from './sums.js';

/** What terms are worked out from. */
export interface Known {
  /** A value under its name, a gradient under the name with d before it; undefined where there is none. */
  tensor(name: string): NdArray | undefined;
  readonly eps: number;
}

/** One of the products that a cell is the sum of. */
export interface Term {
  /** Its factors with numbers for the letters: `h[3, 12] · dlogits[3, 5]`. */
  readonly label: string;
  readonly factors: readonly Worked[];
  readonly value: number;
  /** In a gradient with two branches: the tensor through which it comes. */
  readonly through?: string;
}

/** A cell as the sum of its terms, in float64. */
export interface Sum {
  readonly terms: readonly Term[];
  readonly sum: number;
}

/**
 * The terms of the cell `index` of `title`, which is a tensor's name or, for its gradient, that with d before it: `dW2`. A cell that nothing
 * reaches has none, and the sum 0. Undefined for what is given rather than computed: parameters, inputs and dloss. Throws
 * RangeError where a tensor is not known, or the index is not there.
 *
 * @example termsOf('dW2', [12, 5], known)?.terms.length // B
 */
export function termsOf(title: string, index: readonly number[], known: Known): Sum | undefined {
  const paths = sums[title];
  if (paths === undefined) return undefined;
  const tensor = (name: string): NdArray => {
    const found = known.tensor(name);
    if (found === undefined) throw new RangeError(`known: expected a tensor ${name}, got none`);
    return found;
  };
  const letters = axesOf[title] ?? axesOf[title.slice(1)]!;
  const sizes = sizesOf(tensor, known.eps);
  const isInside =
    index.length === letters.length &&
    letters.every((letter, axis) => index[axis]! >= 0 && index[axis]! < (letter === '0' ? 1 : rangeOf(letter, sizes)));
  if (!isInside) throw new RangeError(`index: expected [${letters.join(', ')}] of ${title}, got [${index.join(', ')}]`);
  const numbers = new Map([...sizes, ...letters.map((letter, axis) => [letter, index[axis]!] as const)]);
  const terms = paths.flatMap((path) => termsOn(path, { tensor, numbers }));
  return { terms, sum: terms.reduce((sum, { value }) => sum + value, 0) };
}

function sizesOf(tensor: (name: string) => NdArray, eps: number): ReadonlyMap<string, number> {
  const [B, T] = tensor('Xb').shape as [number, number];
  const [V, E] = tensor('C').shape as [number, number];
  const H = tensor('W2').shape[0]!;
  return new Map(Object.entries({ B, T, V, E, H, eps }));
}

/** How many values a letter has. */
function rangeOf(letter: string, sizes: ReadonlyMap<string, number>): number {
  const size = (name: string) => sizes.get(name)!;
  const ranges: Readonly<Record<string, number>> = {
    ...{ b: size('B'), t: size('T'), e: size('E'), c: size('V'), j: size('V'), i: size('H') },
    k: size('T') * size('E'),
  };
  return ranges[letter]!;
}

function termsOn(path: Path, scope: Scope): Term[] {
  const { over = [], where, factors, through } = path;
  let scopes = [scope];
  for (const letter of over) {
    const values = Array.from({ length: rangeOf(letter, scope.numbers) }, (_, value) => value);
    scopes = scopes.flatMap(({ tensor, numbers }) =>
      values.map((value) => ({ tensor, numbers: new Map([...numbers, [letter, value]]) })),
    );
  }
  return scopes
    .filter((one) => where === undefined || work(where, one).value !== 0)
    .map((one) => {
      const worked = factors.map((factor) => work(factor, one));
      const value = worked.reduce((product, factor) => product * factor.value, 1);
      const label = worked.map(({ text }) => text).join(' · ');
      return { label, factors: worked, value, ...(through === undefined ? {} : { through }) };
    });
}
