// What cells are judged on: the notebook's model with its minibatch, as a proof whose backward pass is a cell.

import { integer, list, string } from '../base/check.js';
import { DatasetError } from '../base/errors.js';
import type { FloatDType, NdArray } from '../base/ndarray.js';
import { buildDataset, takeBatch } from '../data/dataset.js';
import { split } from '../data/split.js';
import { Vocabulary } from '../data/vocabulary.js';
import type { Handgrad } from '../handgrad.js';
import {
  byName,
  type DifferentiatedName,
  differentiatedNames,
  type ParameterName,
  parameterNames,
} from '../mlp/layout.js';
import { forward } from '../mlp/passes.js';
import type { ModelOptions } from '../mlp/settings.js';
import type { Proof } from '../proof/proof.js';
import type { Tensor } from '../tensor/tensor.js';

/** The notebook's model, and the minibatch that is drawn for it. */
export interface ExerciseOptions extends Omit<ModelOptions, 'vocabSize'> {
  /** The word list, in the order of its file. */
  words: readonly string[];
  /** B: examples in the minibatch. Default 32. */
  batch?: number;
  /** Batch norm's epsilon. Default 1e5, the notebook's. */
  eps?: number;
  /** Seed of Python's shuffle of the words. Default 42. */
  shuffleSeed?: number | bigint;
  /** Seed of the generator for parameters and minibatch. Default 456789096543, the notebook's. */
  seed?: number | bigint;
  /** Seed of the generator for bngain and bnbias. Default 0. */
  bnSeed?: number | bigint;
}

/** Names of the options. */
export const exerciseOptions = [
  'words',
  'batch',
  'shuffleSeed',
  'seed',
  'bnSeed',
  'blockSize',
  'embed',
  'hidden',
  'eps',
  'dtype',
] as const satisfies readonly (keyof ExerciseOptions)[];

/** A model and a minibatch. */
export interface Exercise {
  readonly words: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly sizes: {
    readonly B: number;
    readonly T: number;
    readonly V: number;
    readonly E: number;
    readonly H: number;
  };
  readonly eps: number;
  /** The gradients that autograd gives for parameters in their dtype: those of the exercise, or others near them. */
  gradientsOf(parameters: Readonly<Record<ParameterName, Tensor>>): Readonly<Record<DifferentiatedName, NdArray>>;
  /** The proof whose backward pass is `backward`. */
  proof(backward: Proof['backward']): Proof;
}

/** The exercise that each handle drew last, for cells are judged on one again and again. */
const latest = new WeakMap<Handgrad, { readonly key: string; readonly exercise: Exercise }>();

/** Draws the model and its minibatch as the notebook does. Throws what the parts of it throw for bad options. */
export function exerciseOf(hg: Handgrad, given: Partial<ExerciseOptions>): Exercise {
  const key = JSON.stringify(given, (_, value) => (typeof value === 'bigint' ? { bigint: String(value) } : value));
  const known = latest.get(hg);
  if (known?.key === key) return known.exercise;
  const exercise = drawn(hg, given);
  latest.set(hg, { key, exercise });
  return exercise;
}

function drawn(hg: Handgrad, given: Partial<ExerciseOptions>): Exercise {
  const {
    words: source,
    batch = 32,
    shuffleSeed = 42,
    seed = 456789096543n,
    bnSeed = 0,
    eps = 1e5,
    dtype: _,
    ...rest
  } = given;
  const words = list('words', source, string);
  const B = integer('batch', batch, 2);
  return hg.scope(() => {
    const shuffled = [...words];
    hg.pythonRandom(shuffleSeed).shuffle(shuffled);
    const vocabulary = new Vocabulary(words);
    const generator = hg.generator().manualSeed(seed);
    const bnGenerator = hg.generator().manualSeed(bnSeed);
    const model = hg.createModel({ ...rest, eps, vocabSize: vocabulary.size, generator, bnGenerator });
    const train = buildDataset(split(shuffled).train, vocabulary, model.sizes.T);
    if (train.Y.data.length === 0) {
      throw new DatasetError(`words: expected at least 2 words, of which some are trained on, got ${words.length}`);
    }
    const { Xb, Yb } = takeBatch(train, generator.randint(0, train.Y.data.length, [B]).data);
    const parameters = byName(parameterNames, (name) => model.parameters[name].toArray());
    const { settings, sizes } = model;
    const gradientsOf = (values: Record<ParameterName, NdArray>) =>
      hg.scope(() => {
        const { dtype } = values.C;
        const model = hg.createModel({
          ...settings,
          dtype: dtype as FloatDType,
          vocabSize: sizes.V,
          parameters: values,
        });
        const { gradients } = model.autograd(hg.tensor(Xb), hg.tensor(Yb));
        return byName(differentiatedNames, (name) => gradients[name].toArray());
      });
    const known = new Map<FloatDType, Record<DifferentiatedName, NdArray>>();
    return {
      words,
      vocabulary,
      sizes: { ...sizes, B },
      eps,
      gradientsOf: (given) => {
        const values = byName(parameterNames, (name) => given[name].toArray());
        const dtype = values.C.dtype as FloatDType;
        const isOwn = parameterNames.every((name) => {
          const { data } = values[name];
          return parameters[name].data.every((value, i) => value === data[i]);
        });
        const found = (isOwn ? known.get(dtype) : undefined) ?? gradientsOf(values);
        if (isOwn) known.set(dtype, found);
        return found;
      },
      proof: (backward) => ({
        name: 'cell',
        inputs: () => ({
          ...byName(parameterNames, (name) => hg.tensor(parameters[name], { requiresGrad: true })),
          Xb: hg.tensor(Xb),
          Yb: hg.tensor(Yb),
        }),
        forward: (t) => {
          const { Xb, Yb, ...leaves } = t as Record<'Xb' | 'Yb', Tensor>;
          return forward(leaves as Parameters<typeof forward>[0], { Xb: Xb.array, Yb: Yb.array, eps });
        },
        backward,
      }),
    };
  });
}
