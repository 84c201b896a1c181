// `handgrad notebook`: the notebook from the word list to the last gradient, and the comparisons beyond it.

import type { Command } from 'commander';
import {
  compare,
  exercise1,
  type FullPass,
  type FusedPass,
  formatSafetensors,
  type Handgrad,
  init,
  parameterNames,
  type Vocabulary,
} from '../index.js';
import { addDataOptions, addModelOptions, loadData } from './common.js';
import { drawBatch, readGiven } from './inputs.js';
import { print, printObject } from './notebookReport.js';
import type { NotebookOptions } from './notebookRun.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { say } from './streams.js';

interface Passes {
  autograd: FullPass;
  stepwise: FullPass;
  fused: FusedPass;
}

/** Adds the command to `program`. */
export function addNotebook(program: Command): void {
  const command = program.command('notebook').description('compute every gradient three ways and compare them');
  addDataOptions(command);
  addModelOptions(command, { seed: 456789096543n, bnSeed: 0n, hidden: 64, eps: 1e5 });
  command
    .option(
      '--params <file.safetensors>',
      'parameters by name, and Xb and Yb where the file has them, instead of drawn ones',
    )
    .option('--dump <file.safetensors>', 'write parameters, batch, intermediates, loss and gradients')
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      process.exitCode = await notebook(options);
    });
}

/** Runs the command; returns 0 when every gradient is approximately equal to autograd's, 1 otherwise. */
async function notebook(given: NotebookOptions): Promise<number> {
  const hg = await init({ build: given.relaxed ? 'relaxed' : 'strict' });
  await checkOutputs([{ path: given.dump }], [fileOfNames(given.names), given.params]);
  const { vocabulary, datasets: parts } = await loadData(hg, given, given.block);
  const datasets = [parts.train, parts.dev, parts.test];

  const generator = hg.generator().manualSeed(given.seed);
  const file = given.params === undefined ? {} : await readGiven(given.params);
  const source = file.parameters ?? { generator, bnGenerator: hg.generator().manualSeed(given.bnSeed) };
  const { block: blockSize, embed, hidden, eps, dtype } = given;
  const model = hg.createModel({ vocabSize: vocabulary.size, blockSize, embed, hidden, eps, dtype, ...source });
  if (file.batch === undefined) model.checkBatchFits(given.batch);
  const batch = file.batch ?? drawBatch(datasets[0]!, generator, given.batch);
  const options = { ...given, batch: batch.Yb.data.length };

  const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
  const passes = { autograd: model.autograd(Xb, Yb), stepwise: model.stepwise(Xb, Yb), fused: model.fused(Xb, Yb) };
  const run = { options, vocabulary, datasets, model, loss: passes.autograd.loss, ...compareWithAutograd(passes) };

  if (options.dump !== undefined) {
    const tensors = { ...model.parameters, ...batch, ...passes.stepwise.intermediates, ...gradientsOf(passes) };
    await writeOutput(options.dump, formatSafetensors(tensors, metadata(options, hg, vocabulary)));
  }
  if (options.json) await printObject(run);
  else await print(run);
  const rows = [...run.exercise1, run.exercise2, run.exercise3, ...run.fused];
  const wrong = rows.filter((row) => !row.approximate).map(({ name }) => name);
  if (wrong.length === 0) return 0;
  say(`handgrad: expected gradients approximately equal to autograd's, got others for ${wrong.join(', ')}`);
  return 1;
}

function compareWithAutograd({ autograd, stepwise, fused }: Passes) {
  const reference = autograd.gradients;
  return {
    exercise1: exercise1.map(([label, name]) => compare(label, stepwise.gradients[name], reference[name])),
    exercise2: compare('logits', fused.gradients.logits, reference.logits),
    exercise3: compare('hprebn', fused.gradients.hprebn, reference.hprebn),
    fused: parameterNames.map((name) => compare(`fused d${name}`, fused.gradients[name], reference[name])),
  };
}

/** Every gradient that each pass computes, as <pass>.d<name>. */
function gradientsOf(passes: Passes) {
  return Object.fromEntries(
    Object.entries(passes).flatMap(([pass, { gradients }]) =>
      Object.entries(gradients).map(([name, gradient]) => [`${pass}.d${name}`, gradient]),
    ),
  );
}

/** The configuration, in words that are the same on every machine. */
function metadata(options: NotebookOptions, { build }: Handgrad, vocabulary: Vocabulary): Record<string, string> {
  const { shuffleSeed, seed, bnSeed, block, embed, hidden, batch, eps, dtype } = options;
  const values = { dtype, build, shuffleSeed, seed, bnSeed, batch, block, vocabulary, embed, hidden, eps };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
