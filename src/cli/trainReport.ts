// What `handgrad train` prints at its end.

import type { Handgrad, Statistics } from '../index.js';
import type { Training } from './checkpoint.js';
import { losses, lossLines, sampleSeed, sizes } from './figures.js';
import { configuration, type TrainSettings } from './settings.js';
import { printJson, printLines } from './streams.js';
import type { Examples } from './wordList.js';

/** What has come of a training. The seconds and the steps are those of this process: since it began, or was resumed. */
interface Outcome {
  readonly statistics: Statistics;
  readonly seconds: number;
  readonly steps: number;
}

/** Prints losses and ten words; with --json, one object that also has all that is needed to repeat them. */
export async function printTraining(
  hg: Handgrad,
  { model, history }: Training,
  options: TrainSettings & { json: boolean },
  examples: Examples,
  { statistics, seconds, steps }: Outcome,
): Promise<void> {
  const { vocabulary } = examples;
  const loss = losses(model, examples, statistics);
  const samples = model.sample({ vocabulary, statistics, generator: hg.generator().manualSeed(sampleSeed), count: 10 });
  if (!options.json) {
    await printLines([...lossLines(loss), ...samples]);
    return;
  }
  await printJson({
    configuration: { ...configuration(options, vocabulary), words: examples.digest },
    build: hg.build,
    parameterCount: model.parameterCount,
    sizes: sizes(examples),
    lossesFrom: history.since,
    firstLosses: history.firstLosses,
    every10k: history.every10k,
    microsecondsPerStep: steps === 0 ? null : (1e6 * seconds) / steps,
    loss,
    samples,
  });
}
