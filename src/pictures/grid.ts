// An array of any shape as a grid of cells; several elements share a cell where there are more than fit.

import { elementCount } from '../base/shape.js';

/** Cells in rows; the last row of a vector may be shorter. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** For each cell the place, row-major, of the element that it shows. */
  readonly places: readonly number[];
  /** How many elements share a cell along each side; of a vector, in a run. Undefined where each has its own. */
  readonly block?: readonly number[];
}

/** Vectors are folded into rows of this many cells. */
const vectorWidth = 64;

/**
 * `shape` as a grid of at most `most` cells. Axes are joined into rows and columns so that these are nearest to a square; a vector becomes
 * one row, or several. Of elements that share a cell the one of the largest `weight` is shown, NaN above all, the first among equals.
 */
export function gridOf(shape: readonly number[], most: number, weight: (place: number) => number): Grid {
  const count = elementCount(shape);
  const wide = shape.filter((size) => size !== 1);
  if (wide.length < 2) {
    const run = Math.ceil(count / most);
    const cells = run === 0 ? 0 : Math.ceil(count / run);
    const places = Array.from({ length: cells }, (_, cell) =>
      heaviest(1, cell * run, Math.min(run, count - cell * run), 0, weight),
    );
    const columns = Math.min(cells, vectorWidth);
    return {
      rows: columns === 0 ? 0 : Math.ceil(cells / columns),
      columns,
      places,
      ...(run > 1 ? { block: [run] } : {}),
    };
  }
  const [rows, columns] = sides(wide);
  if (count === 0) return { rows: 0, columns: 0, places: [] };
  const [high, broad] = blockOf(rows, columns, most);
  const [cellRows, cellColumns] = [Math.ceil(rows / high), Math.ceil(columns / broad)];
  const places = Array.from({ length: cellRows * cellColumns }, (_, cell) => {
    const [top, left] = [Math.floor(cell / cellColumns) * high, (cell % cellColumns) * broad];
    const [tall, wide] = [Math.min(high, rows - top), Math.min(broad, columns - left)];
    return heaviest(tall, top * columns + left, wide, columns, weight);
  });
  return {
    rows: cellRows,
    columns: cellColumns,
    places,
    ...(high * broad > 1 ? { block: [high, broad] } : {}),
  };
}

/** Rows and columns: the axes up to one and those behind it, nearest to a square, rather broad than high. */
function sides(shape: readonly number[]): [rows: number, columns: number] {
  const candidates = shape
    .slice(1)
    .map((_, i): [number, number] => [elementCount(shape.slice(0, i + 1)), elementCount(shape.slice(i + 1))]);
  const unevenness = ([rows, columns]: [number, number]) => Math.abs(Math.log(columns / rows) - 0.1);
  return candidates.reduce((best, next) => (unevenness(next) < unevenness(best) ? next : best));
}

/** How many rows and columns share a cell, so that there are at most `most` cells. */
function blockOf(rows: number, columns: number, most: number): [high: number, broad: number] {
  let [high, broad] = [1, 1];
  while (Math.ceil(rows / high) * Math.ceil(columns / broad) > most) {
    if (Math.ceil(rows / high) > Math.ceil(columns / broad)) high++;
    else broad++;
  }
  return [high, broad];
}

/** Of `rows` rows of `length` places each, `stride` apart, the first at `begin`, the one of the largest weight. */
function heaviest(
  rows: number,
  begin: number,
  length: number,
  stride: number,
  weight: (place: number) => number,
): number {
  if (rows * length === 1) return begin;
  let [best, most] = [begin, weight(begin)];
  for (let row = 0; row < rows; row++) {
    const first = begin + row * stride;
    for (let place = first; place < first + length; place++) {
      const next = weight(place);
      if (next > most || (Number.isNaN(next) && !Number.isNaN(most))) {
        best = place;
        most = next;
      }
    }
  }
  return best;
}

/** What shares a cell, in words; empty where nothing does. */
export function blockNote({ block }: Grid): string {
  if (block === undefined) return '';
  return block.length === 1
    ? `each cell shows one of ${block[0]} in a row`
    : `each cell shows one of ${block.join(' × ')}`;
}
