// The figures of a model that training, evaluation and sampling print.

import type { Handgrad, LoadedModel, Model, Statistics, Vocabulary } from '../index.js';
import { type Data, parts } from './common.js';

type PerPart = Record<(typeof parts)[number], number>;

/** Seed of the names that a training ends with: the notebook's. */
export const sampleSeed = 2147483657n;

/** The loss of each part. */
export function losses(model: Model, { datasets }: Data, statistics: Statistics): PerPart {
  return perPart((part) => model.evaluate(datasets[part], statistics));
}

/** The number of examples of each part. */
export function sizes({ datasets }: Data): PerPart {
  return perPart((part) => datasets[part].Y.data.length);
}

/** `train 2.0712` and so on, a part a line. */
export function lossLines(loss: PerPart): string[] {
  return parts.map((part) => `${part} ${loss[part].toFixed(4)}`);
}

/** What the options of the sampling command say. */
export interface Sampling {
  count: number;
  seed: bigint;
  temperature?: number;
  prompt?: string;
  maxLength?: number;
}

/** Sampled words. */
export function sampled(
  hg: Handgrad,
  { model, vocabulary, statistics }: Pick<LoadedModel, 'model'> & { vocabulary: Vocabulary; statistics: Statistics },
  { seed, ...options }: Sampling,
): string[] {
  return model.sample({ vocabulary, statistics, generator: hg.generator().manualSeed(seed), ...options });
}

function perPart(value: (part: (typeof parts)[number]) => number): PerPart {
  return { train: value('train'), dev: value('dev'), test: value('test') };
}
