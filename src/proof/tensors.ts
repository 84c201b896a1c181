// Tensors that another program has written, held against those of a reference: verdicts by a truth in float64, or ULP.

import { string } from '../base/check.js';
import { DTypeError, ShapeError } from '../base/errors.js';
import { checkedNdArray, type NdArray, type StoredDType, type StoredFloat } from '../base/ndarray.js';
import { options as checkedOptions, isPlainObject } from '../base/options.js';
import { sameButForOnes, sameShape, showShape } from '../base/shape.js';
import { guess, show } from '../base/show.js';
import { compareValues, indexOf } from '../compare/compare.js';
import { roundingOf } from '../compare/ulp.js';
import { ulpDistances } from '../compare/ulpDistances.js';
import { diagnoseShape } from './misshapen.js';
import { diagnoseValues } from './plainDiagnosis.js';
import { ProofReport } from './report.js';
import { missing, nonFiniteIn, worstOf } from './rows.js';
import { type Held, heldAgainst, type Scale, scaleOf } from './scale.js';
import type { Diagnosis, GradientReport, GradientValues, ReferenceReport, Verdict } from './schema.js';

/** Arrays by name; those of `parseSafetensors` say what they were in the file. */
export type NamedTensors =
  | ReadonlyMap<string, NdArray & { readonly storedDType?: StoredDType }>
  | Readonly<Record<string, NdArray & { readonly storedDType?: StoredDType }>>;

/** How tensors are held against each other. */
export interface CompareTensorsOptions {
  /** What is right, in float64, by the reference's names. */
  truth?: NamedTensors;
  /** The reference's names of those that the candidate calls otherwise: `{ dx: 'x.grad' }`. */
  map?: Readonly<Record<string, string>>;
  /** The reference's names of those that are compared; all unless given. */
  only?: readonly string[];
  /** What the report is called. */
  name?: string;
}

interface Stored extends NdArray {
  readonly storedDType: StoredDType;
}

type Tensors = ReadonlyMap<string, Stored>;

/** What `compareTensors` promises, at once. */
export function judgeTensors(
  candidate: NamedTensors,
  reference: NamedTensors,
  options?: CompareTensorsOptions,
): ProofReport {
  const given = checkedOptions('options', options, ['truth', 'map', 'only', 'name']);
  const expected = checkedTensors('reference', reference);
  const own = renamed(checkedTensors('candidate', candidate), given.map ?? {}, expected);
  const name = string('name', given.name ?? 'comparison');
  const truth = given.truth === undefined ? undefined : checkedTensors('truth', given.truth);
  const names = namesOf(own, expected, given.only);
  if (truth !== undefined && !names.some((one) => truth.has(one))) {
    throw new RangeError(
      `truth: expected tensors of the reference's names, got ${few(truth)}; it has ${few(expected)}`,
    );
  }
  const values = new Map<string, GradientValues>();
  const rows = names.map((one) => {
    const [candidate, reference] = [own.get(one), expected.get(one)];
    if (reference === undefined) {
      const note = `the reference has none of this name${guess(one, [...expected.keys()], show)}`;
      return { ...missing(one, candidate!), kind: 'value' as const, verdict: 'undecided' as const, notes: [note] };
    }
    const right = truthOf(one, truth?.get(one), reference);
    values.set(one, { candidate: candidate ?? null, reference, truth: right ?? reference });
    if (candidate === undefined) return { ...missing(one, reference), kind: 'value' as const };
    return judged({ name: one, candidate, reference, truth: right });
  });
  const report: ReferenceReport = {
    kind: 'given',
    trusted: true,
    directions: [],
    control: controlOf(rows, values, expected),
  };
  const isWide = names.every((one) => (own.get(one) ?? expected.get(one)!).dtype === 'float64');
  const dtype = isWide ? 'float64' : 'float32';
  return new ProofReport({ name, dtype, reference: report, gradients: rows, chain: [] }, values);
}

interface Pair {
  readonly name: string;
  readonly candidate: Stored;
  readonly reference: Stored;
  readonly truth: NdArray | undefined;
}

