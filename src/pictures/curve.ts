// Curves: values over their place, such as the loss of a training.

import { boolean, integer, list, string } from '../base/check.js';
import { ShapeError } from '../base/errors.js';
import { options as checkedOptions, isPlainObject } from '../base/options.js';
import { escapeControls, show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { along, padded, power } from './scale.js';
import { checkedSource, extent, type PictureSource } from './source.js';
import { at, drawing, escaped, figure, ticks } from './svg.js';

/** One of several curves. */
export interface CurveSeries {
  /** Stands in the legend. */
  name: string;
  /** The heights, in order. */
  values: PictureSource;
  /** Where each value stands, ascending. Default: 0, 1, 2, … */
  places?: PictureSource;
}

/** How curves are drawn. */
export interface CurveOptions {
  /** Stands above them, and is read by screen readers. Default: 'values'. */
  title?: string;
  /** What the horizontal axis is. */
  x?: string;
  /** What the vertical axis is. */
  y?: string;
  /** Whether the vertical axis is logarithmic; values that are not above zero are left out then. Default false. */
  logarithmic?: boolean;
}

/** How curves are written as text. */
export interface CurveTextOptions extends CurveOptions {
  /** Characters in a line at most. Default 80. */
  width?: number;
  /** Lines of the plot. Default 16. */
  height?: number;
}

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number] | undefined)[];
}

const [left, top, width, height] = [64, 40, 600, 260];
/** Points that a curve has at most: where there would be more, the smallest and the largest of several are drawn. */
const mostPoints = 1200;

/**
 * One curve, or at most four with a legend, as SVG text. The line has gaps where values are not finite. Throws TypeError, RangeError,
 * DTypeError or ShapeError that names the argument.
 *
 * @example curve(losses, { title: 'Loss', x: 'step', logarithmic: true })
 */
