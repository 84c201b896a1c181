// What `handgrad train` prints at its end.

import type { Handgrad, Statistics } from '../index.js';
import type { Data } from './common.js';
import { losses, lossLines, sampled, sampleSeed, sizes } from './report.js';
import type { Run, TrainOptions } from './run.js';
import { printJson, printLines } from './streams.js';

/** What a training came to. The seconds and the steps are those since it began or went on. */
interface Outcome {
  readonly statistics: Statistics;
  readonly seconds: number;
  readonly steps: number;
}

/** Losses and ten words; with --json, one object that says how to come to them again too. */
export async function report(
  hg: Handgrad,
  { model, history }: Run,
  options: TrainOptions,
  data: Data,
  { statistics, seconds, steps }: Outcome,
): Promise<void> {
  const { vocabulary } = data;
  const loss = losses(model, data, statistics);
  const samples = sampled(hg, { model, vocabulary, statistics }, { count: 10, seed: sampleSeed });
  if (!options.json) {
    await printLines([...lossLines(loss), ...samples]);
    return;
  }
  const { shuffleSeed, seed, bnSeed, batch, block, embed, hidden, eps, dtype, lr, backward } = options;
  const object = {
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
      steps: options.steps,
      lr,
      backward,
      words: data.digest,
    },
    build: hg.build,
    parameterCount: model.parameterCount,
    sizes: sizes(data),
    firstLosses: history.firstLosses,
    every10k: history.every10k,
    microsecondsPerStep: steps === 0 ? null : (1e6 * seconds) / steps,
    loss,
    samples,
  };
  await printJson(object);
}
