// What `handgrad notebook` prints.

import { pythonFloat } from '../base/python.js';
import { type Comparison, exercise1, formatComparison, type Model, type Tensor } from '../index.js';
import type { PassReports } from '../proof/passes.js';
import type { GradientReport, Verdict } from '../proof.js';
import { heatmapText } from '../report.js';
import { printJson, printLines } from './streams.js';
import { type Examples, parts } from './wordList.js';

/** Comparisons of hand-written gradients with autograd's. */
export interface Comparisons {
  exercise1: readonly Comparison[];
  exercise2: Comparison;
  exercise3: Comparison;
  /** The parameters' gradients by the fused pass. */
  fused: readonly Comparison[];
}

/** What a run of the notebook comes to. */
export interface NotebookResult extends Comparisons {
  examples: Examples;
  model: Model;
  loss: number;
  /** What the gradients were found to be. */
  proofs: PassReports;
}

/** A comparison that was printed, and what was found out about its gradient. */
export interface JudgedRow {
  readonly label: string;
  readonly comparison: Comparison;
  readonly gradient: GradientReport;
}

/** The parts of the report, each under its heading. */
const headings: Readonly<Record<keyof Comparisons, string>> = {
  exercise1: 'Exercise 1: backpropagation one operation at a time',
  exercise2: 'Exercise 2: cross-entropy in one go',
  exercise3: 'Exercise 3: batch norm in one go',
  fused: 'Beyond the notebook: the parameters by the fused backward pass',
};
const keys = Object.keys(headings) as (keyof Comparisons)[];

/** All the comparisons, in the order in which they are printed. */
export function comparisonsOf(comparisons: Comparisons): Comparison[] {
  return keys.flatMap((key) => comparisons[key]);
}

/** Every printed comparison with its verdict. */
export function judgedRows(result: NotebookResult): JudgedRow[] {
  const { stepwise, fused } = result.proofs;
  const reports = (report: PassReports['fused']) => new Map(report.gradients.map((row) => [row.name, row]));
  const [bySteps, byFusion] = [reports(stepwise), reports(fused)];
  return comparisonsOf(result).map((comparison, i) => {
    const label = comparison.name;
    const gradient = bySteps.get(exercise1[i]?.[1] ?? '') ?? byFusion.get(label.replace(/^fused d/, ''));
    return { label, comparison, gradient: gradient! };
  });
}

/** Prints the notebook's own lines, then those beyond it, and pictures of `shown`. */
export async function printNotebook(
  result: NotebookResult,
  shown: readonly (readonly [name: string, tensor: Tensor])[],
): Promise<void> {
  const { examples, model, loss } = result;
  const { vocabulary, datasets } = examples;
  const rows = comparisonsOf(result);
  const count = (of: 'exact' | 'approximate', among = rows) => among.filter((row) => row[of]).length;
  await printLines([
    `${vocabulary}`,
    `${vocabulary.size}`,
    ...parts.map((part) => {
      const { X, Y } = datasets[part];
      return `torch.Size([${X.shape.join(', ')}]) torch.Size([${Y.shape.join(', ')}])`;
    }),
    `${model.parameterCount}`,
    `loss: ${loss.toFixed(6)}`,
    explainEps(model.eps),
    ...keys.flatMap((key) => ['', headings[key], ...[result[key]].flat().map(formatComparison)]),
    '',
    `${count('exact', [...result.exercise1])} of ${result.exercise1.length} gradients of exercise 1 are exact; of all ${rows.length} ` +
      `comparisons with autograd, ${count('exact')} are exact and ${count('approximate')} approximate.`,
    ...verdictLines(judgedRows(result)),
    ...shown.flatMap(([title, tensor]) => ['', ...heatmapText(tensor, { title }).split('\n')]),
  ]);
}

/** How many rows have which verdict, and why a row that is not approximately equal is right all the same. */
function verdictLines(rows: readonly JudgedRow[]): string[] {
  const of = (verdict: Verdict) => rows.filter(({ gradient }) => gradient.verdict === verdict);
  const counts = (['exact', 'rounding', 'wrong', 'undecided'] as const).flatMap((verdict) =>
    of(verdict).length === 0 ? [] : [`${of(verdict).length} ${verdict}`],
  );
  const conclusion =
    of('wrong').length > 0
      ? `${of('wrong').length} of ${rows.length} are wrong`
      : of('undecided').length > 0
        ? 'no gradient is wrong, but not all can be decided'
        : 'every gradient is right';
  const excused = of('rounding').filter(({ comparison }) => !comparison.approximate);
  return [`Verdicts: ${counts.join(', ')}; ${conclusion}.`, ...excused.map(excuse)];
}

function excuse({ label, comparison, gradient: { error } }: JudgedRow): string {
  const figure = (value: number) => (value >= 0.01 && value < 100 ? value.toPrecision(2) : value.toExponential(1));
  const { candidate, reference, decisive } = error!;
  return (
    `${label}: approximate is False, but only by rounding: in float64 the formula is off by ${figure(decisive.bounds)} of what ` +
    `rounding explains; in ${comparison.dtype} it errs by ${figure(candidate.max)}, autograd's by ${figure(reference.max)}.`
  );
}

function explainEps(eps: number): string {
  const effect =
    eps === 1e5
      ? "the notebook's own, so large that batch norm is all but switched off; usual is --eps 1e-5"
      : "the notebook's own is 1e5, which all but switches batch norm off";
  return `eps: ${pythonFloat(eps)}, added to bnvar under the root (${effect})`;
}

/** Prints one object: configuration, sizes, loss every comparison and its verdict. */
export async function printNotebookAsJson(
  configuration: Record<string, unknown>,
  result: NotebookResult,
): Promise<void> {
  const { examples, model, loss, proofs, ...comparisons } = result;
  const { vocabulary, datasets } = examples;
  await printJson({
    configuration,
    itos: vocabulary.itos,
    shapes: Object.fromEntries(parts.map((part) => [part, [datasets[part].X.shape, datasets[part].Y.shape]])),
    parameterCount: model.parameterCount,
    loss,
    ...comparisons,
    verdicts: Object.fromEntries(judgedRows(result).map(({ label, gradient }) => [label, gradient.verdict])),
  });
}