export function curve(
  values: PictureSource | readonly CurveSeries[],
  options?: CurveOptions,
  ...surplus: never[]
): string {
  refuseSurplus('curve', 2, surplus);
  const { lines, title, x, y, logarithmic } = checkedCurves(values, options);
  const frame = frameOf(lines);
  const toX = (value: number) => left + along(value, frame.x, width);
  const toY = (value: number) => top + height - along(value, frame.y, height);
  const shownY = (value: number) => figure(logarithmic ? power(value) : value);
  const grid = [
    ...ticks(...frame.x).map(
      (value) =>
        `<path class="hg-grid" d="M${at(toX(value))} ${top}v${height}"/><text class="hg-text" x="${at(toX(value))}" y="${top + height + 18}" text-anchor="middle">${placeLabel(value)}</text>`,
    ),
    ...(logarithmic ? logTicks(...frame.y) : ticks(...frame.y)).map(
      (value) =>
        `<path class="hg-grid" d="M${left} ${at(toY(value))}h${width}"/><text class="hg-text" x="${left - 8}" y="${at(toY(value))}" dy=".35em" text-anchor="end">${shownY(value)}</text>`,
    ),
  ];
  const drawn = lines.map(({ points }, i) => {
    let pen = 'M';
    const path = thinned(points).map((point) => {
      if (point === undefined) {
        pen = 'M';
        return '';
      }
      const part = `${pen}${at(toX(point[0]))} ${at(toY(point[1]))}`;
      // A point alone is a dot, which a line of no length with round ends is.
      const text = pen === 'M' ? `${part}h.01` : part;
      pen = 'L';
      return text;
    });
    return `<path class="hg-line${i}" stroke-linecap="round" d="${path.join('')}"/>`;
  });
  const names =
    lines.length === 1
      ? []
      : lines.map(
          ({ name }, i) =>
            `<path class="hg-line${i}" d="M${left + i * 150} ${top + height + 56}h24"/><text class="hg-text" x="${left + i * 150 + 30}" y="${top + height + 60}">${escaped(name.slice(0, 18))}</text>`,
        );
  const body = [
    `<text class="hg-text hg-head" x="${left}" y="20">${escaped(title)}</text>`,
    ...grid,
    `<path class="hg-axis" d="M${left} ${top}v${height}h${width}"/>`,
    ...drawn,
    `<text class="hg-text" x="${left + width / 2}" y="${top + height + 38}" text-anchor="middle">${escaped(x)}</text>`,
    y === ''
      ? ''
      : `<text class="hg-text" transform="translate(14 ${top + height / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    ...names,
  ].join('\n');
  const total = top + height + (lines.length === 1 ? 48 : 72);
  return drawing(left + width + 24, total, `${title}: ${described(lines, logarithmic)}`, body);
}

/**
 * One curve, or at most four, as text: a character a point, another for each curve. Throws as `curve` does.
 *
 * @example console.log(curveText(losses))
 */
export function curveText(
  values: PictureSource | readonly CurveSeries[],
  options?: CurveTextOptions,
  ...surplus: never[]
): string {
  refuseSurplus('curveText', 2, surplus);
  const {
    width: givenWidth,
    height: givenHeight,
    ...rest
  } = checkedOptions('options', options, [...curveOptions, 'width', 'height']);
  const [columns, rows] = [integer('width', givenWidth ?? 80, 30, 1000), integer('height', givenHeight ?? 16, 2, 1000)];
  const { lines, title, x, logarithmic } = checkedCurves(values, rest);
  const frame = frameOf(lines);
  const labels = [frame.y[1], frame.y[0]].map((value) => figure(logarithmic ? power(value) : value));
  const margin = Math.max(...labels.map((label) => label.length));
  const plotWidth = columns - margin - 2;
  const cells = Array.from({ length: rows }, () => new Array<string>(plotWidth).fill(' '));
  lines.forEach(({ points }, i) => {
    for (const point of points) {
      if (point === undefined) continue;
      const column = Math.round(along(point[0], frame.x, plotWidth - 1));
      const row = Math.round(rows - 1 - along(point[1], frame.y, rows - 1));
      cells[row]![column] = marks[i]!;
    }
  });
  const body = cells.map((row, i) => {
    const label = i === 0 ? labels[0]! : i === rows - 1 ? labels[1]! : '';
    return `${label.padStart(margin)} │${row.join('')}`.trimEnd();
  });
  const [from, to] = frame.x.map((value) => figure(value, 7));
  const between = Math.max(1, plotWidth - from!.length - to!.length);
  const axis = `${' '.repeat(margin + 2)}${from}${x
    .slice(0, between - 2)
    .padStart((between + x.length) >> 1)
    .padEnd(between)}${to}`;
  const names =
    lines.length === 1 ? [] : [lines.map(({ name }, i) => `${marks[i]} ${escapeControls(name)}`).join('   ')];
  return [escapeControls(title), ...body, axis, ...names].join('\n');
}

const marks = ['•', 'x', '+', 'o'] as const;
const curveOptions = ['title', 'x', 'y', 'logarithmic'] as const;

function checkedCurves(values: PictureSource | readonly CurveSeries[], options: CurveOptions | undefined) {
  const given = checkedOptions('options', options, [...curveOptions]);
  const logarithmic = boolean('logarithmic', given.logarithmic ?? false);
  const isSeries = Array.isArray(values) && isPlainObject(values[0]);
  const lines = isSeries
    ? list('values', values, (name, one) => lineOf(name, one as CurveSeries, logarithmic))
    : [lineOf('', { name: '', values: values as PictureSource }, logarithmic)];
  if (lines.length > 4) throw new RangeError(`values: expected at most 4 curves, got ${lines.length}`);
  return {
    lines,
    title: string('title', given.title ?? 'values'),
    x: string('x', given.x ?? ''),
    y: string('y', given.y ?? ''),
    logarithmic,
  };
}

function lineOf(argument: string, series: CurveSeries, logarithmic: boolean): Line {
  const part = (name: string) => (argument === '' ? name : `${argument}.${name}`);
  const given = checkedOptions(argument || 'values', series, ['name', 'values', 'places']);
  const { values } = checkedSource(part('values'), given.values!);
  const places = given.places === undefined ? undefined : checkedSource(part('places'), given.places).values;
  if (places !== undefined && places.length !== values.length) {
    throw new ShapeError(`${part('places')}: expected ${values.length} numbers, one a value, got ${places.length}`);
  }
  const points = Array.from({ length: values.length }, (_, i) => {
    const y = logarithmic ? Math.log10(values[i]!) : values[i]!;
    const x = places === undefined ? i : places[i]!;
    if (!Number.isFinite(x)) throw new RangeError(`${part('places')}[${i}]: expected a finite number, got ${show(x)}`);
    if (i > 0 && places !== undefined && !(x > places[i - 1]!)) {
      throw new RangeError(`${part('places')}[${i}]: expected more than ${places[i - 1]}, got ${x}`);
    }
    return Number.isFinite(y) ? ([x, y] as const) : undefined;
  });
  return { name: string(part('name'), given.name ?? ''), points };
}

/** The range of each axis. */
function frameOf(lines: readonly Line[]): { x: [number, number]; y: [number, number] } {
  const points = lines.flatMap((line) => line.points.filter((point) => point !== undefined));
  const range = (axis: 0 | 1, pad: number): [number, number] => {
    const [low, high] = extent(points.map((point) => point[axis])) ?? [0, 1];
    if (low === high) return padded([low, high], Math.max(Math.abs(low) / 10, 0.5));
    return padded([low, high], Math.min(high - low, Number.MAX_VALUE) * pad);
  };
  return { x: range(0, 0), y: range(1, 0.04) };
}

/** A place on the horizontal axis: in full, as steps are read, where that is short. */
function placeLabel(value: number): string {
  const magnitude = Math.abs(value);
  const isShort = value === 0 || (magnitude >= 1e-3 && magnitude < 1e12);
  return isShort ? value.toLocaleString('en-US') : figure(value);
}

/** Round numbers on a logarithmic axis, as logarithms: of less than a decade as on any axis, else 1, 2 and 5 or whole decades. */
function logTicks(low: number, high: number): number[] {
  if (high - low < 1) return ticks(power(low), power(high)).map(Math.log10);
  if (high - low > 4) return ticks(low, high).filter(Number.isInteger);
  const decades = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
  const places = decades.flatMap((decade) => [1, 2, 5].map((factor) => decade + Math.log10(factor)));
  return places.filter((place) => place >= low && place <= high);
}

/** At most so many points: of each group its smallest and its largest, in order. */
function thinned(points: Line['points']): Line['points'] {
  if (points.length <= mostPoints) return points;
  const size = Math.ceil((2 * points.length) / mostPoints);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const group = points.slice(i * size, (i + 1) * size).filter((point) => point !== undefined);
    if (group.length === 0) return [undefined];
    const smallest = group.reduce((a, b) => (b[1] < a[1] ? b : a));
    const largest = group.reduce((a, b) => (b[1] > a[1] ? b : a));
    return smallest === largest ? [smallest] : smallest[0] < largest[0] ? [smallest, largest] : [largest, smallest];
  }).flat();
}

function described(lines: readonly Line[], logarithmic: boolean): string {
  return lines
    .map(({ name, points }) => {
      const range = extent(points.flatMap((point) => (point === undefined ? [] : [point[1]])));
      const shown = range?.map((value) => figure(logarithmic ? power(value) : value));
      const values =
        shown === undefined ? 'no values to draw' : `${points.length} values from ${shown[0]} to ${shown[1]}`;
      return name === '' ? values : `${name}, ${values}`;
    })
    .join('; ');
}
