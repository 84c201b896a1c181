// What is wrong with a gradient, where that can be told for certain: a change of the truth that gives the candidate to rounding.

import type { NdArray } from '../base/ndarray.js';
import { elementCount, sameShape } from '../base/shape.js';
import { indexOf } from '../compare/compare.js';
import type { Node } from '../tensor/autograd.js';
import type { Final } from './candidate.js';
import { beyond, boundScale } from './judge.js';
import type { Run } from './run.js';
import type { Diagnosis } from './schema.js';
import { type Branch, consumersOf } from './tape.js';

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

/** The element at a place. */
type At = (i: number) => number;

/** A wrong gradient: what it is given the reference's gradients, and what it should be. */
interface Case {
  readonly name: string;
  readonly candidate: Values;
  readonly truth: Values;
  readonly shape: readonly number[];
  readonly branches: readonly Branch[];
  /** Whether the candidate is `value` to rounding; `size` is how many times larger than the truth what it is made of may be. */
  fits(value: At, size?: number): boolean;
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
  const isNear = (at: At, to: At, slack: number) => {
    for (let i = 0; i < truth.length; i++) {
      if (!(Math.abs(at(i) - to(i)) <= bounds[i]! * boundScale('float64') * slack)) return false;
    }
    return true;
  };
  const [it, right] = [(i: number) => candidate[i]!, (i: number) => truth[i]!];
  const fits = (value: At, size = 1) => isNear(it, value, 8 * size);
  const branches = context.branches.get(name)!;
  const given: Case = { name, candidate, truth, shape, branches, fits, context };
  const areFinite = [candidate, truth, bounds].every((values) => Number.isFinite(largest(values)));
  // What is that near to the truth is near to too much else; and a gradient that is zero here is any multiple of itself.
  const tests =
    !areFinite || fits(right, 8)
      ? [overwritten]
      : isNear(right, () => 0, 2 ** 29) || support(truth) < 2
        ? [overwritten, ofBranches]
        : [overwritten, sign, wholeFactor, ofBranches, notAccumulated, transposed, constant, extra, shifted];
  for (const test of tests) {
    const found = test(given);
    if (found !== null) return found;
  }
  return null;
}

/**
 * What a gradient of the wrong shape most likely lacks; `tolerance` is what its sums may differ by, and `full` the shape that the
 * value was repeated to, where that is known.
 */
export function diagnoseShape(
  got: NdArray,
  truth: NdArray,
  tolerance: number = 1e-9,
  full: readonly number[] = got.shape.map((size, axis) => Math.max(size, truth.shape[axis] ?? 0)),
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
  if (!areOtherSums(got.shape, truth.shape, full)) return { diagnosis: null, hint: '' };
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
  return fits((i) => -truth[i]!) ? { kind: 'sign', text: 'has the opposite sign', factor: -1 } : null;
}

function wholeFactor(given: Case): Diagnosis | null {
  const { truth, candidate, fits } = given;
  const factor = ratio(candidate, truth);
  if (!(Math.abs(factor) >= 1e-12) || !fits((i) => truth[i]! * factor, 1 + Math.abs(factor))) return null;
  const mean = meanOf(given);
  if (mean !== undefined && isClose(factor * mean, 1)) {
    return { kind: 'mean-instead-of-sum', text: `a mean instead of a sum: 1/${mean} of what it should be`, factor };
  }
  const name = nameOf(factor, given);
  if (name === undefined && support(truth) < 3) return null;
  const isNear = name === undefined && Math.abs(factor - 1) < 1e-4;
  const shown = isClose(factor, 2) && given.branches.length === 1 ? 'twice' : `${name ?? rounded(factor, 7)} times`;
  const text = isNear ? `off by a relative ${rounded(factor - 1, 3)}` : `${shown} what it should be`;
  return { kind: 'factor', text, factor };
}

