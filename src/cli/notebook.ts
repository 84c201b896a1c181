// `handgrad notebook`: the notebook from the word list to the last gradient, and the comparisons beyond it.

import type { Command } from 'commander';
import { guess, show } from '../base/show.js';
import type { FullPass, FusedPass, Model, Tensor } from '../index.js';
import {
  compare,
  differentiatedNames,
  exercise1,
  FormatError,
  formatSafetensors,
  intermediateNames,
  parameterNames,
  takeBatch,
} from '../index.js';
import { provePasses } from '../proof/passes.js';
import type { Verdict } from '../proof.js';
import { coreOf } from './build.js';
import * as exitCodes from './exitCodes.js';
import { type Comparisons, type JudgedRow, judgedRows, printNotebook, printNotebookAsJson } from './notebookReport.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { ofFile, readParameterFile } from './parameterFile.js';
import { addSettings, configuration, modelOptions, type StartSettings, startSettings } from './settings.js';
import { say } from './streams.js';
import { addNamesOption, examplesOf, loadWordList } from './wordList.js';

interface NotebookOptions extends StartSettings {
  names?: string;
  params?: string;
  dump?: string;
  show?: string;
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
    .option('--show <names>', 'draw tensors as text too, as dlogits,h: gradients and intermediates, with commas')
    .option('--json', 'print one JSON object', false)
    .action(async (options) => {
      process.exitCode = await notebook(options, command);
    });
}

/** Runs the command; returns 0 when every gradient is right, 1 when one is wrong, 3 when none is wrong but one is undecided. */
async function notebook(given: NotebookOptions, command: Command): Promise<number> {
  const shown = shownNames(given.show);
  const hg = await coreOf(given.relaxed);
  await checkOutputs([{ path: given.dump, kind: 'tensors' }], [fileOfNames(given.names), given.params]);
  const settings = modelOptions(given);
  const examples = examplesOf(await loadWordList(hg, given), settings.blockSize);
  const { vocabulary, datasets } = examples;

  const generator = hg.generator().manualSeed(given.seed);
  const file = given.params === undefined ? undefined : await readParameterFile(given.params);
  const source = file
    ? { parameters: file.parameters }
    : { generator, bnGenerator: hg.generator().manualSeed(given.bnSeed) };
  const model = ofFile(given.params, () => hg.createModel({ vocabSize: vocabulary.size, ...settings, ...source }));
  if (file?.batch === undefined) {
    for (const pass of ['stepwise', 'fused'] as const) model.checkBatchFits(given.batch, pass);
  }
  // The notebook's minibatch: examples at random indices, drawn by one randint.
  const drawn = () => generator.randint(0, datasets.train.Y.data.length, [given.batch]).data;
  const batch = file?.batch ?? takeBatch(datasets.train, drawn());

  const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
  const autograd = ofFile(given.params, () => model.autograd(Xb, Yb));
  const rows = batch.Yb.data.length;
  if (rows !== given.batch && command.getOptionValueSource('batch') !== 'default') {
    throw new FormatError(`${given.params}: expected --batch ${rows}, as many examples as it has, got ${given.batch}`);
  }
  // Without the seeds by which nothing was drawn.
  const { seed, bnSeed, ...unseeded } = { ...given, batch: rows };
  const seeds = file === undefined ? { seed, bnSeed } : file.batch === undefined ? { seed } : {};
  const configured = configuration({ ...seeds, ...unseeded }, vocabulary);

  const passes = { autograd, stepwise: model.stepwise(Xb, Yb), fused: model.fused(Xb, Yb) };
  const proofs = provePasses(hg, model, Xb, Yb);
  const result = { examples, model, loss: passes.autograd.loss, ...compareWithAutograd(passes), proofs };

  if (given.dump !== undefined) {
    const tensors = { ...model.parameters, ...batch, ...passes.stepwise.intermediates, ...gradientsOf(passes) };
    const values = { dtype: model.dtype, build: hg.build, ...configured, vocabulary };
    const metadata = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    await writeOutput(given.dump, formatSafetensors(tensors, metadata));
  }
  if (given.json) await printNotebookAsJson({ ...configured, build: hg.build }, result);
  else
    await printNotebook(
      result,
      shown.map((name) => [name, tensorOf(name, model, passes.stepwise)]),
    );
  const named = (verdict: Verdict) => judgedRows(result).filter((row) => row.gradient.verdict === verdict);
  const [wrong, undecided] = [named('wrong'), named('undecided')];
  const labels = (rows: readonly JudgedRow[]) => rows.map(({ label }) => label).join(', ');
  if (wrong.length > 0) {
    say(`handgrad: expected right gradients, got wrong ones for ${labels(wrong)}`);
    return exitCodes.wrong;
  }
  if (undecided.length === 0) return 0;
  say(`handgrad: expected gradients that can be judged, got ${labels(undecided)}: ${undecided[0]!.gradient.notes[0]}`);
  return exitCodes.undecided;
}

/** The names that --show lists. Throws RangeError for one that is no tensor of the notebook's. */
function shownNames(text: string | undefined): string[] {
  const known = [...intermediateNames, ...parameterNames, ...differentiatedNames.map((name) => `d${name}`)];
  const names = text === undefined ? [] : text.split(',');
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new RangeError(`--show: expected tensors of the notebook, got ${show(name)}${guess(name, known)}`);
  }
  return names;
}

function tensorOf(name: string, model: Model, { intermediates, gradients }: FullPass): Tensor {
  const all: Readonly<Record<string, Tensor>> = { ...model.parameters, ...intermediates };
  return all[name] ?? (gradients as Readonly<Record<string, Tensor>>)[name.slice(1)]!;
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
