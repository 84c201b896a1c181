// `handgrad train`: the notebook's training, with checkpoints to go on from.

import { type Command, Option } from 'commander';
import {
  FileError,
  type Handgrad,
  init,
  parseSafetensors,
  readFile,
  type Statistics,
  TrainingError,
} from '../index.js';
import { addDataOptions, addModelOptions, type Data, loadData } from './common.js';
import { display } from './display.js';
import { type History, stepsPerPoint } from './history.js';
import { integerFrom, nonNegative } from './options.js';
import { checkOutputs, fileOfNames, writeOutput } from './outputs.js';
import { lossCurve } from './plot.js';
import { adopt, begin, extraOf, goOn, type Run, type TrainOptions } from './run.js';
import { exitCodeOf, type StopSignal, stopSignals } from './signals.js';
import { quoted, say } from './streams.js';
import { report } from './trainReport.js';

/** Adds the command to `program`. */
export function addTrain(program: Command): void {
  const command = program.command('train').description('train the model, and evaluate and sample it');
  addDataOptions(command);
  addModelOptions(command, { seed: 2147483647n, bnSeed: 42n, hidden: 200, eps: 1e-5 });
  command
    .option('--steps <n>', 'steps of gradient descent', integerFrom(0), 200_000)
    .option('--lr <rate>', 'learning rate of the first half, a tenth of it in the second', nonNegative, 0.1)
    .addOption(
      new Option('--backward <pass>', 'backward pass').choices(['fused', 'stepwise', 'autograd']).default('fused'),
    )
    .option('--out <model.safetensors>', 'write the model, and checkpoints on the way to it')
    .option('--checkpoint-every <steps>', 'steps between checkpoints', integerFrom(1), 10_000)
    .option('--resume <file>', 'go on from a checkpoint; --out is then that file, unless given')
    .option('--plot <file.svg>', 'write the loss curve')
    .option('--json', 'print one JSON object', false)
    .option('--quiet', 'show no progress', false)
    .action(async (options) => {
      process.exitCode = await train(options, command);
    });
}

/** Runs the command; returns 0, or 128 plus the number of the signal that stopped it. */
async function train(options: TrainOptions, command: Command): Promise<number> {
  const { resume } = options;
  const bytes = resume === undefined ? undefined : await readFile(resume);
  const metadata = bytes && parseSafetensors(bytes, resume).metadata;
  const relaxed = metadata === undefined ? options.relaxed : metadata.relaxed === 'true';
  const hg = await init({ build: relaxed ? 'relaxed' : 'strict' });
  const loaded = bytes && hg.loadModel(bytes, resume);
  if (metadata !== undefined) {
    adopt(command, options, metadata, resume!);
    options.out ??= resume!;
  }
  await checkOutputs(
    [{ path: options.out, mayReplace: resume }, { path: options.plot }],
    [fileOfNames(options.names), resume],
  );
  const data = await loadData(hg, options, options.block);
  const run = loaded === undefined ? begin(hg, options, data) : goOn(hg, loaded, data, options.steps, resume!);

  const training = await carryOut(hg, run, options, data);
  if (training.stopped !== undefined) {
    say(`handgrad: stopped after ${run.history.step} of ${options.steps} steps; ${howToGoOn(options)}`);
    return exitCodeOf(training.stopped);
  }
  const statistics = run.model.calibrate(data.datasets.train);
  // What can't be written any more costs neither the other file nor the report.
  const written = await Promise.allSettled([
    options.out !== undefined && saveRun(run, options, data, statistics),
    options.plot !== undefined && savePlot(options.plot, run.history, options.steps),
  ]);
  await report(hg, run, options, data, { statistics, seconds: training.seconds, steps: training.steps });
  for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
  return 0;
}

/** Trains to the last step or to a signal; seconds are those of the steps alone. */
async function carryOut(hg: Handgrad, run: Run, options: TrainOptions, data: Data) {
  const { model, generator, history } = run;
  const { steps, lr: rate, batch, backward, checkpointEvery: pauseEvery } = options;
  const abort = new AbortController();
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal) => {
    stopped = signal;
    abort.abort();
  };
  // Not once: a second Ctrl-C must not break off the saving that the first one brings.
  for (const signal of stopSignals) process.on(signal, stop);
  const shown = display(process.stderr, options.quiet);
  const firstStep = history.step;
  let seconds = 0;
  let saved = options.resume === undefined ? 'none' : `${options.resume}, of step ${firstStep}`;
  const save = async () => {
    if (options.out === undefined) return;
    await saveRun(run, options, data);
    saved = `${options.out}, of step ${history.step}`;
  };
  try {
    const dataset = data.datasets.train;
    const { signal } = abort;
    const training = { dataset, generator, batch, backward, steps, rate, firstStep, pauseEvery, signal };
    for await (const progress of model.train(training)) {
      history.add(hg, progress.losses);
      seconds += progress.losses.length / progress.stepsPerSecond;
      shown.show(progress);
      if (progress.step % pauseEvery === 0 || progress.step === steps) {
        await save().catch((error) => missed(error, progress.step < steps));
      }
    }
    abort.signal.throwIfAborted();
  } catch (error) {
    shown.close();
    if (error instanceof TrainingError) {
      throw new TrainingError(`diverged at ${error.message} (--lr); last good checkpoint: ${saved}`, error.step);
    }
    if (error !== abort.signal.reason) throw error;
    await save();
  } finally {
    shown.close();
    for (const signal of stopSignals) process.off(signal, stop);
  }
  return { stopped, seconds, steps: history.step - firstStep };
}

/** A checkpoint could not be written: that is said, where there are later ones, and the training goes on. Throws other errors. */
function missed(error: unknown, isSaid: boolean): void {
  if (!(error instanceof FileError)) throw error;
  if (isSaid) say(`handgrad: note: a checkpoint is missing: ${error.message}`);
}

async function savePlot(path: string, history: History, steps: number): Promise<void> {
  await writeOutput(path, new TextEncoder().encode(lossCurve(history.curve, stepsPerPoint, steps)));
}

/** Writes the checkpoint; once the training is over, with batch norm's statistics. */
async function saveRun(run: Run, options: TrainOptions, data: Data, statistics?: Statistics): Promise<void> {
  const extra = extraOf(run, options, data);
  await writeOutput(options.out!, run.model.save({ vocabulary: data.vocabulary, statistics, extra }));
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
