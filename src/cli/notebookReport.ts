// What `handgrad notebook` prints.

import { pythonFloat } from '../base/python.js';
import { type Comparison, formatComparison, type Model } from '../index.js';
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

/** Prints the notebook's own lines, then those beyond it. */
export async function printNotebook(result: NotebookResult): Promise<void> {
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
  ]);
}

function explainEps(eps: number): string {
  const effect =
    eps === 1e5
      ? "the notebook's own, so large that batch norm is all but switched off; usual is --eps 1e-5"
      : "the notebook's own is 1e5, which all but switches batch norm off";
  return `eps: ${pythonFloat(eps)}, added to bnvar under the root (${effect})`;
}

/** Prints one object: configuration, sizes, loss and every comparison. */
export async function printNotebookAsJson(
  configuration: Record<string, unknown>,
  { examples: { vocabulary, datasets }, model, loss, ...comparisons }: NotebookResult,
): Promise<void> {
  await printJson({
    configuration,
    itos: vocabulary.itos,
    shapes: Object.fromEntries(parts.map((part) => [part, [datasets[part].X.shape, datasets[part].Y.shape]])),
    parameterCount: model.parameterCount,
    loss,
    ...comparisons,
  });
}
