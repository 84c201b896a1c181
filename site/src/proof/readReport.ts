// A report that comes from where code of others runs: read member by member, so that nothing else is shown, and nothing but numbers
// and texts gets into the page that is saved.

import type { NdArray } from 'handgrad';
import type { ChainStep, Diagnosis, ErrorFigures, GradientReport, GradientValues } from 'handgrad/proof';
import { type HtmlReport, verdicts } from 'handgrad/report';

type Members = Readonly<Record<string, unknown>>;

/** Characters of a text, names among them. */
const longest = 10_000;

/** Throws TypeError for what is no report. */
export function readReport(value: unknown): HtmlReport {
  const { name, dtype, ok, root, reference, gradients, chain, values } = members('report', value);
  return {
    format: 'handgrad-report-1',
    name: text('name', name),
    dtype: one('dtype', dtype, ['float32', 'float64'] as const),
    ok: truth('ok', ok),
    root: maybe(root, (it) => text('root', it)),
    reference: referenceOf(reference),
    gradients: list('gradients', gradients, gradientOf),
    chain: list('chain', chain, stepOf),
    values: valuesOf(values),
  };
}

export function members(name: string, value: unknown): Members {
  if (typeof value !== 'object' || value === null) throw unexpected(name, 'an object', value);
  return value as Members;
}

export function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw unexpected(name, 'a text', value);
  if (value.length > longest)
    throw new TypeError(`${name}: expected at most ${longest} characters, got ${value.length}`);
  return value;
}

export function number(name: string, value: unknown): number {
  if (typeof value !== 'number') throw unexpected(name, 'a number', value);
  return value;
}

export function maybe<Value>(value: unknown, read: (value: unknown) => Value): Value | null {
  return value === null || value === undefined ? null : read(value);
}

function truth(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw unexpected(name, 'true or false', value);
  return value;
}

function one<Name extends string>(name: string, value: unknown, names: readonly Name[]): Name {
  const found = names.find((other) => other === value);
  if (found === undefined) throw unexpected(name, names.join(' or '), value);
  return found;
}

function list<Value>(name: string, value: unknown, read: (value: unknown) => Value): Value[] {
  if (!Array.isArray(value)) throw unexpected(name, 'a list', value);
  return Array.from(value, read);
}

const numbers = (name: string, value: unknown) => list(name, value, (it) => number(name, it));
const texts = (name: string, value: unknown) => list(name, value, (it) => text(name, it));

function unexpected(name: string, expected: string, got: unknown): TypeError {
  return new TypeError(`${name}: expected ${expected}, got ${got === null ? 'null' : typeof got}`);
}

function gradientOf(value: unknown): GradientReport {
  const given = members('gradient', value);
  return {
    name: text('name', given.name),
    kind: one('kind', given.kind, ['gradient', 'value'] as const),
    shape: numbers('shape', given.shape),
    ...(given.givenShape === undefined ? {} : { givenShape: numbers('givenShape', given.givenShape) }),
    verdict: one('verdict', given.verdict, verdicts),
    ownFault: truth('ownFault', given.ownFault),
    exact: truth('exact', given.exact),
    approximate: truth('approximate', given.approximate),
    maxdiff: number('maxdiff', given.maxdiff),
    error: maybe(given.error, (it) => {
      const { candidate, reference, decisive } = members('error', it);
      return { candidate: figures(candidate), reference: figures(reference), decisive: figures(decisive) };
    }),
    bound: maybe(given.bound, (it) => number('bound', it)),
    share: number('share', given.share),
    worst: maybe(given.worst, (it) => {
      const { index, candidate, reference, truth } = members('worst', it);
      return {
        index: numbers('index', index),
        candidate: number('candidate', candidate),
        reference: number('reference', reference),
        truth: number('truth', truth),
      };
    }),
    nonFinite: finiteness(given.nonFinite),
    diagnosis: maybe(given.diagnosis, diagnosisOf),
    notes: texts('notes', given.notes),
  };
}

function figures(value: unknown): ErrorFigures {
  const { max, ulp, bounds } = members('error', value);
  return { max: number('max', max), ulp: number('ulp', ulp), bounds: number('bounds', bounds) };
}

function finiteness(value: unknown): GradientReport['nonFinite'] {
  const { nan, infinite } = members('nonFinite', value);
  return { nan: number('nan', nan), infinite: number('infinite', infinite) };
}

function diagnosisOf(value: unknown): Diagnosis {
  const { kind, text: said, factor, branch } = members('diagnosis', value);
  return {
    // Only shown, as the text is.
    kind: text('kind', kind) as Diagnosis['kind'],
    text: text('text', said),
    ...(factor === undefined ? {} : { factor: number('factor', factor) }),
    ...(branch === undefined ? {} : { branch: text('branch', branch) }),
  };
}

function referenceOf(value: unknown): HtmlReport['reference'] {
  const { kind, trusted, directions, control } = members('reference', value);
  return {
    kind: one('kind', kind, ['autograd', 'differences', 'given'] as const),
    trusted: truth('trusted', trusted),
    directions: list('directions', directions, (it) => {
      const { reference, difference, estimatedError } = members('direction', it);
      return {
        reference: number('reference', reference),
        difference: number('difference', difference),
        estimatedError: number('estimatedError', estimatedError),
      };
    }),
    control: maybe(control, (it) => {
      const { name, found, factor } = members('control', it);
      return {
        name: text('name', name),
        found: truth('found', found),
        ...(factor === undefined ? {} : { factor: number('factor', factor) }),
      };
    }),
  };
}

function stepOf(value: unknown): ChainStep {
  const { name, from, operation } = members('step', value);
  return { name: text('name', name), from: texts('from', from), operation: text('operation', operation) };
}

function valuesOf(value: unknown): ReadonlyMap<string, GradientValues> {
  if (!(value instanceof Map)) throw unexpected('values', 'a map', value);
  return new Map(
    Array.from(value as ReadonlyMap<unknown, unknown>, ([name, it]) => {
      const { candidate, reference, truth } = members('values', it);
      const read = { candidate: maybe(candidate, arrayOf), reference: arrayOf(reference), truth: arrayOf(truth) };
      return [text('name', name), read];
    }),
  );
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

function arrayOf(value: unknown): NdArray {
  const { dtype, shape, data } = members('array', value);
  const type = one('dtype', dtype, ['float32', 'float64', 'int32'] as const);
  const sizes = numbers('shape', shape);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (!(data instanceof arrays[type]) || data.length !== count) throw unexpected('data', `${count} of ${type}`, data);
  return { dtype: type, shape: sizes, data } as NdArray;
}
