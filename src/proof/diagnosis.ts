// What is wrong with a gradient, where that can be told for certain: a change of the truth that gives the candidate to rounding.

import type { NdArray } from '../base/ndarray.js';
import { elementCount, sameShape } from '../base/shape.js';
import { indexOf } from '../compare/compare.js';
import type { Final } from './candidate.js';
import { beyond } from './judge.js';
import type { Run } from './run.js';
import type { Diagnosis } from './schema.js';
import type { Branch } from './tape.js';

type Values = ArrayLike<number>;

/** Where a wrong gradient stands. */
export interface Context {
  readonly reference: ReadonlyMap<string, NdArray>;
  readonly branches: ReadonlyMap<string, readonly Branch[]>;
  readonly bounds: ReadonlyMap<string, Float64Array>;
  /** The forward pass in float64. */
  readonly run: Run;
  /** How the gradient came to be what it is, where that was recorded. */
  readonly final?: Final | undefined;
}

/** A wrong gradient: what it is given the reference's gradients, and what it should be. */
interface Case {
  readonly name: string;
  readonly candidate: Values;
  readonly truth: Values;
  readonly shape: readonly number[];
  readonly branches: readonly Branch[];
  /** Whether the candidate is `values` to rounding; `size` is how many times larger than the truth what they are made of may be. */
  fits(values: Values, size?: number): boolean;
  readonly context: Context;
}

/** A wrong gradient apart from its proof. */
export type Step = Omit<Case, 'name' | 'context'>;

/** What is known of values without a chain. */
export type Plain = Pick<Case, 'candidate' | 'truth' | 'shape' | 'fits'>;

/** What is wrong with the gradient `name`, of which `candidate` is what it is given the reference's gradients. */
export function diagnose(name: string, candidate: Values, context: Context): Diagnosis | null {
  const { data: truth, shape } = context.reference.get(name)!;
  const bounds = context.bounds.get(name)!;
  const fits = (values: Values, size = 1) => beyond(candidate, values, bounds, 8 * size).length === 0;
  const branches = context.branches.get(name)!;
  const given: Case = { name, candidate, truth, shape, branches, fits, context };
  // A gradient that is zero here is any multiple of itself.
  const isZero = beyond(truth, new Float64Array(truth.length), bounds, 2 ** 29).length === 0;
  const tests = isZero
    ? [overwritten, ofBranches]
    : [overwritten, sign, wholeFactor, ofBranches, notAccumulated, transposed, constant, extra, shifted];
  for (const test of tests) {
    const found = test(given);
    if (found !== null) return found;
  }
  return null;
}

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
      (x, i) => Math.abs(x - truth.data[i]!) <= tolerance * (Math.abs(x) + Math.abs(truth.data[i]!) + 1e-3 * size),
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
    const turned = transposedValues(got.data, got.shape);
    const size = largest(truth.data);
    if (turned.every((x, i) => Math.abs(x - truth.data[i]!) <= tolerance * size)) {
      return { diagnosis: { kind: 'transposed', text: 'transposed' }, hint: '' };
    }
  }
  const totals = [total(got.data), total(truth.data)] as const;
  const scale = Math.max(largest(got.data), largest(truth.data));
  if (Math.abs(totals[0] - totals[1]) <= 1e-2 * tolerance * Math.abs(totals[1]) && Math.abs(totals[1]) > 1e-6 * scale) {
    return {
      diagnosis: { kind: 'wrong-axis', text: 'summed over the wrong axis: the total is right, the shape is not' },
      hint: '',
    };
  }
  return { diagnosis: null, hint: '' };
}

function overwritten({ name, context, truth }: Case): Diagnosis | null {
  const final = context.final;
  if (final?.changed !== true || final.atWrite.data.length !== truth.length) return null;
  const { atWrite, aliases } = final;
  if (beyond(atWrite.data, truth, context.bounds.get(name)!).length > 0) return null;
  const by =
    aliases.length > 0 ? `, through ${aliases.map((alias) => `d${alias}`).join(' or ')}, which shares its memory` : '';
  return { kind: 'overwritten', text: `right when it was written, then changed in place${by}; write a clone` };
}

