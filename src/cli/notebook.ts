// `handgrad notebook`: the notebook from the word list to the last gradient, and the comparisons beyond it.

import type { Command } from 'commander';
import type { FullPass, FusedPass } from '../index.js';
import { compare, exercise1, formatSafetensors, init, parameterNames, takeBatch } from '../index.js';
import { type Comparisons, comparisonsOf, printNotebook, printNotebookAsJson } from './notebookReport.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { readParameterFile } from './parameterFile.js';
import { addSettings, configuration, modelOptions, type StartSettings, startSettings } from './settings.js';
import { say } from './streams.js';
import { addNamesOption, examplesOf, loadWordList } from './wordList.js';

interface NotebookOptions extends StartSettings {
  names?: string;
  params?: string;
  dump?: string;
  json: boolean;
}

interface Passes {
  autograd: FullPass;
  stepwise: FullPass;
  fused: FusedPass;
}

/** Adds the command to `program`. */
export function addNotebook(program: Command): void {
  const command = program.command('notebook').description('compute every gradient three ways and compare them');
  addNamesOption(command);
  addSettings(command, startSettings, { seed: 456789096543n, bnSeed: 0n, eps: 1e5 });
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
  const settings = modelOptions(given);
  const examples = examplesOf(await loadWordList(hg, given), settings.blockSize);
  const { vocabulary, datasets } = examples;

  const generator = hg.generator().manualSeed(given.seed);
  const file = given.params === undefined ? undefined : await readParameterFile(given.params);
  const source = file
    ? { parameters: file.parameters }
    : { generator, bnGenerator: hg.generator().manualSeed(given.bnSeed) };
  const model = hg.createModel({ vocabSize: vocabulary.size, ...settings, ...source });
  if (file?.batch === undefined) {
    for (const pass of ['stepwise', 'fused'] as const) model.checkBatchFits(given.batch, pass);
  }
  // The notebook's minibatch: examples at random indices, drawn by one randint.
  const drawn = () => generator.randint(0, datasets.train.Y.data.length, [given.batch]).data;
  const batch = file?.batch ?? takeBatch(datasets.train, drawn());
  // The batch of a file may have another size than the one asked for.
  const configured = configuration({ ...given, batch: batch.Yb.data.length }, vocabulary);

  const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
  const passes = { autograd: model.autograd(Xb, Yb), stepwise: model.stepwise(Xb, Yb), fused: model.fused(Xb, Yb) };
  const result = { examples, model, loss: passes.autograd.loss, ...compareWithAutograd(passes) };

  if (given.dump !== undefined) {
    const tensors = { ...model.parameters, ...batch, ...passes.stepwise.intermediates, ...gradientsOf(passes) };
    const values = { dtype: model.dtype, build: hg.build, ...configured, vocabulary };
    const metadata = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    await writeOutput(given.dump, formatSafetensors(tensors, metadata));
  }
  if (given.json) await printNotebookAsJson({ ...configured, build: hg.build }, result);
  else await printNotebook(result);
  const wrong = comparisonsOf(result)
    .filter((row) => !row.approximate)
    .map(({ name }) => name);
  if (wrong.length === 0) return 0;
  say(`handgrad: expected gradients approximately equal to autograd's, got others for ${wrong.join(', ')}`);
  return 1;
}

function compareWithAutograd({ autograd, stepwise, fused }: Passes): Comparisons {
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
