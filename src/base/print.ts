// Arrays as PyTorch prints them.

import { boolean, integer, object, oneOf } from './check.js';
import type { DType } from './ndarray.js';
import { options } from './options.js';
import { pythonExponential, pythonFixed } from './python.js';
import { elementCount } from './shape.js';
import { type AsCallback, refuseSurplus } from './surplus.js';

/** How tensors are printed: the options of `torch.set_printoptions`. */
export interface PrintOptions {
  /** Digits after the point. Default 4. */
  precision?: number;
  /** Where a tensor has more elements than this, only those at the edges are printed. Default 1000. */
  threshold?: number;
  /** How many elements are printed at either end of an axis then. Default 3. */
  edgeitems?: number;
  /** Characters in a line. Default 80. */
  linewidth?: number;
  /** Whether numbers are printed like 1.0000e-05. Default null: where they are very large, very small or far apart. */
  sciMode?: boolean | null;
  /** Values for all options that are not given: the defaults, fewer digits and edge items, or no threshold. */
  profile?: 'default' | 'short' | 'full';
}

const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80, sciMode: null as boolean | null };
const names = Object.keys(defaults) as (keyof typeof defaults)[];
const profiles = {
  default: defaults,
  short: { ...defaults, precision: 2, edgeitems: 2 },
  full: { ...defaults, threshold: Infinity },
};

let current = defaults;

/**
 * Changes how tensors are printed from now on. What is not given stays as it is, or becomes what `profile` says; `sciMode` stays too,
 * which `torch.set_printoptions` sets back to None at every call that does not give it. `threshold` may be Infinity. Throws
 * TypeError or RangeError.
 *
 * @example setPrintOptions({ precision: 2, sciMode: false });
 */
export function setPrintOptions(settings: PrintOptions, ...surplus: AsCallback): void {
  refuseSurplus('setPrintOptions', 1, surplus);
  const given = options('options', object('options', settings), [...names, 'profile']);
  const { profile } = given;
  const base = profile === undefined ? current : profiles[oneOf('profile', profile, ['default', 'short', 'full'])];
  const count = (name: 'precision' | 'threshold' | 'edgeitems' | 'linewidth', least: number, most?: number) => {
    const { [name]: value = base[name] } = given;
    return name === 'threshold' && value === Infinity ? value : integer(name, value, least, most);
  };
  const { sciMode = base.sciMode } = given;
  current = {
    precision: count('precision', 0, 100),
    threshold: count('threshold', 0),
    edgeitems: count('edgeitems', 0),
    linewidth: count('linewidth', 1),
    sciMode: sciMode === null ? null : boolean('sciMode', sciMode),
  };
}

/** How PyTorch's line begins; further lines are indented by as much. */
const prefix = 'tensor(';

/** What is printed: an array whose element [i, j, …] is `at(i * strides[0] + j * strides[1] + …)`. */
export interface Printable {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Null where the elements are gone. */
  readonly at: ((offset: number) => number) | null;
}

/** An array as PyTorch prints it, with `notes`, such as requires_grad=True, at its end. Only elements that are shown are read. */
export function printed({ dtype, shape, strides, at }: Printable, notes: readonly string[]): string {
  const { edgeitems, linewidth } = current;
  const isEmpty = shape.includes(0);
  const isSized = at === null || (isEmpty ? shape.length !== 1 : edgeitems === 0);
  const suffixes = isSized ? [`size=(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`] : [];
  if (dtype !== 'float32') suffixes.push(`dtype=torch.${dtype}`);
  let text = prefix + (at === null ? '...' : isEmpty ? '[]' : values(dtype, shape, strides, at));
  let lineLength = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of [...suffixes, ...notes]) {
    const fits = lineLength + suffix.length + 2 <= linewidth;
    text += `${fits ? ', ' : `,\n${' '.repeat(prefix.length)}`}${suffix}`;
    lineLength = suffix.length + (fits ? lineLength + 2 : prefix.length);
  }
  return `${text})`;
}

/** The elements in nested brackets; where there are more than the threshold, long axes show their ends only. */
function values(dtype: DType, shape: readonly number[], strides: readonly number[], at: (offset: number) => number) {
  const { edgeitems, linewidth, threshold } = current;
  const isShortened = elementCount(shape) > threshold;
  const render = (axis: number, offset: number, format: Format, width: number): string => {
    if (axis === shape.length) return format(at(offset));
    const [size, dim, indent] = [shape[axis]!, shape.length - axis, prefix.length + axis];
    const leftOut = isShortened ? Math.max(0, size - 2 * edgeitems) : 0;
    const items = Array.from({ length: size - leftOut }, (_, i) =>
      render(axis + 1, offset + (i < edgeitems ? i : i + leftOut) * strides[axis]!, format, width),
    );
    if (leftOut > 0) items.splice(edgeitems, 0, dim === 1 && edgeitems > 0 ? ' ...' : '...');
    const perLine = dim > 1 ? 1 : Math.max(1, Math.floor((linewidth - indent) / (width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,${'\n'.repeat(Math.max(1, dim - 1))}${' '.repeat(indent + 1)}`)}]`;
  };
  const shown: number[] = [];
  render(0, 0, (value) => `${shown.push(value)}`, 0);
  const { format, measured } = formatOf(dtype, shown);
  const width = measured.reduce((widest, value) => Math.max(widest, format(value).length), 1);
  return render(0, 0, (value) => format(value).padStart(width), width);
}

type Format = (value: number) => string;

/** How every element is written that stands beside those `shown`, and those that make the columns as wide as they are. */
function formatOf(dtype: DType, shown: readonly number[]): { format: Format; measured: readonly number[] } {
  if (dtype === 'int32') return { format: String, measured: shown };
  const { precision, sciMode } = current;
  const measured = shown.filter((value) => Number.isFinite(value) && value !== 0);
  const largest = measured.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const smallest = measured.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity);
  const isWide = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
  const isScientific = measured.length > 0 && (sciMode ?? isWide);
  const isWhole = measured.every(Number.isInteger);
  const format = (value: number) => {
    if (isScientific) return pythonExponential(value, precision);
    return isWhole ? pythonFixed(value, 0) + (Number.isFinite(value) ? '.' : '') : pythonFixed(value, precision);
  };
  return { format, measured };
}