function judged(pair: Pair): GradientReport {
  const { name, candidate, reference, truth } = pair;
  const notes: string[] = [];
  const row = (verdict: Verdict, more: Partial<GradientReport> = {}): GradientReport => ({
    ...missing(name, reference),
    kind: 'value' as const,
    verdict,
    ...(!sameShape(candidate.shape, reference.shape) && { givenShape: candidate.shape }),
    nonFinite: nonFiniteIn(candidate.data),
    notes,
    ...more,
  });
  if (!sameButForOnes(candidate.shape, reference.shape)) return misshapen(pair, row);
  if (!sameShape(candidate.shape, reference.shape)) {
    notes.push(
      `has shape ${showShape(candidate.shape)}, expected ${showShape(reference.shape)}; axes of size 1 ignored`,
    );
  }
  if ((candidate.dtype === 'int32') !== (reference.dtype === 'int32')) {
    notes.push(`expected ${reference.storedDType} as the reference is, got ${candidate.storedDType}`);
    return row('wrong');
  }
  const isSameDType = candidate.storedDType === reference.storedDType;
  if (!isSameDType) notes.push(`is ${candidate.storedDType}, held against ${reference.storedDType}`);
  const dtype = candidate.dtype === reference.dtype ? reference.dtype : 'float64';
  const { exact, approximate, maxdiff, worst } = compareValues(name, candidate.data, { ...reference, dtype });
  const figures: Partial<GradientReport> = {
    exact,
    approximate,
    maxdiff,
    worst: worst && {
      index: worst.index,
      candidate: worst.manual,
      reference: worst.reference,
      truth: (truth ?? reference).data[placeOf(worst.index, reference.shape)]!,
    },
    share: shareOf(candidate.data, (value, i) => value !== reference.data[i]),
  };
  const isIdentical = isSameDType && sameBits(candidate.data, reference.data);
  const held = truth && candidate.dtype !== 'int32' ? heldBy({ candidate, reference, truth }) : undefined;
  if (held !== undefined) Object.assign(figures, held.more);
  if (isIdentical && !candidate.data.some(Number.isNaN)) return row('exact', figures);
  if (candidate.dtype === 'int32') {
    notes.push(`${percent(figures.share!)} of the elements differ, and integers are not rounded`);
    return row('wrong', figures);
  }
  if (isIdentical) {
    notes.push('is NaN where the reference is NaN too: values that are numbers would decide');
    return row('undecided', figures);
  }
  if (held === undefined) {
    notes.push(`${distances(pair)}; a truth in float64 would decide`);
    const looksLike = diagnosed(candidate, reference, scaleOfUlp(pair));
    if (looksLike !== null) notes.push(`looks like the reference, but ${looksLike.text}`);
    return row('undecided', figures);
  }
  const { verdict, hidden } = held;
  const looksLike = held.off.length > 0 && hidden <= 0.5 ? diagnosed(candidate, truth!, held.scale) : null;
  if (verdict === 'wrong') return row('wrong', { ...figures, diagnosis: looksLike });
  if (verdict === 'undecided') notes.push(undecidedBecause(held, pair));
  if (looksLike !== null) notes.push(`looks like the truth, but ${looksLike.text}`);
  if (verdict === 'rounding' && hidden > 0) {
    const where = `${percent(hidden)} of the elements, the smallest ones`;
    notes.push(
      hidden > 0.5
        ? 'zero here but for rounding: a wrong factor would not show'
        : `a factor of 1/2 would not show in ${where}`,
    );
  }
  return row(verdict, figures);
}

interface HeldBy extends Held {
  readonly scale: Scale;
  readonly more: Partial<GradientReport>;
}

/** A candidate of floating-point values, held against its truth, with the figures of its row. */
function heldBy({ candidate, reference, truth }: Required<Omit<Pair, 'name'>> & { truth: NdArray }): HeldBy {
  const hold = (values: Stored, scale: Scale) =>
    heldAgainst(values.data, truth.data, scale, values.storedDType as StoredFloat);
  const scale = scaleBetween(candidate, reference, truth);
  const ownScale = candidate.storedDType === reference.storedDType ? scale : scaleBetween(reference, reference, truth);
  const held = hold(candidate, scale);
  const { figures, off } = held;
  const at = worstOf(candidate.data, truth.data);
  const more: Partial<GradientReport> = {
    error: { candidate: figures, reference: hold(reference, ownScale).figures, decisive: figures },
    bound: scale.at(scale.largestTruth).right,
    share: off.length / Math.max(1, truth.data.length),
    worst:
      at === undefined
        ? null
        : {
            index: indexOf(at, reference.shape),
            candidate: candidate.data[at]!,
            reference: reference.data[at]!,
            truth: truth.data[at]!,
          },
  };
  return { ...held, scale, more };
}

