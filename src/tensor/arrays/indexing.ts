// Elements chosen by index.

import { DTypeError, ShapeError } from '../../base/errors.js';
import type { FloatDType } from '../../base/ndarray.js';
import { elementCount, sameShape, showShape } from '../../base/shape.js';
import { StridedArray } from './strided.js';

/** What index arrays chose: rows `rows[i]`, of `width` elements each, of the array with its indexed axes seen as one. */
export interface Selection {
  /** int32, checked. */
  rows: StridedArray;
  width: number;
  /** Shape of what is selected. */
  shape: number[];
}

/**
 * What a[i] or a[i, j] selects, for one or two int32 index arrays of one shape; negative indices count from the end.
 * Throws DTypeError, ShapeError or RangeError.
 */
export function select(a: StridedArray, indices: readonly StridedArray[]): Selection {
  const most = Math.min(2, a.shape.length);
  const first = indices[0];
  if (first === undefined || indices.length > most) {
    throw new ShapeError(`indices: expected 1 to ${most} for ${a.describe()}, got ${indices.length}`);
  }
  const rows = StridedArray.full(a.core, 'int32', first.shape, 0);
  indices.forEach((index, axis) => {
    const name = `indices[${axis}]`;
    index.expectCore(a.core, name);
    if (index.dtype !== 'int32') throw new DTypeError(`${name}: expected int32, got ${index.dtype}`);
    if (!sameShape(index.shape, first.shape)) {
      throw new ShapeError(
        `${name}: expected the shape ${showShape(first.shape)} of the first, got ${showShape(index.shape)}`,
      );
    }
    const size = a.shape[axis]!;
    const values = index.toTypedArray();
    const combined = rows.elements();
    for (let i = 0; i < values.length; i++) combined[i] = combined[i]! * size + checkedIndex(name, values[i]!, size);
  });
  const rest = a.shape.slice(indices.length);
  return { rows, width: elementCount(rest), shape: [...first.shape, ...rest] };
}

/** `index` counted from the front; RangeError where the axis has no such element. */
function checkedIndex(name: string, index: number, size: number): number {
  if (index >= size || index < -size) {
    throw new RangeError(`${name}: expected indices from ${-size} to ${size - 1}, got ${index}`);
  }
  return index < 0 ? index + size : index;
}

/** out[i] = a[rows[i]]. */
export function gather(a: StridedArray, { rows, width, shape }: Selection): StridedArray {
  const out = StridedArray.allocate(a.core, a.dtype, shape);
  a.movers.gather(out.pointer, a.contiguous().pointer, rows.pointer, rows.count, width);
  return out;
}

/** An array of `shape`, zero but for out[rows[i]] += a[i], in the order of i: the gradient of `gather`. */
export function scatterAdd(
  a: StridedArray,
  { rows, width }: Pick<Selection, 'rows' | 'width'>,
  shape: readonly number[],
): StridedArray {
  const dtype = a.floatDType();
  const out = StridedArray.full(a.core, dtype, shape, 0);
  a.core.kernels[dtype].scatterAdd(out.pointer, rows.pointer, a.contiguous().pointer, rows.count, width);
  return out;
}

/** What `indices` select of `a` becomes `values`, a number or of the selection's shape; with `accumulate`, they are added to it. */
export function indexPut(
  a: StridedArray,
  indices: readonly StridedArray[],
  values: StridedArray | number,
  accumulate: boolean,
): void {
  a.core.scopes.run(() => {
    const { rows, width, shape } = select(a, indices);
    if (typeof values !== 'number' && (values.dtype !== a.dtype || !sameShape(values.shape, shape))) {
      throw new ShapeError(`values: expected ${a.dtype} ${showShape(shape)}, got ${values.describe()}`);
    }
    const source = typeof values === 'number' ? null : values.toTypedArray();
    const target = a.elements();
    rows.elements().forEach((row, i) => {
      for (let j = 0; j < width; j++) {
        const value = source === null ? (values as number) : source[i * width + j]!;
        target[row * width + j] = accumulate ? target[row * width + j]! + value : value;
      }
    });
    a.touch();
  });
}

/** out[…, j] = 1 where j is the index, otherwise 0. */
export function oneHot(indices: StridedArray, classes: number, dtype: FloatDType): StridedArray {
  const checked = checkedClasses('indices', indices, classes);
  const out = StridedArray.allocate(indices.core, dtype, [...indices.shape, classes]);
  indices.core.kernels[dtype].oneHot(out.pointer, checked.pointer, checked.count, classes);
  return out;
}

/** The int32 indices of an array, checked to lie in 0 .. classes - 1. */
export function checkedClasses(name: string, indices: StridedArray, classes: number): StridedArray {
  if (indices.dtype !== 'int32') throw new DTypeError(`${name}: expected int32, got ${indices.dtype}`);
  const contiguous = indices.contiguous();
  for (const index of contiguous.elements()) {
    if (index < 0 || index >= classes) {
      throw new RangeError(`${name}: expected classes from 0 to ${classes - 1}, got ${index}`);
    }
  }
  return contiguous;
}
