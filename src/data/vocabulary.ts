// The characters of a word list and their indices.

import { integer, list, string } from '../base/check.js';
import { DatasetError } from '../base/errors.js';
import { pythonString } from '../base/python.js';
import { show } from '../base/show.js';
import { type AsCallback, refuseSurplus, strictArguments } from '../base/surplus.js';
import { hasLoneSurrogate } from './surrogates.js';

/**
 * The characters (Unicode code points) of `words`, numbered from 1 in the order of their code points; 0 is ".", the boundary
 * of words. Throws DatasetError when a word has the boundary in it.
 *
 * @example new Vocabulary(['emma', 'ava']).encode('eva') // [2, 4, 1]
 */
export class Vocabulary {
  /** The index of each character. */
  readonly stoi: ReadonlyMap<string, number>;
  /** The character of each index. */
  readonly itos: readonly string[];

  /** What `encode` reads, whatever becomes of `stoi`. */
  readonly #stoi: ReadonlyMap<string, number>;

  constructor(words: readonly string[], ...surplus: AsCallback) {
    refuseSurplus('Vocabulary', 1, surplus);
    const characters = new Set<string>();
    for (const word of checkedWords(words)) {
      checkWord('words', word);
      for (const character of word) characters.add(character);
    }
    const sorted = [...characters].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    this.itos = Object.freeze(['.', ...sorted]);
    this.#stoi = new Map(this.itos.map((character, index) => [character, index]));
    this.stoi = new Map(this.#stoi);
    Object.freeze(this);
  }

  /** `value` when it is a vocabulary; otherwise a TypeError that names the argument. @internal */
  static checked(name: string, value: unknown): Vocabulary {
    if (#stoi in Object(value)) return value as Vocabulary;
    throw new TypeError(`${name}: expected a Vocabulary, got ${show(value)}`);
  }

  /** Number of characters with the boundary: V, 27 for a to z. */
  get size(): number {
    return this.itos.length;
  }

  /**
   * The indices of the characters of `word`. Throws DatasetError for a character that is not in the vocabulary.
   *
   * @example new Vocabulary(['abc']).encode('cab.') // [3, 1, 2, 0]
   */
  encode(word: string): number[] {
    const indices: number[] = [];
    for (const character of string('word', word)) {
      const index = this.#stoi.get(character);
      if (index === undefined) {
        const known = show(this.itos.join(''));
        throw new DatasetError(`word: expected characters of ${known}, got ${show(character)} in ${show(word)}`);
      }
      indices.push(index);
    }
    return indices;
  }

  /**
   * The characters at `indices`. Throws RangeError for an index that is not in the vocabulary.
   *
   * @example new Vocabulary(['abc']).decode([3, 1, 2, 0]) // 'cab.'
   */
  decode(indices: ArrayLike<number>): string {
    return list('indices', indices, (name, index) => this.itos[integer(name, index, 0, this.size - 1)]).join('');
  }

  /** The notebook's `print(itos)`, as Python prints it: `{1: 'a', 2: 'b', …, 0: '.'}`. */
  toString(): string {
    const items = this.itos.map((character, index) => `${index}: ${pythonString(character)}`);
    return `{${[...items.slice(1), items[0]].join(', ')}}`;
  }
}

strictArguments(Vocabulary.prototype);

/** Throws DatasetError, beginning with `name`, for a word with the boundary or half a surrogate pair in it. */
export function checkWord(name: string, word: string, line?: number): void {
  const where = () => (line === undefined ? '' : ` on line ${line}`);
  if (word.includes('.')) {
    throw new DatasetError(`${name}: expected no ".", the boundary of words, got ${show(word)}${where()}`);
  }
  if (hasLoneSurrogate(word)) {
    throw new DatasetError(`${name}: expected whole characters, got half a pair in ${show(word)}${where()}`);
  }
}

/** A copy of `words` when it is an array of strings; otherwise a TypeError. */
export function checkedWords(words: readonly string[]): string[] {
  if (!Array.isArray(words)) throw new TypeError(`words: expected an array of strings, got ${show(words)}`);
  return list('words', words, string);
}