/** What keeps a candidate from being right or wrong, and what would decide. */
function undecidedBecause(
  { scale, hidden, figures, unheld }: HeldBy,
  { candidate: { storedDType, shape }, truth }: Pair,
): string {
  if (unheld !== undefined) {
    const where = `[${indexOf(unheld, shape).join(', ')}]`;
    return `the truth is ${truth!.data[unheld]} at ${where}, beyond ${storedDType}: smaller values would decide`;
  }
  if (scale.isRounded) {
    const expected = `one computed in ${storedDType} would decide`;
    return `the reference is the truth rounded, which does not show what rounding does: ${expected}`;
  }
  if (hidden > 0.5) {
    return 'the reference errs as much as a factor of 1/2 would: other inputs or a wider dtype would decide';
  }
  const { bounds } = figures;
  const errs = bounds > 1 ? `${bounds.toPrecision(3)} times what is right for sure` : 'more than the reference in most';
  return `errs by ${errs}, too little to be wrong for sure: the same in float64 would decide`;
}

function scaleBetween(candidate: Stored, reference: Stored, truth: NdArray): Scale {
  return scaleOf(reference.data, truth.data, {
    reference: reference.storedDType as StoredFloat,
    candidate: candidate.storedDType as StoredFloat,
  });
}

/** What the candidate is instead of `right`, where that is certain to rounding. */
function diagnosed({ data }: Stored, right: NdArray, scale: Pick<Scale, 'at'>): Diagnosis | null {
  const fits = (values: ArrayLike<number>, size = 1) => {
    for (let i = 0; i < data.length; i++) {
      if (!(Math.abs(data[i]! - values[i]!) <= size * scale.at(Math.abs(values[i]!) / size).right)) return false;
    }
    return true;
  };
  return diagnoseValues({ candidate: data, truth: right.data, shape: right.shape, fits });
}

/** Where there is no truth: a few ULP that the largest element has in the coarser dtype. */
function scaleOfUlp({ candidate, reference }: Pair): Pick<Scale, 'at'> {
  const { epsilon } = roundingOf[coarser(candidate, reference)];
  let largest = 0;
  for (const x of reference.data) largest = Math.max(largest, Math.abs(x));
  const bound = 16 * epsilon * largest;
  return { at: () => ({ ulp: bound, usual: bound, right: bound, wrong: bound }) };
}

/** A copy of the first reference that is large enough to show it, scaled by as little as must be found wrong. */
function controlOf(
  rows: readonly GradientReport[],
  values: ReadonlyMap<string, GradientValues>,
  references: Tensors,
): ReferenceReport['control'] {
  for (const { name, error } of rows) {
    if (error === null) continue;
    const reference = references.get(name)!;
    const { truth } = values.get(name)!;
    const scale = scaleBetween(reference, reference, truth);
    const needed = scale.at(scale.largestTruth).wrong / scale.largestTruth;
    // Twice what is needed, for the reference has an error of its own.
    const factor = 1 + 2 ** Math.ceil(Math.log2(2 * needed));
    if (!(factor <= 3)) continue;
    const copy = Float64Array.from(reference.data, (x) => x * factor);
    const { verdict: found } = heldAgainst(copy, truth.data, scale, reference.storedDType as StoredFloat);
    return { name, found: found === 'wrong', factor };
  }
  return null;
}

function misshapen(
  { candidate, reference, truth }: Pair,
  row: (verdict: Verdict, more: Partial<GradientReport>) => GradientReport,
): GradientReport {
  const isInteger = candidate.dtype === 'int32' || reference.dtype === 'int32';
  const tolerance = isInteger ? 1e-9 : 64 * roundingOf[coarser(candidate, reference)].epsilon;
  const { diagnosis, hint } = diagnoseShape(candidate, truth ?? reference, tolerance);
  const note = `expected shape ${showShape(reference.shape)}, got ${showShape(candidate.shape)}${hint}`;
  return row('wrong', { diagnosis, notes: [note] });
}

/** How far two tensors are from each other, in ULP of the coarser dtype. */
function distances({ candidate, reference }: Pair): string {
  const dtype = coarser(candidate, reference);
  const steps = ulpDistances(candidate.data, reference.data, dtype);
  const known = steps.filter((x) => !Number.isNaN(x)).sort();
  const at = (share: number) => {
    const value = known[Math.floor(share * (known.length - 1))]!;
    return value < 1e6 ? String(Number(value.toPrecision(4))) : value.toExponential(2);
  };
  const differing = `${percent(shareOf(steps, (x) => x !== 0))} of the elements differ`;
  const lost = known.length < steps.length ? `, NaN in ${percent(1 - known.length / steps.length)}` : '';
  if (known.length === 0) return differing + lost;
  return `${differing}, by ${at(1)} ULP of ${dtype} at most, ${at(0.5)} in the median, ${at(0.99)} in 99 %${lost}`;
}

function coarser(a: Stored, b: Stored): StoredFloat {
  const [one, other] = [a.storedDType as StoredFloat, b.storedDType as StoredFloat];
  return roundingOf[one].epsilon >= roundingOf[other].epsilon ? one : other;
}

