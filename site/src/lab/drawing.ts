// What the notebook draws, in its order: the shuffle of the words; then, from one generator, C, W1, b1, W2, b2 and the rows of minibatches;
// bngain and bnbias from a second one.

import { type Batch, type Dataset, type Generator, type Handgrad, type Model, split, takeBatch } from 'handgrad';

/** What parameters are drawn for; the seeds are those of the two generators. */
interface ModelSettings {
  readonly block: number;
  readonly embed: number;
  readonly hidden: number;
  readonly eps: number;
  readonly seed: number;
  readonly bnSeed: number;
}

/** A model, and the generator that goes on to draw its minibatches. */
export interface Begun {
  readonly model: Model;
  readonly generator: Generator;
}

/** The seed of the words' shuffle. */
export const shuffleSeed = 42;

/** The words in three parts, as they are after the shuffle. */
export function partsOf(hg: Handgrad, words: readonly string[]): ReturnType<typeof split> {
  const shuffled = [...words];
  hg.pythonRandom(shuffleSeed).shuffle(shuffled);
  return split(shuffled);
}

export function drawModel(hg: Handgrad, vocabSize: number, settings: ModelSettings): Begun {
  const { block: blockSize, embed, hidden, eps, seed, bnSeed } = settings;
  const generator = hg.generator().manualSeed(seed);
  const bnGenerator = hg.generator().manualSeed(bnSeed);
  return { model: hg.createModel({ vocabSize, blockSize, embed, hidden, eps, generator, bnGenerator }), generator };
}

export function drawBatch(dataset: Dataset, generator: Generator, batch: number): Batch {
  return takeBatch(dataset, generator.randint(0, dataset.Y.data.length, [batch]).data);
}
