// The worker's side: trains a model off the main thread, and does between two slices of steps what the page asks for. Workers have no
// import maps, so that it must be bundled: Vite, webpack and esbuild find it through page.ts.

import { buildDataset, init, type Session, type SessionProgress, split, Vocabulary } from 'handgrad';
import type { Answer, Order } from './messages.js';
import { plotter } from './plots.js';

const hg = await init();
const sampler = hg.generator().manualSeed(1);
let session: Session | undefined;
let report: (progress: SessionProgress) => void;

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if (order.kind === 'train') train(order).catch(({ message }: Error) => answer({ kind: 'failed', message }));
  else if (order.kind === 'save') answer({ kind: 'file', bytes: session!.checkpoint() });
  else if (order.kind === 'step') report(session!.step());
  else session![order.kind]();
};

async function train({ words, steps, file }: Order & { kind: 'train' }): Promise<void> {
  session?.stop();
  const vocabulary = new Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const parts = split(words);
  const [dataset, dev] = [buildDataset(parts.train, vocabulary, 3), buildDataset(parts.dev, vocabulary, 3)];
  const saved = file && hg.loadModel(file);
  const generator = saved?.training?.generator ?? hg.generator().manualSeed(2147483647);
  const bnGenerator = hg.generator().manualSeed(42);
  const model = saved?.model ?? hg.createModel({ vocabSize: vocabulary.size, generator, bnGenerator });
  const firstStep = saved?.training?.step ?? 0;
  const schedule = (step: number) => (step < steps / 2 ? 0.1 : 0.01);
  const training = model.session({ dataset, dev, vocabulary, generator, steps, firstStep, schedule });
  session = training;

  const plots = plotter(hg, model, dataset);
  report = (progress) => {
    const names = training.sample({ generator: sampler, count: 10 });
    answer({ kind: 'progress', progress, plots: plots(schedule(progress.step - 1)), names });
  };
  for await (const progress of training) report(progress);
  answer({ kind: 'ended', state: training.state });
}

function answer(message: Answer): void {
  postMessage(message);
}

// While the worker awaits init(), nobody listens, and what is posted to it is lost. So it says when it is ready.
answer({ kind: 'ready' });
