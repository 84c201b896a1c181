// A whole run of exercise 4: 200,000 steps at B 32 and H 200, the rate falling from 0.1 to 0.01 half-way.

import { buildDataset, init, loadWords, split, Vocabulary } from '../src/index.js';
import { type Spread, spread } from './measure.js';
import { stopwatch } from './peers/clock.mjs';

const steps = 200_000;
const slice = 1000;

export interface Run {
  seconds: number;
  /** Of each step, over slices of 1000. */
  step: Spread;
  /** Mean loss of the last 1000 steps. */
  loss: number;
}

export async function run(): Promise<Run> {
  const hg = await init();
  const words = await loadWords(new URL('../names.txt', import.meta.url));
  const vocabulary = new Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const dataset = buildDataset(split(words).train, vocabulary, 3);
  const generator = hg.generator().manualSeed(2147483647);
  const bnGenerator = hg.generator().manualSeed(42);
  const model = hg.createModel({ vocabSize: vocabulary.size, hidden: 200, generator, bnGenerator });
  const trainer = hg.trainer(model, { dataset, generator });
  const seconds: number[] = [];
  let losses: ArrayLike<number> = [];
  for (let step = 0; step < steps; step += slice) {
    const rates = new Float64Array(slice).fill(step < steps / 2 ? 0.1 : 0.01);
    const taken = stopwatch();
    losses = trainer.run(rates);
    seconds.push(taken());
  }
  const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);
  return { seconds: sum(seconds), step: spread(seconds.map((time) => time / slice)), loss: sum(losses) / slice };
}
