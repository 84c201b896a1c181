// What `handgrad notebook` prints.

import { formatComparison, pythonFloat } from '../index.js';
import type { NotebookRun } from './notebookRun.js';
import { printJson, printLines } from './streams.js';

/** The notebook's own lines first, then those beyond it. */
export async function print(run: NotebookRun): Promise<void> {
  const { options, vocabulary, datasets, model, loss } = run;
  const rows = [...run.exercise1, run.exercise2, run.exercise3, ...run.fused];
  const count = (of: 'exact' | 'approximate') => rows.filter((row) => row[of]).length;
  const exactInExercise1 = run.exercise1.filter((row) => row.exact).length;
  await printLines([
    `${vocabulary}`,
    `${vocabulary.size}`,
    ...datasets.map(({ X, Y }) => `torch.Size([${X.shape.join(', ')}]) torch.Size([${Y.shape.join(', ')}])`),
    `${model.parameterCount}`,
    `loss: ${loss.toFixed(6)}`,
    explainEps(options.eps),
    '',
    'Exercise 1: backpropagation one operation at a time',
    ...run.exercise1.map(formatComparison),
    '',
    'Exercise 2: cross-entropy in one go',
    formatComparison(run.exercise2),
    '',
    'Exercise 3: batch norm in one go',
    formatComparison(run.exercise3),
    '',
    'Beyond the notebook: the parameters by the fused backward pass',
    ...run.fused.map(formatComparison),
    '',
    `${exactInExercise1} of ${run.exercise1.length} gradients of exercise 1 are exact; of all ${rows.length} comparisons ` +
      `with autograd, ${count('exact')} are exact and ${count('approximate')} approximate.`,
  ]);
}

function explainEps(eps: number): string {
  const effect =
    eps === 1e5
      ? "the notebook's own, so large that batch norm is all but switched off; usual is --eps 1e-5"
      : "the notebook's own is 1e5, which all but switches batch norm off";
  return `eps: ${pythonFloat(eps)}, added to bnvar under the root (${effect})`;
}

/** One object: configuration, sizes, loss and every comparison. */
export async function printObject(run: NotebookRun): Promise<void> {
  const { options, vocabulary, datasets, model, loss, exercise1, exercise2, exercise3, fused } = run;
  const { shuffleSeed, seed, bnSeed, batch, block, embed, hidden, eps, dtype, relaxed } = options;
  const report = {
    configuration: {
      shuffleSeed: `${shuffleSeed}`,
      seed: `${seed}`,
      bnSeed: `${bnSeed}`,
      batch,
      block,
      vocabulary: vocabulary.size,
      embed,
      hidden,
      eps,
      dtype,
      build: relaxed ? 'relaxed' : 'strict',
    },
    itos: vocabulary.itos,
    shapes: Object.fromEntries(
      (['train', 'dev', 'test'] as const).map((part, i) => [part, [datasets[i]!.X.shape, datasets[i]!.Y.shape]]),
    ),
    parameterCount: model.parameterCount,
    loss,
    exercise1,
    exercise2,
    exercise3,
    fused,
  };
  await printJson(report);
}
