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
      heaviest(
        Array.from({ length: Math.min(run, count - cell * run) }, (_, i) => cell * run + i),
        weight,
      ),
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
    if (high * broad === 1) return top * columns + left;
    const shared: number[] = [];
    for (let row = top; row < Math.min(top + high, rows); row++) {
      for (let column = left; column < Math.min(left + broad, columns); column++) shared.push(row * columns + column);
    }
    return heaviest(shared, weight);
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

function heaviest(places: readonly number[], weight: (place: number) => number): number {
  let best = places[0]!;
  let most = weight(best);
  for (const place of places) {
    const next = weight(place);
    if (next > most || (Number.isNaN(next) && !Number.isNaN(most))) [best, most] = [place, next];
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
