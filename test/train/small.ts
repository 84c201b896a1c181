// The bundled words as examples, and the small model that PyTorch trained (test/golden/exercise4.py).

import {
  buildDataset,
  type Handgrad,
  loadWords,
  type NdArray,
  type ParameterName,
  parameterNames,
  split,
  Vocabulary,
} from '../../src/index.js';
import { fixture, projectUrl } from '../support/fixture.js';

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}

export const exercise4 = await fixture<{
  losses: { bundled: number[]; makemore: number[] };
  small: {
    parameters: Record<ParameterName, Numbers>;
    bnmean: Numbers;
    bnvar: Numbers;
    loss: { train: number; dev: number; test: number };
    words: string[];
    cold: string[];
    prompted: string[];
  };
}>('exercise4.json');

export const bundled = projectUrl('names.txt');

/** A word list's examples by the notebook's seed. */
export async function examples(hg: Handgrad, source: string | URL = bundled) {
  const words = await loadWords(source);
  hg.pythonRandom(42).shuffle(words);
  const vocabulary = new Vocabulary(words);
  const { train, dev, test } = split(words);
  const dataset = (part: string[]) => buildDataset(part, vocabulary, 3);
  return { vocabulary, train: dataset(train), dev: dataset(dev), test: dataset(test) };
}

/** Model and generator of exercise 4, for V = 27. */
export function exercise4Model(hg: Handgrad, options: { hidden?: number; dtype?: 'float32' | 'float64' } = {}) {
  const generator = hg.generator().manualSeed(2147483647);
  const bnGenerator = hg.generator().manualSeed(42);
  return { generator, model: hg.createModel({ vocabSize: 27, hidden: 200, generator, bnGenerator, ...options }) };
}

export function array({ shape, data }: Numbers, dtype: 'float32' | 'float64' = 'float32'): NdArray {
  return { dtype, shape, data: dtype === 'float32' ? Float32Array.from(data) : Float64Array.from(data) };
}

/** The model that PyTorch trained. */
export function smallModel(hg: Handgrad, dtype: 'float32' | 'float64' = 'float32') {
  const entries = parameterNames.map((name) => [name, array(exercise4.small.parameters[name])]);
  const parameters = Object.fromEntries(entries) as Record<ParameterName, NdArray>;
  return hg.createModel({ vocabSize: 27, embed: 4, hidden: 16, dtype, parameters });
}
