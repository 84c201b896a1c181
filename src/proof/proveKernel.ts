// A kernel proved: its outputs and gradients, in several regimes of its inputs.

import { list, object, string } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { dtypes, type FloatDType, type NdArray, type TypedArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import type { Handgrad } from '../handgrad.js';
import { controlOf } from './attest.js';
import { diagnose } from './diagnosis.js';
import { allowance } from './judge.js';
import type { Kernel } from './kernel.js';
import { referenceFor, type Target } from './kernelReference.js';
import { type Computed, type KernelRun, runKernel, varies } from './kernelRun.js';
import { asGiven, regimesOf } from './regimes.js';
import { ProofReport } from './report.js';
import { missing, rowOf } from './rows.js';
import { type DrawnInputs, drawInputs } from './run.js';
import { type GradientReport, type GradientValues, isRight, type ReferenceReport, type Verdict } from './schema.js';

/** What was found on some inputs. */
interface Situation {
  readonly regime: string;
  readonly rows: readonly GradientReport[];
  readonly values: ReadonlyMap<string, GradientValues>;
  /** Of the inputs as given. */
  readonly reference: ReferenceReport | undefined;
  /** Rows whose reference is not finite. */
  readonly lost: ReadonlySet<GradientReport>;
}

/** See `prove`. */
export function proveKernel(
  hg: Handgrad,
  kernel: Kernel,
  { dtype: wanted, seed }: { dtype: FloatDType; seed: number },
): ProofReport {
  checkKernel(kernel);
  const dtype = kernel.dtypes?.includes(wanted) === false ? kernel.dtypes[0]! : wanted;
  return hg.scope(() => {
    const drawn = drawInputs(hg, kernel, hg.generator().manualSeed(seed));
    const wrt = differentiated(kernel, drawn);
    const situations: Situation[] = [];
    for (const { name, inputs, isGiven } of regimesOf(hg, kernel, drawn)) {
      const given = { regime: name, isFirst: situations.length === 0, seed, dtype };
      const situation = hg.scope(() => situationOf(hg, kernel, requiring(inputs, wrt), given));
      // A kernel need not be for the usual regimes: where its reference is not finite, a row tells nothing unless it is wrong.
      const tells = (row: GradientReport) => row.verdict === 'wrong' || !situation.lost.has(row);
      situations.push(isGiven ? situation : { ...situation, rows: situation.rows.filter(tells) });
    }
    const { reference, values } = situations[0]!;
    const labels = [...new Set(situations.flatMap(({ rows }) => rows.map(keyOf)))];
    const gradients = labels.map((key) => worstRow(situations, key));
    const name = String(kernel.name ?? 'kernel');
    return new ProofReport({ name, dtype, reference: reference!, gradients, chain: [] }, values);
  });
}

const parts = [
  ...(['name', 'inputs', 'regimes', 'wrt', 'dtypes', 'reference'] as const),
  ...(['forward', 'backward', 'overwrites', 'accumulates'] as const),
];
const keyOf = ({ kind, name }: GradientReport): string => `${kind} ${name}`;
const severity: readonly Verdict[] = ['exact', 'rounding', 'inherited', 'unclaimed', 'undecided', 'wrong'];

/** The worst row under `key`, with the regime in which it was found. */
function worstRow(situations: readonly Situation[], key: string): GradientReport {
  const found = situations.flatMap(({ regime, rows }) =>
    rows.filter((row) => keyOf(row) === key).map((row) => ({ regime, row })),
  );
  const worst = found.reduce((a, b) => (severity.indexOf(b.row.verdict) > severity.indexOf(a.row.verdict) ? b : a));
  if (worst.regime === asGiven || worst.row.verdict === 'rounding') return worst.row;
  return {
    ...worst.row,
    notes: [`${worst.row.verdict} with inputs of the regime "${worst.regime}"`, ...worst.row.notes],
  };
}

function situationOf(
  hg: Handgrad,
  kernel: Kernel,
  inputs: DrawnInputs,
  { regime, isFirst, seed, dtype }: { regime: string; isFirst: boolean; seed: number; dtype: FloatDType },
): Situation {
  const { targets, upstream, report } = referenceFor(hg, kernel, inputs, seed, dtype);
  const hasFloat64 = kernel.dtypes?.includes('float64') !== false;
  const shown = runKernel(kernel, inputs, dtype, upstream);
  const decisive = !hasFloat64
    ? undefined
    : dtype === 'float64'
      ? shown
      : runKernel(kernel, inputs, 'float64', upstream);
  const values = new Map<string, GradientValues>();
  const arrays = [...targets.map(({ truth }) => truth), ...[...inputs.tensors.values()].map(({ array }) => array)];
  const longest = Math.max(...arrays.map(({ data }) => data.length));
  // A sum along an axis is as long as that, one over several axes as many times longer as its result is smaller.
  const axis = Math.max(...arrays.flatMap(({ shape }) => shape), 1);
  const termsOf = ({ truth }: Target) => Math.max(axis, longest / Math.max(1, truth.data.length));
  const rows = targets.map((target) => {
    const given = valuesOf(shown, target);
    const { truth, reference } = target;
    values.set(target.name, {
      candidate: given === undefined ? null : { ...reference, data: given },
      reference,
      truth,
    });
    const row = rowFor(
      shifted(target, shown, dtype),
      given,
      decisive && valuesOf(decisive, target),
      dtype,
      termsOf(target),
    );
    if (!varies(given, valuesOf(shown.again, target))) return row;
    const verdict = isRight(row.verdict) ? 'undecided' : row.verdict;
    return { ...row, verdict, notes: ['another run gave other values', ...row.notes] };
  });
  const clobbered = shown.clobbered.map((name): GradientReport => {
    const array = inputs.tensors.get(name)?.array ?? { dtype, shape: [], data: new dtypes[dtype].array(0) };
    const row = missing(name, array);
    return {
      ...row,
      kind: 'value',
      verdict: 'wrong',
      ownFault: true,
      notes: ['clobbered: the kernel changes it, and has no business to'],
    };
  });
  return {
    regime,
    rows: [...rows, ...clobbered],
    values,
    reference: isFirst
      ? { ...report(), control: controlOf(targets.filter(({ kind }) => kind === 'gradient')) }
      : undefined,
    lost: new Set(rows.filter((_, i) => !isFiniteTarget(targets[i]!))),
  };
}

function isFiniteTarget({ truth, reference }: Target): boolean {
  return truth.data.every(Number.isFinite) && reference.data.every(Number.isFinite);
}

function valuesOf(run: Computed, { name, kind }: Target): TypedArray | undefined {
  return kind === 'gradient' ? run.gradients[name] : (run.outputs[name] ?? run.saved[name]);
}

/** The target of a gradient that is added to something: with what it is added to. */
function shifted(target: Target, { addends }: KernelRun, dtype: FloatDType): Target {
  const addend = target.kind === 'gradient' ? addends[target.name] : undefined;
  if (addend === undefined) return target;
  const { truth, reference, bounds } = target;
  const plus = ({ data, ...rest }: NdArray, type: FloatDType): NdArray => ({
    ...rest,
    data: dtypes[type].array.from(Float64Array.from(data, (x, i) => x + addend[i]!)),
  });
  return {
    ...target,
    truth: plus(truth, 'float64'),
    reference: plus(reference, dtype),
    bounds: bounds.map((bound, i) => bound + allowance * 2 ** -24 * Math.abs(truth.data[i]! + addend[i]!)),
  };
}

function rowFor(
  { name, kind, truth, reference, bounds, context }: Target,
  candidate: TypedArray | undefined,
  decisive: TypedArray | undefined,
  dtype: FloatDType,
  terms: number,
): GradientReport {
  if (candidate === undefined) return { ...missing(name, truth), kind };
  if (candidate.length !== truth.data.length) {
    const notes = [`expected ${truth.data.length} values, got ${candidate.length}`];
    return { ...missing(name, truth), kind, verdict: 'wrong', ownFault: true, notes };
  }
  const row = { name, kind, dtype, truth, candidate, reference };
  if (decisive !== undefined) {
    const diagnosed = () => (context === undefined ? null : diagnose(name, decisive, context));
    return rowOf({ ...row, bounds, decisive, diagnose: diagnosed });
  }
  return inFloat32(row, bounds, terms);
}

/** What float32 alone can't tell from rounding, as a multiple of what it can. */
const twilight = 64;

/**
 * The row of a kernel that has float32 alone. Its rounding is its own: of a sum of n terms in the worst usual order, one after another,
 * it grows with n. What is larger than that, but not by far, is undecided.
 */
function inFloat32(
  row: Pick<Parameters<typeof rowOf>[0], 'name' | 'kind' | 'dtype' | 'truth' | 'candidate' | 'reference'>,
  bounds: Float64Array,
  terms: number,
): GradientReport {
  const own = bounds.map((bound) => (bound / allowance) * (16 + terms / 2));
  const wide = own.map((bound) => bound * twilight);
  const found = rowOf({ ...row, bounds: wide, decisive: row.candidate, decisiveDType: 'float32' });
  if (found.verdict !== 'rounding') return found;
  const multiple = found.error!.decisive.bounds * twilight;
  let largest = 0;
  for (const x of row.truth.data) largest = Math.max(largest, Math.abs(x));
  const visible = (own.reduce((a, x) => Math.max(a, x), 0) / largest).toExponential(0);
  const notes = [
    ...found.notes,
    `judged in float32 alone, where a fault below ${visible} of the largest element would not show`,
  ];
  if (multiple <= 1) return { ...found, notes };
  const more = `errs by ${multiple.toPrecision(2)} times what rounding usually does: a float64 build of the kernel would decide`;
  return { ...found, verdict: 'undecided', notes: [more, ...notes] };
}

function differentiated(kernel: Kernel, { tensors }: DrawnInputs): readonly string[] {
  const floats = [...tensors].filter(([, { array }]) => array.dtype !== 'int32').map(([name]) => name);
  const wrt = kernel.wrt ?? floats;
  expectNames('wrt', wrt, floats);
  if (wrt.length === 0) throw new ProofError('inputs: expected at least one floating-point tensor, got none');
  expectNames('accumulates', kernel.accumulates ?? [], wrt);
  expectNames('overwrites', Object.keys(object('kernel.overwrites', kernel.overwrites ?? {})), wrt);
  return wrt;
}

/** Throws TypeError or ProofError unless an option of a kernel lists names of `known`. */
function expectNames(option: string, names: readonly string[], known: readonly string[]): void {
  const unknown = list(`kernel.${option}`, names, string).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ProofError(`kernel.${option}: expected names of ${known.join(', ')}, got ${show(unknown)}`);
}

function requiring({ tensors, constants }: DrawnInputs, wrt: readonly string[]): DrawnInputs {
  const marked = [...tensors].map(([name, { array }]) => [name, { array, requiresGrad: wrt.includes(name) }] as const);
  return { constants, tensors: new Map(marked) };
}

function checkKernel(kernel: Kernel): void {
  options('kernel', kernel, parts);
  object('kernel.regimes', kernel.regimes ?? {});
  for (const part of ['inputs', 'forward', 'backward', 'reference'] as const) {
    if (part === 'reference' && kernel.reference === undefined) continue;
    if (typeof kernel[part] !== 'function') {
      throw new ProofError(`kernel.${part}: expected a function, got ${show(kernel[part])}`);
    }
  }
  const known = list('kernel.dtypes', kernel.dtypes ?? ['float32'], string);
  if (known.length === 0 || !known.every((dtype) => dtype === 'float32' || dtype === 'float64')) {
    throw new ProofError(`kernel.dtypes: expected float32, float64 or both, got ${show(kernel.dtypes)}`);
  }
}
