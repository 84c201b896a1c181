// What commands print of a trained model: its losses and the sizes of the parts.

import type { Model, Statistics } from '../index.js';
import { type Examples, parts } from './wordList.js';

type PerPart = Record<(typeof parts)[number], number>;

/** Seed of the words that a training prints at its end: the notebook's. */
export const sampleSeed = 2147483657n;

/** The loss of each part. */
export function losses(model: Model, { datasets }: Examples, statistics: Statistics): PerPart {
  return perPart((part) => model.evaluate(datasets[part], statistics));
}

/** The number of examples of each part. */
export function sizes({ datasets }: Examples): PerPart {
  return perPart((part) => datasets[part].Y.data.length);
}

/** `train 2.0712` and so on, a part a line. */
export function lossLines(loss: PerPart): string[] {
  return parts.map((part) => `${part} ${loss[part].toFixed(4)}`);
}

function perPart(value: (part: (typeof parts)[number]) => number): PerPart {
  return { train: value('train'), dev: value('dev'), test: value('test') };
}
