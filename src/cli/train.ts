// `handgrad train`: the notebook's training, with checkpoints from which it can go on.

import type { Command } from 'commander';
import { FileError, type Handgrad, type Model, parseSafetensors, readFile, TrainingError } from '../index.js';
import { readModel } from '../mlp/checkpoint.js';
import { withAbsent } from '../mlp/settings.js';
import { coreOf } from './build.js';
import { checkpointOf, newTraining, resumedTraining, type Training } from './checkpoint.js';
import { display } from './display.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { integerFrom } from './parsers.js';
import { lossCurve } from './plot.js';
import { addSettings, adoptSettings, modelOptions, type TrainSettings, trainSettings } from './settings.js';
import { exitCodeOf, listen } from './signals.js';
import { quoted, say } from './streams.js';
import { printTraining } from './trainReport.js';
import { addNamesOption, type Examples, examplesOf, loadWordList } from './wordList.js';

/** How often dev's loss is measured for the plot. */
const devPoints = 20;

interface TrainOptions extends TrainSettings {
  names?: string;
  out?: string;
  checkpointEvery: number;
  resume?: string;
  plot?: string;
  json: boolean;
  quiet: boolean;
}

/** Adds the command to `program`. */
export function addTrain(program: Command): void {
  const command = program.command('train').description('train the model, and evaluate and sample it');
  addNamesOption(command);
  addSettings(command, trainSettings, { seed: 2147483647n, bnSeed: 42n, hidden: 200 });
  command
    .option('--out <model.safetensors>', 'write the model, and checkpoints on the way to it')
    .option('--checkpoint-every <steps>', 'steps between checkpoints', integerFrom(1), 10_000)
    .option('--resume <file>', 'go on from a checkpoint; --out is then that file, unless given')
    .option('--plot <file.svg>', 'write the losses of minibatches and of dev as a curve')
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'show no progress', false)
    .action(async (options) => {
      process.exitCode = await train(options, command);
    });
}

/** Runs the command; returns 0, or 128 plus the number of the signal that stopped it. */
async function train(options: TrainOptions, command: Command): Promise<number> {
  const { resume } = options;
  const file = resume === undefined ? undefined : parseSafetensors(await readFile(resume), resume);
  const isOfLab = file?.metadata.lossEvery !== undefined;
  const relaxed = file === undefined ? options.relaxed : file.metadata.relaxed === 'true';
  const hg = await coreOf(relaxed, resume);
  const loaded = file && readModel(hg.createModel, file, resume!);
  if (file !== undefined) {
    adoptSettings(command, options, withAbsent(file.metadata), resume!);
    if (!isOfLab) options.out ??= resume!;
  }
  await checkOutputs(
    [
      // What the lab has of the losses before is in its file alone.
      { path: options.out, kind: 'tensors', mayReplace: isOfLab ? undefined : resume },
      { path: options.plot, kind: 'curve' },
    ],
    [fileOfNames(options.names), resume],
  );
  const examples = examplesOf(await loadWordList(hg, options), modelOptions(options).blockSize);
  const training =
    loaded === undefined
      ? newTraining(hg, options, examples)
      : resumedTraining(loaded, examples, options.steps, resume!);
  training.model.checkBatchFits(options.batch, options.backward);

  const { stopped, ...pace } = await carryOut(hg, training, options, examples);
  if (stopped !== undefined) {
    say(`handgrad: stopped after ${training.history.step} of ${options.steps} steps; ${howToGoOn(options)}`);
    return exitCodeOf(stopped);
  }
  const statistics = training.model.calibrate(examples.datasets.train);
  // What can't be written any more costs neither the other file nor the report.
  const written = await Promise.allSettled([
    options.out !== undefined && writeOutput(options.out, checkpointOf(training, options, examples, statistics)),
    options.plot !== undefined && writeOutput(options.plot, new TextEncoder().encode(lossCurve(training.history))),
  ]);
  await printTraining(hg, training, options, examples, { statistics, ...pace });
  for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
  return 0;
}

/** Trains to the last step, or until a signal comes. `seconds` and `steps` are those of the steps that this took. */
async function carryOut(hg: Handgrad, training: Training, options: TrainOptions, examples: Examples) {
  const { model, generator, history } = training;
  const { steps, lr: rate, batch, backward, checkpointEvery } = options;
  const devEvery = Math.max(Math.ceil(steps / devPoints), 1);
  const reports = options.plot === undefined ? checkpointEvery : [checkpointEvery, devEvery];
  const { vocabulary, datasets } = examples;
  const firstStep = history.step;
  const session = model.session({
    dataset: datasets.train,
    vocabulary,
    generator,
    batch,
    backward,
    steps,
    rate,
    firstStep,
    reportEvery: { milliseconds: 20, steps: reports },
  });
  // This listens to the end, so that a second Ctrl-C does not break off the saving that the first one brings.
  const listening = listen(() => session.stop());
  if (options.out === undefined && !options.quiet) {
    say('handgrad: note: the model will not be saved, for there is no --out');
  }
  const shown = display(process.stderr, options.quiet);
  let seconds = 0;
  let saved = options.resume === undefined ? 'none' : `${options.resume}, of step ${firstStep}`;
  const save = async () => {
    if (options.out === undefined) return;
    await writeOutput(options.out, checkpointOf(training, options, examples));
    saved = `${options.out}, of step ${history.step}`;
  };
  try {
    for await (const progress of session) {
      history.add(hg, progress.losses);
      seconds += progress.losses.length / progress.stepsPerSecond;
      shown.show(progress);
      const isDue = (every: number) => progress.step % every === 0 || progress.step === steps;
      if (options.plot !== undefined && isDue(devEvery)) history.addDev(devLoss(model, examples));
      if (isDue(checkpointEvery)) {
        await save().catch((error) => missed(error, progress.step < steps));
      }
    }
    shown.close();
    if (listening.stopped !== undefined) await save();
  } catch (error) {
    shown.close();
    if (!(error instanceof TrainingError)) throw error;
    throw new TrainingError(`diverged at ${error.message} (--lr); last good checkpoint: ${saved}`, error.step);
  } finally {
    listening.end();
  }
  return { stopped: listening.stopped, seconds, steps: history.step - firstStep };
}

/** The loss over dev, with batch norm's statistics of as many examples of train. */
function devLoss(model: Model, { datasets: { train, dev } }: Examples): number {
  return model.evaluate(dev, model.calibrate(train, { rows: Math.max(dev.Y.data.length, 2) }));
}

/**
 * A checkpoint could not be written, and the training goes on: says so where later ones will be tried, for the last one's error is
 * the command's. Throws errors that are none of files.
 */
function missed(error: unknown, isSaid: boolean): void {
  if (!(error instanceof FileError)) throw error;
  if (isSaid) say(`handgrad: note: a checkpoint is missing: ${error.message}`);
}

function howToGoOn({ out, names, plot, json, quiet }: TrainOptions): string {
  if (out === undefined) return 'nothing is saved, for there was no --out';
  const also = [
    names !== undefined && `--names ${quoted(names)}`,
    plot !== undefined && `--plot ${quoted(plot)}`,
    json && '--json',
    quiet && '--quiet',
  ];
  return `go on with: ${['handgrad train --resume', quoted(out), ...also.filter(Boolean)].join(' ')}`;
}
