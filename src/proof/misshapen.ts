// What a gradient of the wrong shape lacks.

import type { NdArray } from '../base/ndarray.js';
import { elementCount, sameShape } from '../base/shape.js';
import { filled, largest, summed, summedAxes, transposedAt, type Values } from './case.js';
import type { Diagnosis } from './schema.js';

/** What a gradient of the wrong shape most likely lacks; `tolerance` is what its sums may differ by. */
export function diagnoseShape(
  got: NdArray,
  truth: NdArray,
  tolerance: number = 1e-9,
): { diagnosis: Diagnosis | null; hint: string } {
  const axes = summedAxes(got.shape, truth.shape);
  if (axes !== undefined) {
    const over =
      axes.length === got.shape.length ? 'all axes' : axes.length === 1 ? `axis ${axes[0]}` : `axes ${axes.join(', ')}`;
    const sums = summed(got, axes);
    const size = largest(got.data);
    const fits = sums.every(
      (x, i) =>
        size < Infinity &&
        Math.abs(x - truth.data[i]!) <= tolerance * (Math.abs(x) + Math.abs(truth.data[i]!) + 1e-3 * size),
    );
    const hint = `; a sum over ${over} is missing`;
    return fits
      ? { diagnosis: { kind: 'not-summed', text: `not summed over ${over}, along which the value was repeated` }, hint }
      : { diagnosis: null, hint };
  }
  if (
    elementCount(got.shape) === elementCount(truth.shape) &&
    got.shape.length === 2 &&
    sameShape([...got.shape].reverse(), truth.shape)
  ) {
    const turned = filled(got.data.length, transposedAt(got.data, got.shape));
    const size = largest(truth.data);
    if (turned.every((x, i) => Math.abs(x - truth.data[i]!) <= tolerance * size)) {
      return { diagnosis: { kind: 'transposed', text: 'transposed' }, hint: '' };
    }
  }
  const totals = [total(got.data), total(truth.data)] as const;
  const scale = Math.max(largest(got.data), largest(truth.data));
  if (!areOtherSums(got.shape, truth.shape)) return { diagnosis: null, hint: '' };
  if (Math.abs(totals[0] - totals[1]) <= 1e-2 * tolerance * Math.abs(totals[1]) && Math.abs(totals[1]) > 1e-6 * scale) {
    return {
      diagnosis: { kind: 'wrong-axis', text: 'summed over the wrong axis: the total is right, the shape is not' },
      hint: '',
    };
  }
  return { diagnosis: null, hint: '' };
}

function total(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** Whether both are sums of an array that they show the shape of, each over an axis that the other has kept. */
function areOtherSums(a: readonly number[], b: readonly number[]): boolean {
  const hasSummed = (x: readonly number[], y: readonly number[]) => x.some((size, axis) => size === 1 && y[axis]! > 1);
  const fits = a.every((size, axis) => size === b[axis] || size === 1 || b[axis] === 1);
  return a.length === b.length && fits && hasSummed(a, b) && hasSummed(b, a);
}