/**
 * How many elements are added up in each element of a gradient, where a value was repeated for each of its uses and no other number of
 * that size is at hand; where a product of matrices adds up, 1/n may be many things, and 1/2 may always.
 */
function meanOf({ branches, shape, context }: Case): number | undefined {
  const counts = branches.map(({ upstream: { shape: full, values } }) =>
    summedAxes(full, shape) === undefined ? 1 : values.length / elementCount(shape),
  );
  const [count] = counts;
  if (count === undefined || count < 3 || counts.some((other) => other !== count)) return undefined;
  const consumers = consumersOf(context.run.tape.order);
  for (const { from, through, operation } of branches) {
    if (operation === 'matmul' || operation === 'index') return undefined;
    const end = context.run.tape.nodes.get(through);
    for (let at: Node | undefined = from; at !== undefined; at = at === end ? undefined : consumers.get(at)?.[0]) {
      const scalar = Math.abs(at.scalar ?? 0);
      if (isClose(scalar, count) || isClose(scalar * count, 1)) return undefined;
    }
  }
  return count;
}

/** Faults of one branch of several; none where several would explain it. */
export function ofBranches(given: Step): Diagnosis | null {
  const { truth, candidate, branches, fits } = given;
  const merged = mergedBranches(branches).filter(({ values }) => !isNegligible(values, truth));
  const rest = filled(truth.length, (i) => candidate[i]! - truth[i]!);
  const found = new Map<string, Diagnosis>();
  for (const { label: branch, values } of merged) {
    const coefficient = ratio(rest, values);
    const size = 1 + Math.abs(coefficient);
    if (!(size < Infinity) || support(values) < 2) continue;
    if (!fits((i) => truth[i]! + values[i]! * coefficient, size)) continue;
    const factor = coefficient + 1;
    const through = `the branch through ${branch} is`;
    const name = support(values) < 3 ? undefined : nameOf(factor, given);
    const fault: Diagnosis | undefined = isClose(coefficient, -1)
      ? { kind: 'missing-branch', text: `${through} missing`, branch }
      : isClose(coefficient, -2)
        ? {
            kind: 'sign-of-branch',
            text: `the branch through ${branch} has the opposite sign`,
            branch,
            factor: -1,
          }
        : isClose(coefficient, 1)
          ? { kind: 'accumulated-twice', text: `${through} added twice`, branch, factor: 2 }
          : name === undefined
            ? undefined
            : { kind: 'factor-of-branch', text: `${through} ${name} times what it should be`, branch, factor };
    const isOne = fault?.kind === 'missing-branch' ? branches.length < 2 : merged.length < 2;
    if (fault !== undefined && !isOne) found.set(fault.text, fault);
  }
  if (found.size === 0 && merged.length > 2) {
    for (const { label, values } of merged) {
      const text = `only the branch through ${label} is there, the others are missing`;
      if (support(values) > 1 && fits((i) => values[i]!)) found.set(text, { kind: 'missing-branch', text });
    }
  }
  return found.size === 1 ? [...found.values()][0]! : null;
}

/** Whether a branch is too small for a fault in it to be told from rounding of the rest; a multiple of it may fit by chance. */
function isNegligible(values: Values, truth: Values): boolean {
  return largest(values) < 1e-7 * largest(truth);
}

/** Rows read several times whose gradients overwrite each other. */
function notAccumulated({ truth, branches, fits, shape }: Case): Diagnosis | null {
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
      if (repeated.size === 0 || !fits((i) => values[i]!)) continue;
      const shown = [...repeated].slice(0, 4).map((row) => indexOf(row * width, shape)[0]);
      const text = `rows read more than once (${shown.join(', ')}${repeated.size > 4 ? ', …' : ''}) are overwritten instead of added up`;
      return { kind: 'not-accumulated', text };
    }
  }
  return null;
}

export function transposed({ truth, shape, fits }: Plain): Diagnosis | null {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows !== columns || rows! < 2) return null;
  return fits(transposedAt(truth, shape)) ? { kind: 'transposed', text: 'transposed' } : null;
}

