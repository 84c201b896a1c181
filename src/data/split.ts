// The notebook's split of a shuffled word list.

/** The three parts of a word list: train, dev and test. */
export interface Split {
  readonly train: string[];
  readonly dev: string[];
  readonly test: string[];
}

/**
 * The first 80% of `words`, the next 10% and the last 10%, cut at `int(0.8*n)` and `int(0.9*n)`. Shuffle them before.
 *
 * @example const { train, dev, test } = split(words);
 */
export function split(words: readonly string[]): Split {
  const n1 = Math.trunc(0.8 * words.length);
  const n2 = Math.trunc(0.9 * words.length);
  return { train: words.slice(0, n1), dev: words.slice(n1, n2), test: words.slice(n2) };
}
