// What a gradient's values say beyond the figures: which factor its elements are off by, where the wrong ones lie, and which gradient
// handed to it has the same pattern.

import type { NdArray } from '../base/ndarray.js';
import { elementCount, sameShape } from '../base/shape.js';
import { gridOf } from '../pictures/grid.js';
import { largestMagnitude } from '../pictures/source.js';
import { figure } from '../pictures/svg.js';
import type { GradientReport, GradientValues, ReportData } from '../proof/schema.js';
import { gradientOf } from './words.js';

type Values = ArrayLike<number>;

/** Sentences about a wrong gradient, HTML, from the `values` behind the report; none where they can't be compared. */
export function evidence(
  { name, bound, diagnosis }: GradientReport,
  { chain }: ReportData,
  values: ReadonlyMap<string, GradientValues> | undefined,
): string[] {
  const own = values?.get(name);
  if (own?.candidate == null || bound === null || !sameShape(own.candidate.shape, own.truth.shape)) return [];
  const { candidate, truth } = own;
  const off: number[] = [];
  for (let i = 0; i < truth.data.length; i++) {
    if (!(Math.abs(candidate.data[i]! - truth.data[i]!) <= bound)) off.push(i);
  }
  const users = chain.filter(({ name: user, from }) => user !== name && from.includes(name)).map(({ name }) => name);
  const handed = users.flatMap((user) => {
    const gradient = values!.get(user)?.truth;
    return gradient !== undefined && sameShape(gradient.shape, truth.shape) ? [{ user, gradient }] : [];
  });
  return [
    diagnosis?.factor === undefined ? ratios(candidate.data, truth.data, off) : '',
    places(off, truth.shape),
    zeros(candidate.data, truth.data, off),
    ...(users.length > 1 ? handed.map((one) => samePattern(one, off)) : []),
    ...(users.length === 1 ? handed.map((one) => slopes(one, candidate, truth)) : []),
  ].filter((sentence) => sentence !== '');
}

/** The factor between what came and what was expected, of the wrong elements whose expected value is not tiny. */
function ratios(candidate: Values, truth: Values, off: readonly number[]): string {
  const range = spread(off.length, (i) => [candidate[off[i]!]! / truth[off[i]!]!, truth[off[i]!]!]);
  if (range === undefined) return '';
  const [low, middle, high] = range;
  const which = off.length === truth.length ? '' : 'where it is off, ';
  if (high - low <= 1e-4 * Math.abs(middle)) {
    return sentence(`${which}nearly every element is ${figure(middle, 6)} times what it should be`);
  }
  return sentence(
    `${which}candidate ÷ expected is ${figure(middle)} in the middle, from ${figure(low)} to ${figure(high)} for nine elements of ten`,
  );
}

/** What an operation of one branch multiplies each element of the gradient with that is handed to it, and what it should. */
function slopes({ user, gradient }: { user: string; gradient: NdArray }, candidate: NdArray, truth: NdArray): string {
  const [got, expected] = [candidate, truth].map(({ data }) =>
    spread(data.length, (i) => [data[i]! / gradient.data[i]!, gradient.data[i]!]),
  );
  if (got === undefined || expected === undefined) return '';
  const told = ([low, middle, high]: readonly number[]) =>
    `${figure(middle!)} in the middle, from ${figure(low!)} to ${figure(high!)}`;
  return `Divided by ${gradientOf(user)}, element by element, it is ${told(got)}; it should be ${told(expected)}.`;
}

/** Rows and columns that the wrong elements lie in. */
function places(off: readonly number[], shape: readonly number[]): string {
  const count = elementCount(shape);
  if (off.length === 0 || off.length > 0.9 * count) return '';
  const begin = `Clearly off in this run are ${off.length} of ${count} elements`;
  if (shape.filter((size) => size !== 1).length < 2) return `${begin}, at ${some(off)}.`;
  const { rows, columns } = gridOf(shape, Number.MAX_SAFE_INTEGER, () => 0);
  const told = (name: string, of: number, lineOf: (place: number) => number) => {
    const counts = new Map<number, number>();
    for (const place of off) counts.set(lineOf(place), (counts.get(lineOf(place)) ?? 0) + 1);
    const lines = [...counts.keys()].sort((a, b) => a - b);
    const each = new Set(counts.values());
    if (lines.length < of) return `in ${lines.length} of ${of} ${name}s (${some(lines)})`;
    return each.size === 1 ? `${[...each][0]} in each ${name}` : `in every ${name}`;
  };
  const row = told('row', rows, (place) => Math.floor(place / columns));
  const column = told('column', columns, (place) => place % columns);
  return `${begin}, ${row} and ${column}.`;
}

/** Whether the wrong elements are those that one of several branches changes. */
function samePattern({ user, gradient }: { user: string; gradient: NdArray }, off: readonly number[]): string {
  const changed: number[] = [];
  gradient.data.forEach((value, i) => {
    if (value !== 0) changed.push(i);
  });
  if (changed.length === gradient.data.length || changed.length !== off.length) return '';
  if (off.some((place, i) => place !== changed[i])) return '';
  return `These are just the elements at which ${gradientOf(user)} is not 0: look at the branch that comes from it.`;
}

function zeros(candidate: Values, truth: Values, off: readonly number[]): string {
  const count = off.filter((i) => candidate[i] === 0 && truth[i] !== 0).length;
  return count === 0 ? '' : `${count} of them ${count === 1 ? 'is' : 'are'} 0 where a value was expected.`;
}

/** Of more values, every so-manieth is looked at. */
const mostLookedAt = 20_000;

/**
 * The 5th, 50th and 95th percentile of `count` ratios, of those whose divisor is not tiny; undefined where there are fewer than two. `of(i)`
 * is a ratio and its divisor.
 */
function spread(
  count: number,
  of: (i: number) => [ratio: number, divisor: number],
): [number, number, number] | undefined {
  const step = Math.max(1, Math.ceil(count / mostLookedAt));
  const looked = Array.from({ length: Math.ceil(count / step) }, (_, i) => of(i * step));
  const largest = largestMagnitude(looked.map(([, divisor]) => divisor));
  const found = looked
    .flatMap(([ratio, divisor]) => (Math.abs(divisor) > largest * 1e-3 && Number.isFinite(ratio) ? [ratio] : []))
    .sort((a, b) => a - b);
  if (found.length < 2) return undefined;
  const at = (share: number) => found[Math.round(share * (found.length - 1))]!;
  return [at(0.05), at(0.5), at(0.95)];
}

function some(places: readonly number[]): string {
  return places.length > 6 ? `${places.slice(0, 6).join(', ')}, …` : places.join(', ');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
