// Examples of a word list: each character of each word, and the boundary that ends it, behind its context.

import { integer } from '../core/check.js';
import { ShapeError } from '../core/errors.js';
import type { NdArray } from '../core/ndarray.js';
import { checkedWords, type Vocabulary } from './vocabulary.js';

/** Indices with a shape; dtype is int32, data an Int32Array. */
export interface IndexArray extends NdArray {
  readonly dtype: 'int32';
  readonly data: Int32Array;
}

/** Contexts X [N, T] and the characters that follow them, Y [N]; T is `blockSize`. */
export interface Dataset {
  readonly X: IndexArray;
  readonly Y: IndexArray;
  readonly blockSize: number;
}

/** Contexts Xb [B, T] and the characters that follow them, Yb [B]. */
export interface Batch {
  readonly Xb: IndexArray;
  readonly Yb: IndexArray;
}

/**
 * The examples of `words`: contexts X [N, T] of T = `blockSize` characters, filled with the boundary before a word begins, and
 * what follows them, Y [N], both int32. Throws RangeError for a blockSize below 1 and DatasetError for a character that is not
 * in the vocabulary.
 *
 * @example const { X, Y } = buildDataset(words, new Vocabulary(words), 3);
 */
export function buildDataset(words: readonly string[], vocabulary: Vocabulary, blockSize: number): Dataset {
  const T = integer('blockSize', blockSize, 1);
  const encoded = checkedWords(words).map((word) => vocabulary.encode(word));
  const N = encoded.reduce((rows, indices) => rows + indices.length + 1, 0);
  const X = new Int32Array(N * T);
  const Y = new Int32Array(N);
  let row = 0;
  for (const indices of encoded) {
    for (let end = 0; end <= indices.length; end++, row++) {
      for (let start = Math.max(0, end - T); start < end; start++) X[row * T + T - end + start] = indices[start]!;
      Y[row] = indices[end] ?? 0;
    }
  }
  return { X: indexArray([N, T], X), Y: indexArray([N], Y), blockSize: T };
}

/**
 * Rows `indices` of a dataset, in their order: Xb [B, T] and Yb [B], both int32. Throws RangeError for an index that is no row,
 * ShapeError when X and Y don't fit together.
 *
 * @example const { Xb, Yb } = takeBatch(dataset, [0, 2, 1]);
 */
export function takeBatch(dataset: Dataset, indices: ArrayLike<number>): Batch {
  const { X, Y, blockSize: T } = dataset;
  const N = Y.data.length;
  if (X.data.length !== N * T) {
    throw new ShapeError(`dataset: expected X of shape [${N}, ${T}], got ${X.data.length} values`);
  }
  const B = indices.length;
  const Xb = new Int32Array(B * T);
  const Yb = new Int32Array(B);
  for (let b = 0; b < B; b++) {
    const row = integer(`indices[${b}]`, indices[b], 0, N - 1);
    for (let t = 0; t < T; t++) Xb[b * T + t] = X.data[row * T + t]!;
    Yb[b] = Y.data[row]!;
  }
  return { Xb: indexArray([B, T], Xb), Yb: indexArray([B], Yb) };
}

function indexArray(shape: number[], data: Int32Array): IndexArray {
  return { dtype: 'int32', shape, data };
}
