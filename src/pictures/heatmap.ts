// Heat maps: an array's values as colours around zero.

import { boolean, finite, integer, string } from '../base/check.js';
import { options as checkedOptions } from '../base/options.js';
import { showShape } from '../base/shape.js';
import { escapeControls } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { blockNote, type Grid, gridOf } from './grid.js';
import { levelClass, levelOf, levels } from './palette.js';
import { checkedSource, type Drawn, largestMagnitude, type PictureSource } from './source.js';
import { at, drawing, escaped, figure } from './svg.js';

/** How a heat map is drawn. */
export interface HeatmapOptions {
  /** Stands above it, and is read by screen readers. Default: the shape. */
  title?: string;
  /** The magnitude that has the strongest colour. Default: the largest finite one. */
  range?: number;
  /** Cells at most; of a larger array, neighbours share a cell, which shows the one of largest magnitude. Default 4096. */
  cells?: number;
}

/** How a heat map is written as text. */
export interface HeatmapTextOptions {
  /** Stands above it. Default: the shape. */
  title?: string;
  /** The magnitude that has the heaviest character. Default: the largest finite one. */
  range?: number;
  /** Characters in a line at most. Default 80. */
  width?: number;
  /** Lines of cells at most. Default 40. */
  height?: number;
  /** Adds the colours of a terminal, blue and orange. Default false. */
  colour?: boolean;
}

/**
 * A heat map as SVG text: a cell for each element, blue below zero, orange above, with a legend; NaN is a cross, infinities are triangles.
 * Of more than two axes the last ones are joined. It refers to nothing outside itself and suits light and dark pages. Throws
 * TypeError, RangeError, DTypeError or ShapeError that names the argument.
 *
 * @example heatmap(h, { title: 'h' })
 */
export function heatmap(array: PictureSource, options?: HeatmapOptions, ...surplus: never[]): string {
  refuseSurplus('heatmap', 2, surplus);
  const drawn = checkedSource('array', array);
  const given = checkedOptions('options', options, ['title', 'range', 'cells']);
  const title = given.title === undefined ? showShape(drawn.shape) : string('title', given.title);
  const range = given.range === undefined ? largestMagnitude(drawn.values) : finite('range', given.range, 0);
  const grid = gridOf(drawn.shape, integer('cells', given.cells ?? 4096, 1, 2 ** 20), magnitudeOf(drawn));
  const cell = cellSize(grid);
  const [width, height] = [Math.max(grid.columns * cell, 240), grid.rows * cell];
  const note = noteOf(drawn, grid);
  const left = (width - grid.columns * cell) / 2;
  const body = [
    `<text class="hg-text hg-head" x="12" y="20">${escaped(title)}</text>`,
    `<g class="hg-cells" transform="translate(${at(12 + left)} 32) scale(${at(cell)})">${cellPaths(grid, drawn.values, range)}</g>`,
    `<g transform="translate(12 ${at(height + 44)})">${legend(width, range)}</g>`,
    note === '' ? '' : `<text class="hg-text hg-soft" x="12" y="${at(height + 92)}">${note}</text>`,
  ].join('\n');
  return drawing(
    Math.ceil(width) + 24,
    Math.ceil(height) + (note === '' ? 84 : 104),
    `${title}: ${described(drawn, range)}`,
    body,
  );
}

/**
 * A heat map as text: a character for each element, heavier where the magnitude is larger, of one kind below zero and of another
 * above, with a legend. Throws as `heatmap` does.
 *
 * @example console.log(heatmapText(dlogits, { width: 100 }))
 */
export function heatmapText(array: PictureSource, options?: HeatmapTextOptions, ...surplus: never[]): string {
  refuseSurplus('heatmapText', 2, surplus);
  const drawn = checkedSource('array', array);
  const given = checkedOptions('options', options, ['title', 'range', 'width', 'height', 'colour']);
  const title = given.title === undefined ? showShape(drawn.shape) : string('title', given.title);
  const range = given.range === undefined ? largestMagnitude(drawn.values) : finite('range', given.range, 0);
  const width = integer('width', given.width ?? 80, 16, 1000);
  const height = integer('height', given.height ?? 40, 1, 1000);
  const colour = boolean('colour', given.colour ?? false);
  const grid = fittingGrid(drawn, width, height);
  const lines = Array.from({ length: grid.rows }, (_, row) =>
    grid.places
      .slice(row * grid.columns, (row + 1) * grid.columns)
      .map((place) => character(drawn.values[place]!, range, colour))
      .join(''),
  );
  const legend =
    range === 0
      ? 'all 0'
      : `${figure(-range)} ${[...below].reverse().join('')}${zero}${above.join('')} ${figure(range)}`;
  const note = noteOf(drawn, grid);
  return [escapeControls(title), ...lines, legend, ...(note === '' ? [] : [note])].join('\n');
}