export function sign({ truth, fits }: Plain): Diagnosis | null {
  return fits(scaled(truth, -1)) ? { kind: 'sign', text: 'has the opposite sign', factor: -1 } : null;
}

function wholeFactor(given: Case): Diagnosis | null {
  const { truth, candidate, fits, branches, shape } = given;
  const factor = ratio(candidate, truth);
  if (!fits(scaled(truth, factor), 1 + Math.abs(factor))) return null;
  if (factor === 0 || Math.abs(factor) < 1e-12) return null;
  const sizes = sizesOf(given);
  const mean = branches
    .map((branch) => summedCount(branch, shape))
    .find((count) => count > 1 && isClose(factor * count, 1));
  if (mean !== undefined) {
    return { kind: 'mean-instead-of-sum', text: `a mean instead of a sum: 1/${mean} of what it should be`, factor };
  }
  if (isClose(factor, 2) && branches.length === 1) {
    return { kind: 'factor', text: 'twice what it should be', factor };
  }
  return { kind: 'factor', text: `${nameOf(factor, sizes)} times what it should be`, factor };
}

/** Faults of one branch of several. */
export function ofBranches({ truth, candidate, branches, fits }: Step): Diagnosis | null {
  const merged = mergedBranches(branches).filter(({ values }) => !isNegligible(values, truth));
  const rest = difference(candidate, truth);
  for (const { label, values } of merged) {
    const coefficient = ratio(rest, values);
    const size = 1 + Math.abs(coefficient);
    if (!Number.isFinite(coefficient) || !fits(sum(truth, scaled(values, coefficient)), size)) continue;
    const factor = coefficient + 1;
    const branch = label;
    if (isClose(coefficient, -1)) {
      return branches.length === 1
        ? null
        : { kind: 'missing-branch', text: `the branch through ${label} is missing`, branch };
    }
    if (merged.length === 1) continue;
    if (isClose(coefficient, -2))
      return { kind: 'sign-of-branch', text: `the branch through ${label} has the opposite sign`, branch, factor: -1 };
    if (isClose(coefficient, 1))
      return { kind: 'accumulated-twice', text: `the branch through ${label} is added twice`, branch, factor: 2 };
    return {
      kind: 'factor-of-branch',
      text: `the branch through ${label} is ${nameOf(factor, [])} times what it should be`,
      branch,
      factor,
    };
  }
  if (merged.length > 2) {
    for (const { label, values } of merged) {
      if (fits(values))
        return { kind: 'missing-branch', text: `only the branch through ${label} is there, the others are missing` };
    }
  }
  return null;
}

/** Whether a branch is too small for a fault in it to be told from rounding of the rest; a multiple of it may fit by chance. */
function isNegligible(values: Values, truth: Values): boolean {
  return largest(values) < 1e-7 * largest(truth);
}

/** Rows read several times whose gradients overwrite each other. */
function notAccumulated({ candidate, truth, branches, fits, shape }: Case): Diagnosis | null {
  for (const { operation, from, upstream } of branches) {
    const rows = operation === 'index' ? from.saved[0]?.elements() : undefined;
    if (rows === undefined || rows.length === 0) continue;
    const width = upstream.values.length / rows.length;
    for (const order of ['last', 'first'] as const) {
      const values = new Float64Array(truth);
      const repeated = new Set<number>();
      const seen = new Set<number>();
      rows.forEach((row, i) => {
        if (seen.has(row)) repeated.add(row);
        if (order === 'last' || !seen.has(row)) {
          for (let j = 0; j < width; j++) values[row * width + j] = upstream.values[i * width + j]!;
        }
        seen.add(row);
      });
      if (repeated.size === 0 || !fits(values)) continue;
      const shown = [...repeated].slice(0, 4).map((row) => indexOf(row * width, shape)[0]);
      const text = `rows read more than once (${shown.join(', ')}${repeated.size > 4 ? ', …' : ''}) are overwritten instead of added up`;
      return { kind: 'not-accumulated', text };
    }
  }
  void candidate;
  return null;
}

