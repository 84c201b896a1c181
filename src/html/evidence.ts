// What a gradient's values say beyond the figures: which factor its elements are off by, and where the wrong ones lie.

import { sameShape } from '../base/shape.js';
import { gridOf } from '../pictures/grid.js';
import { figure } from '../pictures/svg.js';
import type { GradientReport, GradientValues } from '../proof/report.js';

/** Sentences about a wrong gradient, from its values; none where its shape is wrong. */
export function evidence({ bound, diagnosis }: GradientReport, values: GradientValues | undefined): string[] {
  if (values?.candidate == null || bound === null || !sameShape(values.candidate.shape, values.truth.shape)) return [];
  const { candidate, truth } = values;
  const off: number[] = [];
  for (let i = 0; i < truth.data.length; i++) {
    if (!(Math.abs(candidate.data[i]! - truth.data[i]!) <= bound)) off.push(i);
  }
  return [
    diagnosis?.factor === undefined ? ratios(candidate.data, truth.data) : '',
    places(off, truth.shape),
    zeros(candidate.data, truth.data, off),
  ].filter((sentence) => sentence !== '');
}

/** The factor between what came and what was expected, where the expected value is not tiny. */
function ratios(candidate: ArrayLike<number>, truth: ArrayLike<number>): string {
  let largest = 0;
  for (let i = 0; i < truth.length; i++)
    if (Math.abs(truth[i]!) < Number.POSITIVE_INFINITY) largest = Math.max(largest, Math.abs(truth[i]!));
  const found: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    const ratio = candidate[i]! / truth[i]!;
    if (Math.abs(truth[i]!) > largest * 1e-3 && Number.isFinite(ratio)) found.push(ratio);
  }
  if (found.length < 2) return '';
  found.sort((a, b) => a - b);
  const at = (share: number) => found[Math.round(share * (found.length - 1))]!;
  const [low, middle, high] = [at(0.05), at(0.5), at(0.95)];
  if (high - low <= 1e-4 * Math.abs(middle))
    return `Nearly every element is ${figure(middle, 6)} times what it should be.`;
  return `Candidate ÷ expected is ${figure(middle)} in the middle, from ${figure(low)} to ${figure(high)} for nine elements of ten.`;
}

/** Rows and columns that the wrong elements lie in. */
function places(off: readonly number[], shape: readonly number[]): string {
  const count = shape.reduce((product, size) => product * size, 1);
  if (off.length === 0 || off.length === count) return '';
  const grid = gridOf(shape, Number.MAX_SAFE_INTEGER, () => 0);
  const isVector = shape.filter((size) => size !== 1).length < 2;
  const sentence = `Clearly off in this run are ${off.length} of ${count} elements`;
  if (isVector) return `${sentence}, at ${some(off)}.`;
  const side = (of: (place: number) => number) => [...new Set(off.map(of))].sort((a, b) => a - b);
  const rows = side((place) => Math.floor(place / grid.columns));
  const columns = side((place) => place % grid.columns);
  const told = (name: string, found: readonly number[], of: number) =>
    found.length === of ? `every ${name}` : `${found.length} of ${of} ${name}s (${some(found)})`;
  return `${sentence}, in ${told('row', rows, grid.rows)} and ${told('column', columns, grid.columns)}.`;
}

function zeros(candidate: ArrayLike<number>, truth: ArrayLike<number>, off: readonly number[]): string {
  const count = off.filter((i) => candidate[i] === 0 && truth[i] !== 0).length;
  return count === 0 ? '' : `${count} of them ${count === 1 ? 'is' : 'are'} 0 where a value was expected.`;
}

function some(places: readonly number[]): string {
  return places.length > 6 ? `${places.slice(0, 6).join(', ')}, …` : places.join(', ');
}