/** A number added in the forward pass that the backward pass leaves out or has another value for. */
function constant({ truth, branches, fits, context }: Case): Diagnosis | null {
  if (branches.length !== 1) return null;
  const [{ from, operation }] = branches as [Branch];
  if ((operation !== 'add' && operation !== 'sub') || from.scalar === undefined) return null;
  const after = context.run.tape.order.filter((node) => node.inputs.includes(from));
  const [next] = after;
  if (after.length !== 1 || next === undefined) return null;
  const slope = slopes[next.operation]?.(next.scalar ?? 0);
  const u = next.saved[0]?.toTypedArray();
  if (slope === undefined || u?.length !== truth.length) return null;
  const added = operation === 'add' ? from.scalar : -from.scalar;
  // Of exp, tanh and sqrt the output is saved, of the others what they are given.
  const inverse = inverses[next.operation] ?? ((x) => x);
  const values = (other: number) => (i: number) => {
    const argument = inverse(u[i]!);
    return (truth[i]! / slope(argument)) * slope(argument - added + other);
  };
  if (fits(values(0), 4)) {
    return { kind: 'constant', text: `leaves out the number ${added} that the forward pass adds` };
  }
  for (const guess of [added * 10, added / 10, 1e-5, 1e5, 1e-8, 1e-6, 1e-3, 1, -added]) {
    if (fits(values(guess), 4)) return { kind: 'constant', text: `has ${guess} where the forward pass adds ${added}` };
  }
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

/** A term of another gradient, that was read for it or before; not of one by whose side it stands, for such are alike. */
function extra({ name, truth, candidate, branches, fits, context }: Case): Diagnosis | null {
  if (largest(candidate) === 0) return null;
  const { nodes, order } = context.run.tape;
  const consumers = consumersOf(order);
  const upstream = branches.map((branch) => branch.upstream.values);
  for (const [other, { data, shape }] of context.reference) {
    if (other === name || context.final?.reads.includes(other) === false) continue;
    if (!sameShape(shape, context.reference.get(name)!.shape) || support(data) < 2) continue;
    const unit = [1, -1].find((sign) => fits((i) => truth[i]! + sign * data[i]!, 2));
    if (unit === undefined || upstream.some((values) => isSame(values, data))) continue;
    const [own, its] = [nodes.get(name)!, nodes.get(other)!];
    const beside = elementwise(its, own, consumers);
    if ([...elementwise(own, its, consumers)].some((node) => beside.has(node))) continue;
    const text = `d${other} is ${unit > 0 ? 'added to' : 'subtracted from'} it, which does not belong there`;
    return { kind: 'extra-branch', text };
  }
  return null;
}

/** What is computed from a value element by element, and not by way of `without`. */
function elementwise(node: Node, without: Node, consumers: ReadonlyMap<Node, readonly Node[]>): Set<Node> {
  const found = new Set([node]);
  for (const at of found) {
    for (const next of consumers.get(at) ?? []) {
      if (next !== without && !/matmul|sum|mean|index|max/.test(next.operation)) found.add(next);
    }
  }
  found.delete(node);
  return found;
}

/** Shifted where no two rows are the same, so that no other shift and no single element explains it. */
export function shifted({ truth, shape, fits }: Plain): Diagnosis | null {
  for (let axis = 0; axis < shape.length; axis++) {
    for (const by of [1, -1]) {
      if (shape[axis]! < 3) continue;
      for (const wraps of [true, false]) {
        if (fits(shiftedAt(truth, shape, axis, by, wraps)) && areDistinct(truth, shape, axis)) {
          return { kind: 'shifted', text: `shifted by ${by} along axis ${axis}` };
        }
      }
    }
  }
  return null;
}

/** Whether the slices along an axis differ pairwise, in their first elements already. */
function areDistinct(values: Values, shape: readonly number[], axis: number): boolean {
  const inner = elementCount(shape.slice(axis + 1));
  const slices = new Set<string>();
  for (let at = 0; at < shape[axis]!; at++) {
    const first = Array.from({ length: Math.min(inner, 16) }, (_, j) => values[at * inner + j]!.toPrecision(6));
    slices.add(first.join());
  }
  return slices.size === shape[axis];
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
      .reduce((a, b) => filled(a.length, (i) => a[i]! + b[i]!)),
  }));
  return [...whole, ...single];
}