export function transposed({ truth, shape, fits }: Plain): Diagnosis | null {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows !== columns || rows! < 2) return null;
  return fits(transposedValues(truth, shape)) ? { kind: 'transposed', text: 'transposed' } : null;
}

/** A number added in the forward pass that the backward pass leaves out or has another value for. */
function constant({ candidate, truth, branches, fits, context }: Case): Diagnosis | null {
  if (branches.length !== 1) return null;
  const [{ from, operation }] = branches as [Branch];
  if ((operation !== 'add' && operation !== 'sub') || from.scalar === undefined) return null;
  const after = context.run.tape.order.filter((node) => node.inputs.includes(from));
  const [next] = after;
  if (after.length !== 1 || next === undefined) return null;
  const slope = slopes[next.operation]?.(next.scalar ?? 0);
  const u = next.saved[0]?.toTypedArray();
  if (slope === undefined || u === undefined) return null;
  const added = operation === 'add' ? from.scalar : -from.scalar;
  // Of exp, tanh and sqrt the output is saved, of the others what they are given.
  const argument =
    inverses[next.operation] === undefined ? new Float64Array(u) : Float64Array.from(u, inverses[next.operation]!);
  const values = (other: number) =>
    Float64Array.from(truth, (x, i) => (x / slope(argument[i]!)) * slope(argument[i]! - added + other));
  if (fits(values(0), 4)) {
    return { kind: 'constant', text: `leaves out the number ${added} that the forward pass adds` };
  }
  for (const guess of [added * 10, added / 10, 1e-5, 1e5, 1e-8, 1e-6, 1e-3, 1, -added]) {
    if (fits(values(guess), 4)) return { kind: 'constant', text: `has ${guess} where the forward pass adds ${added}` };
  }
  void candidate;
  return null;
}

const slopes: Readonly<Record<string, (scalar: number) => (u: number) => number>> = {
  pow: (exponent) => (u) => exponent * u ** (exponent - 1),
  sqrt: () => (u) => 0.5 / Math.sqrt(u),
  log: () => (u) => 1 / u,
  exp: () => Math.exp,
  tanh: () => (u) => 1 - Math.tanh(u) ** 2,
};

const inverses: Readonly<Record<string, (out: number) => number>> = {
  sqrt: (out) => out * out,
  exp: Math.log,
  tanh: Math.atanh,
};

/** A term of another gradient. */
function extra({ name, truth, candidate, fits, context, shape }: Case): Diagnosis | null {
  const rest = difference(candidate, truth);
  for (const [other, { data, shape: otherShape }] of context.reference) {
    if (other === name || !sameShape(shape, otherShape) || data.every((x) => x === 0)) continue;
    const coefficient = ratio(rest, data);
    if (![1, -1].some((unit) => isClose(coefficient, unit))) continue;
    if (fits(sum(truth, scaled(data, Math.round(coefficient))), 2)) {
      return {
        kind: 'extra-branch',
        text: `d${other} is ${coefficient > 0 ? 'added to' : 'subtracted from'} it, which does not belong there`,
      };
    }
  }
  return null;
}

export function shifted({ truth, shape, fits }: Plain): Diagnosis | null {
  for (let axis = 0; axis < shape.length; axis++) {
    for (const by of [1, -1]) {
      if (shape[axis]! < 2) continue;
      for (const wraps of [true, false]) {
        if (fits(shiftedValues(truth, shape, axis, by, wraps))) {
          return { kind: 'shifted', text: `shifted by ${by} along axis ${axis}` };
        }
      }
    }
  }
  return null;
}

