// Shapes and axes, and how PyTorch writes them.

import { integer, small } from './check.js';
import { ShapeError } from './errors.js';
import { show } from './show.js';

/** Number of elements of `shape`; 1 for a scalar, []. */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) {
    if (size === 0) return 0;
    count *= size;
  }
  return count;
}

/** Axes that a shape may have, as many as in PyTorch and NumPy. */
export const mostAxes = 64;

/** A checked copy of `shape`: an array of at most 64 integers of at least 0. */
export function checkedShape(name: string, shape: readonly number[]): number[] {
  if (!Array.isArray(shape)) throw new TypeError(`${name}: expected an array of integers, got ${show(shape)}`);
  if (shape.length > mostAxes) {
    throw new ShapeError(`${name}: expected at most ${mostAxes} axes, got ${shape.length}`);
  }
  return sizeList(name, shape, (axis, size) => integer(axis, size, 0));
}

/**
 * `check(`name[i]`, size)` of each item of an array. Apart from `list`, for V8: lists of sizes that go through code which fractions go through
 * too become arrays of floats, which make everything slower that reads a shape.
 */
export function sizeList(
  name: string,
  sizes: readonly unknown[],
  check: (name: string, size: unknown) => number,
): number[] {
  const checked: number[] = [];
  for (let i = 0; i < sizes.length; i++) checked.push(small(check(`${name}[${i}]`, sizes[i])));
  return checked;
}

/** Axis `dim` counted from the front; PyTorch's negative axes count from the end. */
export function checkedDim(name: string, dim: number, rank: number): number {
  if (typeof dim !== 'number') throw new TypeError(`${name}: expected an axis, got ${show(dim)}`);
  if (rank === 0) throw new ShapeError(`${name}: expected a tensor with axes, got a scalar`);
  if (!Number.isInteger(dim) || dim < -rank || dim >= rank) {
    throw new ShapeError(`${name}: expected an axis from ${-rank} to ${rank - 1}, got ${show(dim)}`);
  }
  return dim < 0 ? dim + rank : dim;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Whether two shapes are the same but for axes of size 1. */
export function sameButForOnes(a: readonly number[], b: readonly number[]): boolean {
  const larger = (size: number) => size !== 1;
  return sameShape(a.filter(larger), b.filter(larger));
}

/** Throws a ShapeError that names the argument unless `shape` is `expected`. */
export function expectShape(name: string, shape: readonly number[], expected: readonly number[]): void {
  if (sameShape(shape, expected)) return;
  throw new ShapeError(`${name}: expected shape ${showShape(expected)}, got ${showShape(shape)}`);
}

/** A shape as PyTorch writes it: [32, 64]. */
export function showShape(shape: readonly number[]): string {
  return shape.length > mostAxes ? `one of ${shape.length} axes` : `[${shape.join(', ')}]`;
}
