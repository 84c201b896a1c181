// The heat maps of a gradient: candidate, reference and difference side by side, with one cursor over all of them.

import { type DType, dtypes } from '../base/ndarray.js';
import { indexOf } from '../compare/compare.js';
import { blockNote, type Grid, gridOf } from '../pictures/grid.js';
import { cellPaths } from '../pictures/heatmap.js';
import { levelClass, levels } from '../pictures/palette.js';
import { largestMagnitude } from '../pictures/source.js';
import { at, escaped, figure } from '../pictures/svg.js';
import { indexText } from './words.js';

/** One of several heat maps over the same grid. */
export interface Layer {
  readonly label: string;
  /** What is below the label; HTML. */
  readonly note: string;
  readonly values: ArrayLike<number>;
  /** The magnitude of the strongest colour. */
  readonly range: number;
  /** Significant digits that the values are read out with. */
  readonly digits: number;
}

/** Heat maps that share a cursor. */
export interface MapGroup {
  /** What they show, for screen readers: the heat maps of dW2. */
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly layers: readonly Layer[];
  /** Which of the elements that share a cell is shown: the one of the largest weight. */
  readonly weight: (place: number) => number;
  /** The element that is ringed and read out at first. */
  readonly worst: number | undefined;
}

/** Heat maps of at most `most` cells each, as HTML. */
export function heatMaps({ name, dtype, shape, layers, weight, worst }: MapGroup, most: number): string {
  const grid = gridOf(shape, most, weight);
  if (grid.places.length === 0) return '<p class="note">It has no elements.</p>';
  const ringed = worst === undefined ? -1 : grid.places.indexOf(worst);
  const first = Math.max(0, ringed);
  const figures = layers.map((layer) => mapFigure(grid, dtype, layer, ringed));
  const place = grid.places[first]!;
  const read = layers.map(
    ({ label, values, digits }) =>
      `<span>${label} <b data-digits="${digits}">${figure(values[place]!, digits)}</b></span>`,
  );
  const note = [ringed < 0 ? '' : 'The ring marks the element that errs most.', blockSentence(grid)]
    .filter((text) => text !== '')
    .join(' ');
  const shared = grid.block === undefined ? '' : ` data-places="${base64(Uint32Array.from(grid.places).buffer)}"`;
  return `<div class="maps" data-columns="${grid.columns}" data-cells="${grid.places.length}" data-first="${first}" data-shape="${shape.join(',')}" data-bytes="${bytesOf(dtype)}"${shared}>
<div class="map-row" tabindex="0" role="application" aria-roledescription="heat maps" aria-label="${escaped(name)}, ${shape.length === 0 ? 'a scalar' : shape.join(' by ')}; arrow keys move over cells">${figures.join('\n')}</div>
<output class="readout" aria-live="polite" aria-atomic="true"><span class="place">${indexText(indexOf(place, shape))}</span> ${read.join(' ')}</output>
<p class="note">${note}<span class="with-script"> Point at a cell, tap it, or move with the arrow keys.</span></p>
</div>`;
}

function mapFigure(grid: Grid, dtype: DType, { label, note, values, range }: Layer, ringed: number): string {
  const { rows, columns } = grid;
  const [x, y] = [ringed % columns, Math.floor(ringed / columns)];
  // Few rows are drawn high enough to be pointed at.
  const stretch = Math.max(1, Math.min(24, Math.floor(columns / 10 / rows)));
  const [width, height] = sizeOf(rows * stretch, columns);
  // Around the cell, never over it, and large enough to be seen.
  const [across, down] = [columns / width, rows / height].map((cells) => Math.max(0.75, 8 * cells));
  const ring =
    ringed < 0 ? '' : `<ellipse class="ring" cx="${x + 0.5}" cy="${y + 0.5}" rx="${at(across!)}" ry="${at(down!)}"/>`;
  return `<figure><svg class="map" viewBox="0 0 ${columns} ${rows * stretch}" width="${width}" height="${height}" preserveAspectRatio="none" role="img" aria-label="${escaped(label)}" data-values="${encoded(grid, values, dtype)}"><g${stretch > 1 ? ` transform="scale(1 ${stretch})"` : ''}><g class="hg-cells">${cellPaths(grid, values, range)}</g>${ring}<rect class="cursor" width="1" height="1" visibility="hidden"/></g></svg>
<figcaption><b>${label}</b>${note === '' ? '' : ` ${note}`}<span class="scale">${scale(values, range)}</span></figcaption></figure>`;
}

function scale(values: ArrayLike<number>, range: number): string {
  if (range > 0) return `${figure(-range)} ${swatches} ${figure(range)}`;
  return Array.prototype.every.call(values, (value) => value === 0) ? '0 everywhere' : 'nothing finite but 0';
}

/** The legend's colours. */
const swatches = `<svg class="swatches" viewBox="0 0 ${2 * levels + 1} 1" preserveAspectRatio="none" aria-hidden="true"><g class="hg-cells">${Array.from({ length: 2 * levels + 1 }, (_, i) => `<path class="hg-${levelClass(i - levels)}" d="M${i} .5h1"/>`).join('')}</g></svg>`;

/** Pixels: cells as large as fit. */
function sizeOf(rows: number, columns: number): [width: number, height: number] {
  const cell = Math.min(300 / columns, 330 / rows, 24);
  return [Math.round(columns * cell), Math.max(8, Math.round(rows * cell))];
}

function blockSentence(grid: Grid): string {
  const note = blockNote(grid);
  return note === '' ? '' : `There are more elements than cells: ${note}, the one that errs most.`;
}

function bytesOf(dtype: DType): 4 | 8 {
  return dtype === 'float64' ? 8 : 4;
}

/** The values of the cells, of 4 or 8 bytes each, in little-endian order. */
function encoded({ places }: Grid, values: ArrayLike<number>, dtype: DType): string {
  const array =
    bytesOf(dtype) === 8 ? new dtypes.float64.array(places.length) : new dtypes.float32.array(places.length);
  places.forEach((place, i) => {
    array[i] = values[place]!;
  });
  return base64(array.buffer);
}

function base64(buffer: ArrayBufferLike): string {
  const bytes = new Uint8Array(buffer);
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return btoa(text);
}

/** Range that candidate and reference share, so that their colours mean the same. */
export function sharedRange(...arrays: readonly ArrayLike<number>[]): number {
  return Math.max(...arrays.map(largestMagnitude));
}
