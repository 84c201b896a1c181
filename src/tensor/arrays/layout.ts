// Shapes and strides, in elements: which element of a block of memory stands at which index.

import { list, number } from '../../base/check.js';
import { ShapeError } from '../../base/errors.js';
import { checkedDim, elementCount, mostAxes, showShape, sizeList } from '../../base/shape.js';
import { show } from '../../base/show.js';

type Sizes = readonly number[];

/** Row-major strides of `shape`. */
export function contiguousStrides(shape: Sizes): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return strides;
}

/** Whether the elements stand row-major, without gaps. */
export function isContiguous(shape: Sizes, strides: Sizes): boolean {
  if (elementCount(shape) === 0) return true;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

/** NumPy's broadcast of two shapes. Throws ShapeError. */
export function broadcastShapes(name: string, a: Sizes, b: Sizes): number[] {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  const added = longer.length - shorter.length;
  return longer.map((x, axis) => {
    const y = axis < added ? 1 : shorter[axis - added]!;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(`${name}: expected a shape that broadcasts with ${showShape(a)}, got ${showShape(b)}`);
    }
    return x === 1 ? y : x;
  });
}

/** Strides that read an array of `shape` as one of the larger shape `to`: 0 along the axes that are repeated. */
export function broadcastStrides(shape: Sizes, strides: Sizes, to: Sizes): number[] {
  const added = to.length - shape.length;
  return to.map((size, axis) => (axis < added || shape[axis - added] !== size ? 0 : strides[axis - added]!));
}

/** Axes of `to` along which an array of `shape` is repeated. */
export function repeatedAxes(shape: Sizes, to: Sizes): number[] {
  const added = to.length - shape.length;
  const axes: number[] = [];
  to.forEach((size, axis) => {
    if (axis < added || (shape[axis - added] === 1 && size !== 1)) axes.push(axis);
  });
  return axes;
}

/** A walk over several arrays of one shape at once: `outer` steps, each over a [rows, columns] plane. */
export interface Walk {
  rows: number;
  columns: number;
  /** For each array, the strides within a plane. */
  rowStrides: number[];
  columnStrides: number[];
  /** Calls `visit` for each plane in order, with the offset of its first element in each array. */
  forEachPlane(visit: (offsets: number[]) => void): void;
}

/** The walk with the fewest planes: axes of size 1 go, and neighbours that every array steps through evenly become one. */
export function walk(shape: Sizes, strides: Sizes[]): Walk {
  // From the last axis to the first: columns, rows, and what is outside the planes.
  const sizes: number[] = [];
  const steps: number[][] = strides.map(() => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && strides.every((s, array) => s[axis] === steps[array]![last]! * sizes[last]!)) sizes[last]! *= size;
    else {
      sizes.push(size);
      strides.forEach((s, array) => {
        steps[array]!.push(s[axis]!);
      });
    }
  }
  const [columns = 1, rows = 1, ...outer] = sizes;
  return {
    rows,
    columns,
    rowStrides: steps.map((s) => s[1] ?? 0),
    columnStrides: steps.map((s) => s[0] ?? 0),
    forEachPlane(visit) {
      const index = outer.map(() => 0);
      for (let plane = elementCount(outer); plane > 0; plane--) {
        visit(steps.map((s) => index.reduce((offset, i, axis) => offset + i * s[axis + 2]!, 0)));
        for (let axis = 0; axis < outer.length && ++index[axis]! === outer[axis]; axis++) index[axis] = 0;
      }
    },
  };
}

/** `shape` with its one -1 replaced by what `count` elements need. Throws ShapeError where they do not fit. */
export function fitShape(name: string, shape: Sizes, count: number): number[] {
  const sizes = sizeList(name, shape, number);
  const known = sizes.filter((size) => size !== -1);
  const rest = elementCount(known);
  const free = sizes.length - known.length;
  const fits = free === 0 ? rest === count : free === 1 && rest > 0 && count % rest === 0;
  if (!fits || sizes.length > mostAxes || known.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(`${name}: expected a shape of ${count} elements, got ${showShape(sizes)}`);
  }
  return sizes.map((size) => (size === -1 ? count / rest : size));
}

/** The axes of `dims`, counted from the front, each once, in ascending order; every axis where `dims` is undefined or, as in PyTorch, empty. */
export function axesOf(name: string, dims: number | Sizes | undefined, rank: number): number[] {
  if (dims === undefined || (Array.isArray(dims) && dims.length === 0)) {
    return Array.from({ length: rank }, (_, axis) => axis);
  }
  if (typeof dims !== 'number' && !Array.isArray(dims)) {
    throw new TypeError(`${name}: expected an axis or a list of axes, got ${show(dims)}`);
  }
  const axes =
    typeof dims === 'number'
      ? [checkedDim(name, dims, rank)]
      : list(name, dims, (item, dim) => checkedDim(item, dim as number, rank));
  if (new Set(axes).size < axes.length) throw new ShapeError(`${name}: expected each axis once, got ${show(dims)}`);
  return axes.sort((a, b) => a - b);
}

/** `shape` without `axes`, or with size 1 along them where `keepdim` is set. */
export function reducedShape(shape: Sizes, axes: Sizes, keepdim: boolean): number[] {
  return keepdim
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
}
