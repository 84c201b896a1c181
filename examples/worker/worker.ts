// The worker's side: trains a model off the main thread, and posts its progress and new words. Workers have no import maps, so that
// it must be bundled: Vite, webpack and esbuild find it through page.ts.

import { buildDataset, init, Vocabulary } from 'handgrad';
import type { Answer, Order } from './messages.js';

const hg = await init();

self.onmessage = async ({ data: { words, steps } }: MessageEvent<Order>) => {
  const vocabulary = new Vocabulary(words);
  const dataset = buildDataset(words, vocabulary, 3);
  const generator = hg.generator().manualSeed(2147483647);
  const bnGenerator = hg.generator().manualSeed(42);
  const model = hg.createModel({ vocabSize: vocabulary.size, generator, bnGenerator });
  for await (const { step, meanLoss } of model.train({ dataset, generator, steps })) {
    answer({ kind: 'progress', step, meanLoss });
  }
  const statistics = model.calibrate(dataset, { rows: 10_000 });
  const sampler = hg.generator().manualSeed(1);
  const sampled = model.sample({ statistics, vocabulary, generator: sampler, count: 10 });
  // Tensors live in this worker's memory; what is posted is a copy of their values.
  answer({ kind: 'done', words: sampled, C: model.parameters.C.toArray() });
};

function answer(message: Answer): void {
  postMessage(message);
}

// While the worker awaits init(), nobody listens, and what is posted to it is lost. So it says when it is ready.
answer({ kind: 'ready' });