/** Branches of one operation and one named result as one, each named. */
function mergedBranches(branches: readonly Branch[]): { label: string; values: Float64Array }[] {
  const uses = new Map<string, number>();
  for (const { through } of branches) uses.set(through, (uses.get(through) ?? 0) + 1);
  const single = branches.map(({ through, operation, values }) => ({
    label: uses.get(through)! > 1 ? `${through} (${operation})` : through,
    values,
  }));
  const several = [...uses].filter(([, count]) => count > 1 && uses.size > 1);
  const whole = several.map(([through]) => ({
    label: through,
    values: branches
      .filter((branch) => branch.through === through)
      .map(({ values }) => values)
      .reduce(sum),
  }));
  return [...whole, ...single];
}

/** How many elements of the operation's output are added up in the gradient of an input of `shape`. */
function summedCount({ upstream, operation }: Branch, shape: readonly number[]): number {
  if (operation === 'matmul') return upstream.shape[0] ?? 1;
  return upstream.values.length / Math.max(1, elementCount(shape));
}

/** The sizes of the axes in the chain, by which a factor may be explained. */
function sizesOf({ context }: Case): number[] {
  const sizes = new Set<number>();
  for (const { shape } of context.run.tensors.values()) for (const size of shape) if (size > 1) sizes.add(size);
  return [...sizes];
}

/** A factor as a reader would write it. */
function nameOf(factor: number, sizes: readonly number[]): string {
  for (const n of sizes) {
    if (isClose(factor, n)) return String(n);
    if (isClose(factor * n, 1)) return `1/${n}`;
    if (isClose(factor, n / (n - 1))) return `${n}/${n - 1}`;
    if (isClose(factor, (n - 1) / n)) return `${n - 1}/${n}`;
  }
  for (let divisor = 1; divisor <= 64; divisor++) {
    const over = Math.round(factor * divisor);
    if (over !== 0 && isClose(factor * divisor, over)) return divisor === 1 ? String(over) : `${over}/${divisor}`;
  }
  return String(Number(factor.toPrecision(7)));
}

/** The multiple of `b` that is nearest to `a`. */
export function ratio(a: Values, b: Values): number {
  let [ab, bb] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    ab += a[i]! * b[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / bb;
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

export function scaled(values: Values, factor: number): Float64Array {
  return filled(values.length, (i) => values[i]! * factor);
}

function sum(a: Values, b: Values): Float64Array {
  return filled(a.length, (i) => a[i]! + b[i]!);
}

function difference(a: Values, b: Values): Float64Array {
  return filled(a.length, (i) => a[i]! - b[i]!);
}

function total(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function largest(values: Values): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}

function transposedValues(values: Values, [rows, columns]: readonly number[]): Float64Array {
  return filled(values.length, (i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!);
}

function shiftedValues(
  values: Values,
  shape: readonly number[],
  axis: number,
  by: number,
  wraps: boolean,
): Float64Array {
  const inner = elementCount(shape.slice(axis + 1));
  const n = shape[axis]!;
  return filled(values.length, (i) => {
    const at = Math.floor(i / inner) % n;
    const from = at - by;
    if (!wraps && (from < 0 || from >= n)) return 0;
    return values[i + (((from + n) % n) - at) * inner]!;
  });
}

/** As Float64Array.from, which is many times slower. */
function filled(length: number, value: (i: number) => number): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = value(i);
  return values;
}

/** The axes of `from` over which a sum gives an array of `to`; undefined where none does. */
function summedAxes(from: readonly number[], to: readonly number[]): number[] | undefined {
  const added = from.length - to.length;
  if (added < 0) return undefined;
  const axes: number[] = [];
  for (let axis = 0; axis < from.length; axis++) {
    if (axis < added || (to[axis - added] === 1 && from[axis] !== 1)) axes.push(axis);
    else if (to[axis - added] !== from[axis]) return undefined;
  }
  return axes.length === 0 ? undefined : axes;
}

function summed({ data, shape }: NdArray, axes: readonly number[]): Float64Array {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums = new Float64Array(elementCount(kept));
  for (let i = 0; i < data.length; i++) {
    const index = indexOf(i, shape);
    const at = kept.reduce((offset, size, axis) => offset * size + (axes.includes(axis) ? 0 : index[axis]!), 0);
    sums[at]! += data[i]!;
  }
  return sums;
}
