// Histograms: how many values fall between which bounds.

import { finite, integer, list, string } from '../base/check.js';
import { options as checkedOptions } from '../base/options.js';
import { showShape } from '../base/shape.js';
import { escapeControls, show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { along, padded, valueAt } from './scale.js';
import { checkedSource, type Drawn, extent, type PictureSource } from './source.js';
import { at, drawing, escaped, figure, ticks } from './svg.js';

/** How a histogram is drawn. */
export interface HistogramOptions {
  /** Stands above it, and is read by screen readers. Default: the shape. */
  title?: string;
  /** How many bins of one width there are. Default 40. */
  bins?: number;
  /** Where the first bin begins and the last one ends; what lies outside is counted apart. Default: the finite values' own. */
  range?: readonly [low: number, high: number];
}

/** How a histogram is written as text. */
export interface HistogramTextOptions extends HistogramOptions {
  /** Characters in a line at most. Default 80. */
  width?: number;
}

/**
 * A histogram as SVG text; values that are not finite, or outside the range, are counted below it. Throws TypeError, RangeError,
 * DTypeError or ShapeError that names the argument.
 *
 * @example histogram(h, { title: 'h', bins: 50 })
 */
export function histogram(array: PictureSource, options?: HistogramOptions, ...surplus: never[]): string {
  refuseSurplus('histogram', 2, surplus);
  const drawn = checkedSource('array', array);
  const given = checkedOptions('options', options, ['title', 'bins', 'range']);
  const { title, counts, low, high, note } = counted(drawn, given, 40);
  const [width, height] = [480, 200];
  const most = Math.max(1, ...counts);
  const x = (value: number) => 12 + along(value, [low, high], width);
  const bars = counts.flatMap((count, i) => {
    if (count === 0) return [];
    const tall = Math.max(1, (height * count) / most);
    const broad = width / counts.length;
    return [
      `<rect class="hg-bar" x="${at(12 + i * broad + 0.5)}" y="${at(36 + height - tall)}" width="${at(broad - 1)}" height="${at(tall)}"/>`,
    ];
  });
  const labels = ticks(low, high).map(
    (value) =>
      `<path class="hg-axis" d="M${at(x(value))} ${36 + height}v4"/><text class="hg-text" x="${at(x(value))}" y="${54 + height}" text-anchor="middle">${figure(value)}</text>`,
  );
  const body = [
    `<text class="hg-text hg-head" x="12" y="20">${escaped(title)}</text>`,
    `<text class="hg-text hg-soft" x="${12 + width}" y="20" text-anchor="end">most in a bin: ${most}</text>`,
    ...bars,
    `<path class="hg-axis" d="M12 ${36 + height}h${width}"/>`,
    ...labels,
    note === '' ? '' : `<text class="hg-text hg-soft" x="12" y="${76 + height}">${note}</text>`,
  ].join('\n');
  const described = `${title}: histogram of ${drawn.values.length} values from ${figure(low)} to ${figure(high)}`;
  return drawing(width + 24, height + (note === '' ? 66 : 88), described, body);
}

/**
 * A histogram as text, a line a bin. Throws as `histogram` does.
 *
 * @example console.log(histogramText(h))
 */
export function histogramText(array: PictureSource, options?: HistogramTextOptions, ...surplus: never[]): string {
  refuseSurplus('histogramText', 2, surplus);
  const drawn = checkedSource('array', array);
  const { width: givenWidth, ...given } = checkedOptions('options', options, ['title', 'bins', 'range', 'width']);
  const width = integer('width', givenWidth ?? 80, 30, 1000);
  const { title, counts, low, high, note } = counted(drawn, given, 16);
  const most = Math.max(1, ...counts);
  const from = counts.map((_, i) => figure(valueAt(i, [low, high], counts.length)));
  const margin = Math.max(...from.map((text) => text.length));
  const digits = String(most).length;
  const lines = counts.map((count, i) => {
    const bar = '█'.repeat(Math.round(((width - margin - digits - 3) * count) / most)) || (count > 0 ? '▏' : '');
    return `${from[i]!.padStart(margin)} ${String(count).padStart(digits)} ${bar}`.trimEnd();
  });
  const end = `${figure(high).padStart(margin)} end`;
  return [escapeControls(title), ...lines, end, ...(note === '' ? [] : [note])].join('\n');
}

interface Counted {
  readonly title: string;
  readonly counts: readonly number[];
  readonly low: number;
  readonly high: number;
  /** What was not counted. */
  readonly note: string;
}

function counted({ shape, values }: Drawn, given: HistogramOptions, usualBins: number): Counted {
  const title = given.title === undefined ? showShape(shape) : string('title', given.title);
  const bins = integer('bins', given.bins ?? usualBins, 1, 1000);
  const [low, high] = widened(given.range === undefined ? (extent(values) ?? [0, 1]) : checkedRange(given.range));
  const counts = new Array<number>(bins).fill(0);
  let [nan, infinite, outside] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const place = Math.floor(along(value, [low, high], bins));
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else if (value < low || value > high) outside++;
    else counts[Math.min(place, bins - 1)]!++;
  }
  const notes = [
    values.length === 0 ? 'no elements' : '',
    nan > 0 ? `${nan} NaN` : '',
    infinite > 0 ? `${infinite} infinite` : '',
    outside > 0 ? `${outside} outside` : '',
  ];
  return { title, counts, low, high, note: notes.filter((note) => note !== '').join('; ') };
}

function checkedRange(range: readonly [number, number]): [number, number] {
  const [low, high, ...rest] = list('range', range, (name, value) => finite(name, value));
  if (low === undefined || high === undefined || rest.length > 0 || !(low < high)) {
    throw new RangeError(`range: expected two finite numbers in ascending order, got ${show(range)}`);
  }
  return [low, high];
}

/** A range of some width, where all values are one. */
function widened([low, high]: readonly [number, number]): [low: number, high: number] {
  if (low < high) return [low, high];
  return padded([low, high], low === 0 ? 1 : Math.max(Math.abs(low) / 2, 2 ** -1000));
}
