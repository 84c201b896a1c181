// A cell of gradients, judged line by line against the notebook's model.

import { boolean, integer, string } from '../base/check.js';
import { LessonError } from '../base/errors.js';
import type { FloatDType } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { sameShape, showShape } from '../base/shape.js';
import { guess, show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import type { Handgrad } from '../handgrad.js';
import { type DifferentiatedName, differentiatedNames, exercise1, type ParameterName, shapeOf } from '../mlp/layout.js';
import { expectHandgrad } from '../proof/handle.js';
import { prove } from '../proof/prove.js';
import { ProofReport } from '../proof/report.js';
import { missing } from '../proof/rows.js';
import type { Diagnosis, GradientReport, Verdict } from '../proof/schema.js';
import type { Tensor } from '../tensor/tensor.js';
import { constantsOf } from './constants.js';
import { type Exercise, type ExerciseOptions, exerciseOf, exerciseOptions } from './exercise.js';
import { Fault, OutOfSteps } from './fault.js';
import { gradientOf, JudgedVariables, type Touch, targetsOf } from './judged.js';
import { Machine, type Ran } from './machine.js';
import { type CellError, errorData } from './notebook.js';
import { missingSum } from './shapeHints.js';
import { type Cell, readCell } from './syntax.js';
import { described } from './values.js';

/** How a cell is judged. */
export interface JudgeOptions extends ExerciseOptions {
  /**
   * The gradients that the cell may read without having written them, dcounts and so on: they have their true values then. Or
   * `unwritten`: all that it does not write anywhere. Default none.
   */
  given?: readonly string[] | 'unwritten';
  /** What the report calls the cell. Default `cell`. */
  name?: string;
  /** Whether all 26 gradients of exercise 1 must be there: those that are not count as unclaimed. Default false. */
  strict?: boolean;
  /** Steps that the cell may take before it is ended. Default 10 million. */
  steps?: number;
}

/** A line that writes or changes a gradient, or changes a value of the forward pass. */
export interface JudgedLine {
  /** Counted from 1. */
  readonly line: number;
  /** The gradient, as dcounts, or the value of the forward pass. */
  readonly name: string;
  /** `write`: the line gives it a value; `change`: it changes it through another name; `forward`: it sets or changes a value. */
  readonly kind: 'write' | 'change' | 'forward';
  /** The last line that writes or changes it: the verdict is on what it is then. */
  readonly finishedAt: number;
  /** The verdict on the gradient in the cell's chain; null for a value of the forward pass. */
  readonly verdict: Verdict | null;
  /** Whether it is wrong even when the gradients that it is computed from are right. */
  readonly ownFault: boolean;
  /** What is wrong, where that can be told. */
  readonly diagnosis: Diagnosis | null;
  /** Sentences for a reader. */
  readonly notes: readonly string[];
}

/** What is found out about a cell. All of it can be posted; the report is plain data then. */
export interface Judgement {
  /** Whether the cell ends without an error, at least one gradient is written, and all that are written are right. */
  readonly ok: boolean;
  /** What the cell printed, the lines of its `cmp` among it. */
  readonly output: readonly string[];
  /** For each line of `output` the line of the statement that began it. */
  readonly printedBy: readonly number[];
  /** What ended the cell early, and what may mend it; what was written before is judged all the same. */
  readonly error: (CellError & { readonly hint: string | null }) | null;
  /** In the order in which they ran, each once. */
  readonly lines: readonly JudgedLine[];
  /** The gradients of exercise 1 that are neither written nor given, in the notebook's order. */
  readonly open: readonly string[];
  /** The gradients that were read without having been written, and taken from the reference. */
  readonly given: readonly string[];
  /** The proof of what was written. */
  readonly report: ProofReport;
}

/** What one run of a cell leaves. */
interface Outcome extends Ran {
  readonly variables: JudgedVariables;
}

/**
 * Judges a cell of gradients: `dX` is the gradient of the notebook's tensor X, every other variable is the cell's own. The values of the
 * forward pass, the minibatch and `cmp` are there. Each gradient gets the verdict of `prove`, each line that writes one that verdict with
 * what is wrong. Throws TypeError, RangeError or DatasetError for bad options; what is wrong with the cell is part of the result.
 *
 * @example judge(hg, 'dlogits = F.softmax(logits, 1)', { words }).lines; // one line, wrong
 */
export function judge(hg: Handgrad, source: string, settings: JudgeOptions, ...surplus: never[]): Judgement {
  refuseSurplus('judge', 3, surplus);
  expectHandgrad(hg);
  string('source', source);
  const { given, strict, steps, name, ...rest } = options('options', settings, [
    ...exerciseOptions,
    'given',
    'strict',
    'steps',
    'name',
  ]);
  const cell = readCell(source);
  const givenNames = givenBy(given ?? [], cell);
  const most = integer('steps', steps ?? 10_000_000, 1);
  const isStrict = boolean('strict', strict ?? false);
  const exercise = exerciseOf(hg, rest);
  const dtype = rest.dtype ?? 'float32';
  const { report, outcome } = proved(hg, exercise, cell, { dtype, given: givenNames, steps: most });
  return judgement(exercise, report, outcome, { isStrict, name: string('name', name ?? 'cell') });
}

/** Which gradients a cell may read without having written them. Throws TypeError. */
function givenBy(given: readonly string[] | 'unwritten', cell: Cell): DifferentiatedName[] {
  if (given === 'unwritten') {
    const written = new Set(allTargets(cell.statements));
    return differentiatedNames.filter((name) => !written.has(`d${name}`));
  }
  if (!Array.isArray(given)) throw new TypeError(`given: expected names of gradients or unwritten, got ${show(given)}`);
  const known = differentiatedNames.map((name) => `d${name}`);
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new TypeError(`given: expected names of gradients, got ${show(name)}${guess(String(name), known)}`);
  }
  return differentiatedNames.filter((name) => given.includes(`d${name}`));
}