const below = ['-', '~', '=', 'w', 'm', 'M', 'W'] as const;
const zero = '·';
const above = ['░', '░', '▒', '▒', '▓', '▓', '█'] as const;

function character(value: number, range: number, colour: boolean): string {
  if (Number.isNaN(value)) return '?';
  if (!Number.isFinite(value)) return value > 0 ? '^' : 'v';
  const level = levelOf(value, range);
  if (level === 0) return zero;
  const shown = level < 0 ? below[-level - 1]! : above[level - 1]!;
  return colour ? `\x1b[${level < 0 ? '34' : '33'}m${shown}\x1b[39m` : shown;
}

/** A grid that fits into so many columns and rows. */
function fittingGrid(drawn: Drawn, width: number, height: number): Grid {
  for (let cells = width * height; ; cells = Math.floor(cells * 0.8)) {
    const grid = gridOf(drawn.shape, Math.max(1, cells), magnitudeOf(drawn));
    if ((grid.columns <= width && grid.rows <= height) || cells < 2) return grid;
  }
}

/** What decides between elements that share a cell. */
function magnitudeOf({ values }: Drawn): (place: number) => number {
  return (place) => Math.abs(values[place]!);
}

/** The side of a cell, in pixels: small maps have large cells. */
function cellSize({ rows, columns }: Grid): number {
  return Math.max(2, Math.min(24, Math.floor(480 / Math.max(columns, rows, 1))));
}

/**
 * The cells of `grid` as paths, one a colour: rows of cells of one colour are strokes of width 1, in a system of coordinates in which a
 * cell has side 1.
 */
export function cellPaths(grid: Grid, values: ArrayLike<number>, range: number): string {
  const strokes = new Map<number, string>();
  const ends = new Map<number, [x: number, y: number]>();
  let off = '';
  const { columns, places } = grid;
  for (let cell = 0; cell < places.length; ) {
    const value = values[places[cell]!]!;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    if (!Number.isFinite(value)) {
      off += offMark(value, x, y);
      cell++;
      continue;
    }
    const level = levelOf(value, range);
    let length = 1;
    while (x + length < columns && cell + length < places.length) {
      const next = values[places[cell + length]!]!;
      if (!Number.isFinite(next) || levelOf(next, range) !== level) break;
      length++;
    }
    const [endX, endY] = ends.get(level) ?? [0, -0.5];
    const move = ends.has(level) ? `m${x - endX} ${y - endY}` : `M${x} ${y + 0.5}`;
    strokes.set(level, `${strokes.get(level) ?? ''}${move}h${length}`.replace(' -', '-'));
    ends.set(level, [x + length, y]);
    cell += length;
  }
  const paths = [...strokes]
    .sort(([a], [b]) => a - b)
    .map(([level, path]) => `<path class="hg-${levelClass(level)}" d="${path}"/>`);
  return `${paths.join('')}${off === '' ? '' : `<path class="hg-off" d="${off}"/>`}`;
}

/** A cross for NaN, a triangle that points up or down for infinities. */
function offMark(value: number, x: number, y: number): string {
  if (Number.isNaN(value)) return `M${x + 0.2} ${y + 0.2}l.6 .6m0-.6l-.6 .6`;
  return value > 0 ? `M${x + 0.15} ${y + 0.8}h.7l-.35-.6z` : `M${x + 0.15} ${y + 0.2}h.7l-.35 .6z`;
}

/** The steps of colour with the range in numbers. */
function legend(width: number, range: number): string {
  const count = 2 * levels + 1;
  const step = width / count;
  const swatches = Array.from({ length: count }, (_, i) => {
    const level = i - levels;
    return `<path class="hg-${levelClass(level)}" d="M${at(i * step)} 5h${at(step)}" stroke-width="10"/>`;
  }).join('');
  return `${swatches}<text class="hg-text" y="26">${figure(-range)}</text><text class="hg-text" x="${at(width / 2)}" y="26" text-anchor="middle">0</text><text class="hg-text" x="${at(width)}" y="26" text-anchor="end">${figure(range)}</text>`;
}

/** How many values are not finite, and what shares a cell. */
function noteOf({ values }: Drawn, grid: Grid): string {
  let [nan, infinite] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) nan++;
    else if (!Number.isFinite(values[i])) infinite++;
  }
  const notes = [
    values.length === 0 ? 'no elements' : '',
    nan > 0 ? `${nan} NaN` : '',
    infinite > 0 ? `${infinite} infinite` : '',
    blockNote(grid),
  ];
  return notes.filter((note) => note !== '').join('; ');
}

function described({ shape, values }: Drawn, range: number): string {
  return `heat map of shape ${showShape(shape)}, ${values.length === 0 ? 'empty' : `colours from ${figure(-range)} to ${figure(range)}`}`;
}
