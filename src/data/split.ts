// The notebook's split of a shuffled word list.

import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { checkedWords } from './vocabulary.js';

/** The three parts of a word list: train, dev and test. */
export interface Split {
  readonly train: string[];
  readonly dev: string[];
  readonly test: string[];
}

/**
 * The first 80% of `words`, the next 10% and the last 10%, cut at `int(0.8*n)` and `int(0.9*n)`. Shuffle them before. Throws
 * TypeError for what is no array of strings.
 *
 * @example const { train, dev, test } = split(words);
 */
export function split(words: readonly string[], ...surplus: AsCallback): Split {
  refuseSurplus('split', 1, surplus);
  const list = checkedWords(words);
  const n1 = Math.trunc(0.8 * list.length);
  const n2 = Math.trunc(0.9 * list.length);
  return { train: list.slice(0, n1), dev: list.slice(n1, n2), test: list.slice(n2) };
}
