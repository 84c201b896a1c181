// The model of some settings and its minibatch, drawn in the notebook's order.

import { firstMinibatch } from 'virtual:first-minibatch';
import { type Batch, buildDataset, type Handgrad, loadWords, type Model, split, takeBatch, Vocabulary } from 'handgrad';
import namesUrl from 'handgrad/names.txt?url';
import { isStandard, type Settings } from './settings.js';

export interface Drawn {
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  readonly batch: Batch;
}

let words: Promise<string[]> | undefined;

/** The words of the bundled list, in its order; another try is made with each call until they are there. */
export async function bundledWords(): Promise<string[]> {
  words ??= loadWords(new URL(namesUrl, import.meta.url));
  try {
    return await words;
  } catch (error) {
    words = undefined;
    throw error;
  }
}

/** The words from which a minibatch of `settings` is drawn; none where the first minibatch will do. */
export async function wordsFor(settings: Settings): Promise<string[] | undefined> {
  return isStandard(settings) ? undefined : await bundledWords();
}

/** Model and minibatch, which belong to the scope that is open. */
export function draw(hg: Handgrad, settings: Settings, list: readonly string[] | undefined): Drawn {
  const vocabulary = new Vocabulary(list ?? [firstMinibatch.characters]);
  const { block: blockSize, embed, hidden, eps, batch, seed, bnSeed } = settings;
  const generator = hg.generator().manualSeed(seed);
  const bnGenerator = hg.generator().manualSeed(bnSeed);
  const model = hg.createModel({ vocabSize: vocabulary.size, blockSize, embed, hidden, eps, generator, bnGenerator });
  if (list === undefined) return { model, vocabulary, batch: firstBatch(blockSize) };
  const shuffled = [...list];
  hg.pythonRandom(42).shuffle(shuffled);
  const dataset = buildDataset(split(shuffled).train, vocabulary, blockSize);
  return { model, vocabulary, batch: takeBatch(dataset, generator.randint(0, dataset.Y.data.length, [batch]).data) };
}

function firstBatch(blockSize: number): Batch {
  const [Xb, Yb] = [Int32Array.from(firstMinibatch.Xb), Int32Array.from(firstMinibatch.Yb)];
  return {
    Xb: { dtype: 'int32', shape: [Yb.length, blockSize], data: Xb },
    Yb: { dtype: 'int32', shape: [Yb.length], data: Yb },
  };
}