function checkedTensors(name: string, tensors: NamedTensors): Tensors {
  if (!(tensors instanceof Map) && !isPlainObject(tensors)) {
    throw new TypeError(`${name}: expected tensors by name, got ${show(tensors)}`);
  }
  const entries: [string, NdArray & { storedDType?: StoredDType }][] =
    tensors instanceof Map ? [...tensors] : Object.entries(tensors as Readonly<Record<string, NdArray>>);
  return new Map(
    entries.map(([key, array]) => {
      const label = `${name} ${show(string(`${name}: a name`, key))}`;
      const checked = checkedNdArray(label, array);
      const storedDType = array.storedDType ?? checked.dtype;
      if (!widened[checked.dtype].includes(storedDType)) {
        throw new DTypeError(`${label}: expected a stored dtype that ${checked.dtype} holds, got ${show(storedDType)}`);
      }
      return [key, { ...checked, storedDType }];
    }),
  );
}

const widened: Readonly<Record<NdArray['dtype'], readonly StoredDType[]>> = {
  float32: ['float32', 'float16', 'bfloat16'],
  float64: ['float64'],
  int32: ['int32', 'int64'],
};

/** The candidate's tensors by the reference's names. */
function renamed(candidate: Tensors, map: Readonly<Record<string, string>>, reference: Tensors): Tensors {
  if (!isPlainObject(map))
    throw new TypeError(`map: expected the reference's names by the candidate's, got ${show(map)}`);
  const names = new Map(Object.entries(map));
  for (const [from, to] of names) {
    if (!candidate.has(from)) throw new RangeError(`map: expected a name of the candidate, ${hint(from, candidate)}`);
    if (!reference.has(string(`map ${show(from)}`, to))) {
      throw new RangeError(`map: expected a name of the reference, ${hint(to, reference)}`);
    }
  }
  const result = new Map<string, Stored>();
  for (const [from, tensor] of candidate) {
    const to = names.get(from) ?? from;
    if (result.has(to)) throw new RangeError(`map: expected one tensor for each name, got two for ${show(to)}`);
    result.set(to, tensor);
  }
  return result;
}

/** The names to compare: the reference's in their order, then those that it lacks. */
function namesOf(candidate: Tensors, reference: Tensors, only: readonly string[] | undefined): string[] {
  const all = new Map([...reference, ...candidate]);
  if (only !== undefined && (!Array.isArray(only) || only.length === 0)) {
    throw new TypeError(`only: expected names in an array, got ${show(only)}`);
  }
  for (const name of only ?? []) {
    if (!all.has(string('only', name))) throw new RangeError(`only: expected a name that is there, ${hint(name, all)}`);
  }
  if (reference.size === 0) throw new RangeError('reference: expected at least one tensor, got none');
  const names = [...all.keys()].filter((name) => only === undefined || only.includes(name));
  if (!names.some((name) => candidate.has(name) && reference.has(name))) {
    throw new RangeError(
      `candidate: expected names of the reference, such as ${few(reference)}; got ${few(candidate)}; map joins them`,
    );
  }
  return names;
}

/** The truth of a tensor, where there is one. Throws where it does not fit the reference. */
function truthOf(name: string, truth: Stored | undefined, { dtype, shape }: Stored): NdArray | undefined {
  if (truth === undefined || dtype === 'int32') return undefined;
  if (truth.dtype !== 'float64') {
    throw new DTypeError(`truth ${show(name)}: expected float64, got ${truth.storedDType}`);
  }
  if (!sameButForOnes(truth.shape, shape)) {
    throw new ShapeError(
      `truth ${show(name)}: expected shape ${showShape(shape)} of the reference, got ${showShape(truth.shape)}`,
    );
  }
  return { dtype: 'float64', shape, data: truth.data };
}

function hint(name: string, known: Tensors): string {
  const names = [...known.keys()];
  return `got ${show(name)}${guess(name, names, show) || `; it has ${few(known)}`}`;
}

/** A few names. */
function few(tensors: Tensors): string {
  const names = [...tensors.keys()].slice(0, 4).map((name) => show(name));
  return tensors.size === 0 ? 'none' : `${names.join(', ')}${tensors.size > 4 ? ', …' : ''}`;
}

function sameBits(a: NdArray['data'], b: NdArray['data']): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: NdArray['data']) => new Uint8Array(buffer, byteOffset, byteLength);
  const other = bytes(b);
  return bytes(a).every((byte, i) => byte === other[i]);
}

function shareOf(values: ArrayLike<number>, counts: (value: number, index: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (counts(values[i]!, i)) count++;
  return count / Math.max(1, values.length);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

function placeOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((place, i, axis) => place * shape[axis]! + i, 0);
}