/** The variables that statements assign, those inside of others among them. */
function allTargets(statements: Cell['statements']): string[] {
  return statements.flatMap((statement) => {
    const inner = [
      ...('body' in statement ? statement.body : []),
      ...('otherwise' in statement ? statement.otherwise : []),
      ...(statement.kind === 'if' ? statement.branches.flatMap(({ body }) => body) : []),
    ];
    return [...targetsOf(statement), ...allTargets(inner)];
  });
}

interface Rules {
  readonly dtype: FloatDType;
  readonly given: readonly DifferentiatedName[];
  readonly steps: number;
}

/** The proof of a cell, and what its first run in the dtype of the proof left. */
function proved(hg: Handgrad, exercise: Exercise, cell: Cell, rules: Rules): { report: ProofReport; outcome: Outcome } {
  const constants = constantsOf(hg, exercise);
  let outcome: Outcome | undefined;
  const proof = exercise.proof((t, d) => {
    const { dtype } = (t as Record<string, Tensor>).C!;
    const variables = new JudgedVariables({
      hg,
      t: t as Record<string, Tensor>,
      d,
      reference: exercise.gradientsOf(t as Record<ParameterName, Tensor>),
      given: rules.given,
      constants,
    });
    const machine = new Machine({
      hg,
      dtype: dtype as FloatDType,
      generator: hg.generator().manualSeed(0),
      words: exercise.words,
      variables,
      graph: variables.graph,
      steps: rules.steps,
      watch: variables,
    });
    const ran = machine.run(cell);
    const { error } = ran;
    if (error !== cell.error && error?.cause instanceof OutOfSteps) throw new Endless(error, machine.completed);
    if (dtype === rules.dtype) outcome ??= { ...ran, variables };
  });
  try {
    const report = prove(hg, proof, { dtype: rules.dtype });
    return { report, outcome: outcome! };
  } catch (error) {
    if (!(error instanceof Endless)) throw error;
    // What stands before the statement that does not end is judged.
    const statements = cell.statements.slice(0, error.completed);
    return proved(hg, exercise, { statements, error: error.error }, rules);
  }
}

/** Ends a proof whose cell does not end. */
class Endless extends Error {
  readonly error: LessonError;
  /** How many of its statements have ended. */
  readonly completed: number;

  constructor(error: LessonError, completed: number) {
    super(error.message);
    this.error = error;
    this.completed = completed;
  }
}