/** A simple factor as a reader would write it; undefined for any other, and for 1. */
function nameOf(factor: number, { shape, branches }: Step): string | undefined {
  if (isClose(factor, 1)) return undefined;
  for (const n of [shape, ...branches.map(({ upstream }) => upstream.shape)].flat()) {
    if (n < 2) continue;
    for (const [over, under] of [
      [n, 1],
      [1, n],
      [n, n - 1],
      [n - 1, n],
    ] as const) {
      if (isClose(factor, over / under)) return under === 1 ? String(over) : `${over}/${under}`;
    }
  }
  for (let divisor = 1; divisor <= 64; divisor++) {
    const over = Math.round(factor * divisor);
    if (over === 0 || Math.abs(over) > 64 || !isClose(factor * divisor, over)) continue;
    return divisor === 1 ? String(over) : `${over}/${divisor}`;
  }
  return undefined;
}

function rounded(x: number, digits: number): number {
  return Number(x.toPrecision(digits));
}

/** How many elements are not zero, up to 3. */
export function support(values: Values): number {
  let count = 0;
  for (let i = 0; i < values.length && count < 3; i++) if (values[i] !== 0) count++;
  return count;
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

/** Not for what is not finite. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.min(Math.abs(a), Math.abs(b));
}

function isSame(a: Values, b: Values): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!(Math.abs(a[i]! - b[i]!) <= 1e-9 * Math.abs(b[i]!))) return false;
  return true;
}

function total(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** NaN where one of them is. */
export function largest(values: Values): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}

function transposedAt(values: Values, [rows, columns]: readonly number[]): At {
  return (i) => values[(i % rows!) * columns! + Math.floor(i / rows!)]!;
}

function shiftedAt(values: Values, shape: readonly number[], axis: number, by: number, wraps: boolean): At {
  const inner = elementCount(shape.slice(axis + 1));
  const n = shape[axis]!;
  return (i) => {
    const at = Math.floor(i / inner) % n;
    const from = at - by;
    if (!wraps && (from < 0 || from >= n)) return 0;
    return values[i + (((from + n) % n) - at) * inner]!;
  };
}

/** As Float64Array.from, which is many times slower. */
export function filled(length: number, value: At): Float64Array {
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = value(i);
  return values;
}

/** Whether both are sums of `full` over some of its axes, neither over all of those that the other is a sum over. */
function areOtherSums(got: readonly number[], truth: readonly number[], full: readonly number[]): boolean {
  const long = (shape: readonly number[]) => shape.filter((size) => size > 1);
  const axes = long(full);
  const setsFor = (shape: readonly number[]) =>
    Array.from({ length: 2 ** axes.length }, (_, set) => set).filter((set) =>
      sameShape(
        axes.filter((_, axis) => ((set >> axis) & 1) === 0),
        long(shape),
      ),
    );
  const [its, right] = [setsFor(got), setsFor(truth)];
  const isOther = (a: number, b: number) => (a & b) !== a && (a & b) !== b;
  return its.length > 0 && right.length > 0 && its.every((a) => right.every((b) => isOther(a, b)));
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
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? [] : [[size, strides[axis]!] as const]));
  const sums = new Float64Array(kept.reduce((count, [size]) => count * size, 1));
  for (let i = 0; i < data.length; i++) {
    let at = 0;
    for (const [size, stride] of kept) at = at * size + (Math.floor(i / stride) % size);
    sums[at]! += data[i]!;
  }
  return sums;
}
