// SHA-256 of results that must be the same bytes on every engine. It uses the public API alone, so that it runs on the sources and
// on the package as installed.

import type * as Handgrad from '../../src/index.js';
import { sha256 } from '../support/bytes.js';

type Library = typeof Handgrad;

/** What a run of the notebook or of the training needs, drawn in the notebook's order. */
function prepare({ buildDataset, split, Vocabulary }: Library, hg: Handgrad.Handgrad, words: string[], eps: number) {
  const shuffled = [...words];
  const vocabulary = new Vocabulary(shuffled);
  hg.pythonRandom(42).shuffle(shuffled);
  const dataset = buildDataset(split(shuffled).train, vocabulary, 3);
  const generator = hg.generator().manualSeed(456789096543);
  const bnGenerator = hg.generator().manualSeed(0);
  return { dataset, generator, model: hg.createModel({ vocabSize: vocabulary.size, eps, generator, bnGenerator }) };
}

/** Intermediates, loss and gradients of the three passes. */
function notebook(library: Library, hg: Handgrad.Handgrad, words: string[], eps: number): Promise<string> {
  return digest(hg, () => {
    const { dataset, generator, model } = prepare(library, hg, words, eps);
    const indices = hg.randint(0, dataset.Y.data.length, [32], { generator }).data;
    const batch = library.takeBatch(dataset, indices as Int32Array);
    const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
    return [model.autograd(Xb, Yb), model.stepwise(Xb, Yb), model.fused(Xb, Yb)].flatMap((pass) => {
      const named: Record<string, Handgrad.Tensor> = { ...pass.intermediates, ...prefixed(pass.gradients) };
      const names = Object.keys(named).sort();
      return [Float64Array.of(pass.loss), ...names.map((name) => named[name]!.data)];
    });
  });
}

/** Losses and parameters of 1,000 steps, B 32 and H 64. */
function training(library: Library, hg: Handgrad.Handgrad, words: string[]): Promise<string> {
  return digest(hg, () => {
    const { dataset, generator, model } = prepare(library, hg, words, 1e-5);
    const trainer = hg.trainer(model, { dataset, generator });
    const losses = trainer.run(Array(1000).fill(0.1));
    trainer.dispose();
    return [losses, ...library.parameterNames.map((name) => model.parameters[name].data)];
  });
}

/** An operation on numbers of every magnitude, and on as many between -100 and 100; log on their absolute values. */
function elementwise(hg: Handgrad.Handgrad, operation: 'exp' | 'tanh' | 'log', dtype: Handgrad.FloatDType) {
  const numbers = dtype === 'float32' ? new Float32Array(1_000_000) : new Float64Array(100_000);
  const bits = new Uint32Array(numbers.buffer);
  for (let i = 0; i < bits.length; i++) bits[i] = Math.imul(i + 1, 0x9e3779b1);
  for (let i = 0; i < numbers.length; i++) {
    if (i % 2 === 1 || Number.isNaN(numbers[i])) numbers[i] = (200 * i) / numbers.length - 100;
    if (operation === 'log') numbers[i] = Math.abs(numbers[i]!);
  }
  return digest(hg, () => [hg.tensor(numbers)[operation]().data]);
}

/** The digests, each under what it is of. */
export async function digests(library: Library, words: string[], build: Handgrad.Build = 'strict') {
  const hg = await library.init({ build });
  const result: Record<string, string> = {
    'notebook, eps 1e5': await notebook(library, hg, words, 1e5),
    'notebook, eps 1e-5': await notebook(library, hg, words, 1e-5),
    '1,000 training steps': await training(library, hg, words),
  };
  for (const dtype of ['float32', 'float64'] as const) {
    for (const operation of ['exp', 'tanh', 'log'] as const) {
      result[`${operation}, ${dtype}`] = await elementwise(hg, operation, dtype);
    }
  }
  return result;
}

/** Microseconds of a training step, B 32 and H 64: the fastest of 9 slices of 1,000. */
export async function microsecondsPerStep(library: Library, words: string[], build: Handgrad.Build): Promise<number> {
  const hg = await library.init({ build });
  const { dataset, generator, model } = prepare(library, hg, words, 1e-5);
  const trainer = hg.trainer(model, { dataset, generator });
  const slice = () => {
    const start = performance.now();
    trainer.run(Array(1000).fill(0.01));
    return performance.now() - start;
  };
  slice();
  const fastest = Math.min(...Array.from({ length: 9 }, slice));
  trainer.dispose();
  return fastest;
}

function prefixed<T>(gradients: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [`d${name}`, gradient]));
}

/** SHA-256 of arrays one after the other, made in a scope. */
async function digest(hg: Handgrad.Handgrad, make: () => ArrayBufferView[]): Promise<string> {
  const arrays = hg.scope(make).map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const all = new Uint8Array(arrays.reduce((total, { length }) => total + length, 0));
  arrays.reduce((offset, array) => {
    all.set(array, offset);
    return offset + array.length;
  }, 0);
  return sha256(all);
}
