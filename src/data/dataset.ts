// Examples of a word list: each character of each word, and the boundary that ends it, behind its context.

import { integer, list } from '../base/check.js';
import { DTypeError } from '../base/errors.js';
import { checkedNdArray, type NdArray, newArray } from '../base/ndarray.js';
import { fields } from '../base/options.js';
import { expectShape } from '../base/shape.js';
import { refuseSurplus } from '../base/surplus.js';
import { checkedWords, Vocabulary } from './vocabulary.js';

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
export function buildDataset(
  words: readonly string[],
  vocabulary: Vocabulary,
  blockSize: number,
  ...surplus: never[]
): Dataset {
  refuseSurplus('buildDataset', 3, surplus);
  const T = integer('blockSize', blockSize, 1);
  Vocabulary.checked('vocabulary', vocabulary);
  const encoded = checkedWords(words).map((word) => vocabulary.encode(word));
  const N = encoded.reduce((rows, indices) => rows + indices.length + 1, 0);
  const X = newArray('blockSize', 'int32', N * T);
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
 * The parts of `dataset`, which errors call `name`, read once: X int32 [N, T] and Y int32 [N] with T = blockSize. Throws TypeError, DTypeError, RangeError or
 * ShapeError for what is none.
 */
export function checkedDataset(dataset: Dataset, name: string = 'dataset'): Dataset {
  const parts = ({ X, Y, blockSize }: Dataset) => ({ X, Y, blockSize });
  const { X, Y, blockSize } = fields(name, 'an object with X, Y and blockSize', dataset, parts);
  const T = integer(`${name}.blockSize`, blockSize, 1);
  const contexts = checkedIndexArray(`${name}.X`, X);
  const targets = checkedIndexArray(`${name}.Y`, Y);
  const N = targets.data.length;
  expectShape(`${name}.Y`, targets.shape, [N]);
  expectShape(`${name}.X`, contexts.shape, [N, T]);
  return { X: contexts, Y: targets, blockSize: T };
}

function checkedIndexArray(name: string, array: NdArray): IndexArray {
  const { dtype, shape, data } = checkedNdArray(name, array);
  if (dtype !== 'int32') throw new DTypeError(`${name}: expected int32, got ${dtype}`);
  return { dtype, shape, data: data as Int32Array };
}

/**
 * Rows `indices` of a dataset, in their order: Xb [B, T] and Yb [B], both int32. Throws RangeError for an index that is no row,
 * and TypeError, DTypeError or ShapeError for what is no dataset.
 *
 * @example const { Xb, Yb } = takeBatch(dataset, [0, 2, 1]);
 */
export function takeBatch(dataset: Dataset, indices: ArrayLike<number>, ...surplus: never[]): Batch {
  refuseSurplus('takeBatch', 2, surplus);
  const { X, Y, blockSize: T } = checkedDataset(dataset);
  const rows = list('indices', indices, (name, row) => integer(name, row, 0, Y.data.length - 1));
  const B = rows.length;
  const Xb = new Int32Array(B * T);
  const Yb = new Int32Array(B);
  rows.forEach((row, b) => {
    for (let t = 0; t < T; t++) Xb[b * T + t] = X.data[row * T + t]!;
    Yb[b] = Y.data[row]!;
  });
  return { Xb: indexArray([B, T], Xb), Yb: indexArray([B], Yb) };
}

function indexArray(shape: number[], data: Int32Array): IndexArray {
  return { dtype: 'int32', shape, data };
}