function judgement(
  exercise: Exercise,
  proof: ProofReport,
  outcome: Outcome,
  { isStrict, name }: { isStrict: boolean; name: string },
): Judgement {
  const { variables, output, printedBy } = outcome;
  const { taken, copied } = variables;
  const touched = new Set(variables.touches.map((touch) => touch.name));
  const written = proof.gradients.filter((row) => touched.has(`d${row.name}`)).map((row) => copiedRow(row, copied));
  const names = new Set(written.map(({ name }) => name));
  const openNames = exercise1.map(([, name]) => name).filter((name) => !names.has(name) && !taken.has(name));
  const absent = isStrict
    ? openNames.map((name) => missing(name, { shape: shapeOf(name, exercise.sizes) } as never))
    : [];
  const values = new Map([...proof.values].filter(([name]) => names.has(name)));
  const { dtype, reference, chain } = proof;
  const report = new ProofReport({ name, dtype, reference, gradients: [...written, ...absent], chain }, values);
  const error = outcome.error ?? otherValue(variables);
  return {
    ok: report.ok && error === null && names.size > 0,
    output,
    printedBy,
    error: error === null ? null : { ...errorData(error), hint: hintFor(error, exercise, variables) },
    lines: linesOf(variables.touches, written, exercise),
    open: openNames.map((name) => `d${name}`),
    given: [...taken].map((name) => `d${name}`),
    report,
  };
}

/** A gradient that was copied from `.grad` shows nothing. */
function copiedRow(row: GradientReport, copied: ReadonlySet<string>): GradientReport {
  if (!copied.has(row.name)) return row;
  const note = `taken from .grad, which is the reference itself: nothing is shown`;
  return { ...row, verdict: 'undecided', ownFault: false, diagnosis: null, notes: [note] };
}

/** What is wrong with a gradient that ended as no tensor of floats. */
function otherValue({ others }: JudgedVariables): LessonError | null {
  const [first] = others;
  if (first === undefined) return null;
  const { name, value, line } = first;
  return new LessonError(`expected ${name} to be a tensor of floats, got ${described(value)}`, line, 1);
}

/** What may mend an error: the sum that is missing, in the line itself or in a gradient before it. */
function hintFor(error: LessonError, { sizes }: Exercise, { shapes, target }: JudgedVariables): string | null {
  const own = target === undefined ? undefined : gradientOf(target);
  if (own !== undefined && error.cause instanceof Fault) {
    const wanted = shapeOf(own, sizes);
    for (const shape of error.cause.shapes) {
      const sum = sameShape(shape, wanted) ? null : missingSum(shape, wanted);
      if (sum !== null) return `d${own} has the shape of ${own}, ${showShape(wanted)}: ${sum}`;
    }
  }
  for (const [name, shape] of shapes) {
    const wanted = shapeOf(name, sizes);
    if (sameShape(shape, wanted)) continue;
    const sum = missingSum(shape, wanted);
    return `d${name} has shape ${showShape(shape)}, but ${name} ${showShape(wanted)}${sum === null ? '' : `: ${sum}`}`;
  }
  return null;
}

/** One entry for each line and gradient, in the order in which they ran. */
function linesOf(touches: readonly Touch[], rows: readonly GradientReport[], exercise: Exercise): JudgedLine[] {
  const first = new Map<string, Touch>();
  for (const touch of touches) {
    const key = `${touch.line} ${touch.name}`;
    if (!first.has(key) || (first.get(key)!.note === null && touch.note !== null)) first.set(key, touch);
  }
  return [...first.values()].map((touch) => {
    const { line, name, kind, note } = touch;
    const all = touches.filter((other) => other.name === name);
    const row = rows.find((one) => `d${one.name}` === name);
    const finishedAt = all.at(-1)!.line;
    const common = { line, name, kind, finishedAt };
    if (kind === 'forward' || row === undefined) {
      return { ...common, verdict: null, ownFault: false, diagnosis: null, notes: note === null ? [] : [note] };
    }
    const { verdict, ownFault, diagnosis } = row;
    return { ...common, verdict, ownFault, diagnosis, notes: [...row.notes, ...notesOn(row, all, exercise)] };
  });
}

/** What a row can't know: the lines, and how a sum is written. */
function notesOn(
  { name, givenShape, error, verdict }: GradientReport,
  touches: readonly Touch[],
  { sizes }: Exercise,
): string[] {
  const found: string[] = [];
  const changed = touches.at(-1)!;
  if (changed.kind === 'change') {
    const written = touches.findLast(({ kind }) => kind === 'write');
    const before = written === undefined ? 'given' : `written on line ${written.line}`;
    const through = changed.through === null ? '' : ` through ${changed.through}, which shares its memory`;
    found.push(`${before}, and changed on line ${changed.line}${through}`);
  }
  if (givenShape !== undefined && error === null && verdict !== 'undecided') {
    const sum = missingSum(givenShape, shapeOf(name as DifferentiatedName, sizes));
    if (sum !== null) found.push(sum);
  }
  return found;
}
