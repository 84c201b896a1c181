// What is wrong with a gradient, where that can be told for certain: a change of the truth that gives the candidate to rounding.

import { elementCount, sameShape } from '../base/shape.js';
import { indexOf } from '../compare/compare.js';
import { type Node, topological } from '../tensor/autograd.js';
import {
  type At,
  type Case,
  type Context,
  filled,
  isClose,
  largest,
  type Plain,
  ratio,
  type Step,
  summedAxes,
  support,
  transposedAt,
  type Values,
} from './case.js';
import { missingDerivative, missingUpstream, otherGradient, otherValue } from './chainRule.js';
import { beyond, boundScale } from './judge.js';
import type { Diagnosis, DiagnosisKind } from './schema.js';
import { type Branch, consumersOf } from './tape.js';

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
  const areNear = (a: At, b: At) => isNear(a, b, 8);
  const given: Case = { name, candidate, truth, shape, branches, fits, areNear, context };
  const areFinite = [candidate, truth, bounds].every((values) => Number.isFinite(largest(values)));
  // What is that near to the truth is near to too much else; and a gradient that is zero here is any multiple of itself.
  const tests =
    !areFinite || fits(right, 8)
      ? [overwritten]
      : isNear(right, () => 0, 2 ** 29) || support(truth) < 2
        ? [overwritten, ofBranches]
        : [
            overwritten,
            sign,
            wholeFactor,
            ofBranches,
            notAccumulated,
            transposed,
            constant,
            missingDerivative,
            missingUpstream,
            otherGradient,
            otherValue,
            extra,
            shifted,
          ];
  for (const test of tests) {
    const found = test(given);
    if (found !== null) return found;
  }
  return null;
}

function overwritten({ name, context, truth }: Case): Diagnosis | null {
  const final = context.final;
  if (final?.changed !== true || final.atWrite.data.length !== truth.length) return null;
  const { atWrite, aliases } = final;
  if (beyond(atWrite.data, truth, context.bounds.get(name)!).length > 0) return null;
  const by =
    aliases.length > 0 ? `, through ${aliases.map((alias) => `d${alias}`).join(' or ')}, which shares its memory` : '';
  return { kind: 'overwritten', text: `right at first, then changed in place${by}; write a clone` };
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
  const shown = name ?? rounded(factor, Math.abs(factor - 1) < 1e-4 ? 13 : 7);
  const text = `${name === '2' && given.branches.length === 1 ? 'twice' : `${shown} times`} what it should be`;
  return { kind: 'factor', text, factor };
}

/**
 * How many elements are added up in each element of a gradient, where a value was repeated for each of its uses and no other number of
 * that size is at hand; where a product of matrices adds up, 1/n may be many things, and 1/2 may always.
 */
function meanOf({ branches, shape, context }: Case): number | undefined {
  const count = (branches[0]?.upstream.values.length ?? 0) / elementCount(shape);
  if (!(count > 2)) return undefined;
  const consumers = consumersOf(context.run.tape.order);
  for (const { from, through, operation, upstream } of branches) {
    if (summedAxes(upstream.shape, shape) === undefined || upstream.values.length !== count * elementCount(shape))
      return undefined;
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
    const name = support(values) < 3 ? undefined : nameOf(factor, given);
    const faults: readonly [number, DiagnosisKind, string][] = [
      [-1, 'missing-branch', 'is missing'],
      [-2, 'sign-of-branch', 'has the opposite sign'],
      [1, 'accumulated-twice', 'is added twice'],
      [coefficient, 'factor-of-branch', `is ${name} times what it should be`],
    ];
    const [, kind, what] = faults.find(([known]) => isClose(coefficient, known))!;
    const isOne = kind === 'missing-branch' ? branches.length < 2 : merged.length < 2;
    if (isOne || (kind === 'factor-of-branch' && name === undefined)) continue;
    const text = `the branch through ${branch} ${what}`;
    found.set(text, { kind, text, branch, ...(kind === 'missing-branch' ? {} : { factor: rounded(factor, 15) }) });
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
  // To the digits that float32 has, for sums and quotients leave others behind them.
  const figure = (value: number) => String(Number(value.toPrecision(7)));
  if (fits(values(0), 4)) {
    return { kind: 'constant', text: `leaves out the number ${figure(added)} that the forward pass adds` };
  }
  for (const guess of [added * 10, added / 10, 1e-5, 1e5, 1e-8, 1e-6, 1e-3, 1, -added]) {
    if (fits(values(guess), 4)) {
      return { kind: 'constant', text: `has ${figure(guess)} where the forward pass adds ${figure(added)}` };
    }
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

/** A term of another gradient from further down the forward pass, that was read; not of one that is alike by what both come from. */
function extra({ name, truth, candidate, branches, fits, context, shape }: Case): Diagnosis | null {
  const { nodes } = context.run.tape;
  for (const [other, { data, shape: otherShape }] of context.reference) {
    if (other === name || context.final?.hasRead(other) === false || !sameShape(shape, otherShape)) continue;
    const unit = [1, -1].find((sign) => fits((i) => truth[i]! + sign * data[i]!, 2));
    if (unit === undefined || support(data) < 2 || largest(candidate) === 0) continue;
    const near = [data, ...context.branches.get(other)!.map(({ upstream }) => upstream.values)];
    const isAlike = ({ upstream: { values } }: Branch) => near.some((theirs) => isClose(ratio(values, theirs), 1));
    if (branches.some(isAlike) || !topological([nodes.get(other)!]).includes(nodes.get(name)!)) continue;
    const text = `d${other} is ${unit > 0 ? 'added to' : 'subtracted from'} it, which does not belong there`;
    return { kind: 'extra-branch', text };
  }
  return null;
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
  const [n, inner] = [shape[axis]!, elementCount(shape.slice(axis + 1))];
  const firsts = filled(n, (at) => at).reduce((found, at) => {
    return found.add(String(filled(Math.min(inner, 16), (i) => Math.fround(values[at * inner + i]!))));
  }, new Set<string>());
  return firsts.size === n;
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
  const is = (guess: number) => isClose(factor, guess);
  if (is(1)) return undefined;
  const known = fractionOf([...shape, ...branches.flatMap(({ upstream }) => upstream.shape)], is);
  for (let divisor = 1; known === undefined && divisor <= 64; divisor++) {
    const over = Math.round(factor * divisor);
    if (Math.abs(over) <= 64 && is(over / divisor)) return divisor === 1 ? String(over) : `${over}/${divisor}`;
  }
  return known;
}

/** The fraction by one of `sizes` that is what is sought. */
export function fractionOf(sizes: readonly number[], is: (guess: number) => boolean): string | undefined {
  const fractions = sizes.flatMap((n) => [
    [n, 1],
    [1, n],
    [n, n - 1],
    [n - 1, n],
  ]);
  return fractions
    .find(([over, under]) => over !== under && under !== 0 && is(over! / under!))
    ?.join('/')
    .replace(/\/1$/, '');
}

function rounded(x: number, digits: number): number {
  return Number(x.toPrecision(digits));
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
