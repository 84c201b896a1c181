// The model of some settings and its minibatch, drawn in the notebook's order.

import { firstMinibatch } from 'virtual:first-minibatch';
import { type Batch, buildDataset, type Handgrad, loadWords, type Model, Vocabulary } from 'handgrad';
import namesUrl from 'handgrad/names.txt?url';
import { loaded } from '../parts/loaded.js';
import { drawBatch, drawModel, partsOf } from './drawing.js';
import { isStandard, type Settings } from './settings.js';

export interface Drawn {
  readonly model: Model;
  readonly vocabulary: Vocabulary;
  readonly batch: Batch;
}

let words: Promise<string[]> | undefined;

/** The words of the bundled list, in its order; another try is made with each call until they are there. */
export async function bundledWords(): Promise<string[]> {
  words ??= loaded(() => loadWords(new URL(namesUrl, import.meta.url)));
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
  const { model, generator } = drawModel(hg, vocabulary.size, settings);
  const { block, batch } = settings;
  if (list === undefined) return { model, vocabulary, batch: firstBatch(block) };
  const dataset = buildDataset(partsOf(hg, list).train, vocabulary, block);
  return { model, vocabulary, batch: drawBatch(dataset, generator, batch) };
}

function firstBatch(blockSize: number): Batch {
  const [Xb, Yb] = [Int32Array.from(firstMinibatch.Xb), Int32Array.from(firstMinibatch.Yb)];
  return {
    Xb: { dtype: 'int32', shape: [Yb.length, blockSize], data: Xb },
    Yb: { dtype: 'int32', shape: [Yb.length], data: Yb },
  };
}
