// How the model of the page is trained, and how its address says so.

import type { Backward } from 'handgrad';
import { type Range, ranges, readNumbers, type Settings } from './settings.js';

/** Sizes, seeds, epsilon, and the course of the training. */
export interface TrainNumbers extends Settings {
  /** The learning rate of the first half of the steps; of the second, a tenth of it. */
  readonly rate: number;
  readonly steps: number;
}

export interface TrainSettings extends TrainNumbers {
  readonly backward: Backward;
}

/** Those of the notebook's exercise 4. */
export const exercise4: TrainSettings = {
  batch: 32,
  hidden: 200,
  embed: 10,
  block: 3,
  eps: 1e-5,
  seed: 2147483647,
  bnSeed: 42,
  rate: 0.1,
  steps: 200_000,
  backward: 'fused',
};

export const passes: readonly Backward[] = ['fused', 'stepwise', 'autograd'];

export const trainRanges: Readonly<Record<keyof TrainNumbers, Range>> = {
  ...ranges,
  batch: { ...ranges.batch, most: 1024 },
  hidden: { ...ranges.hidden, most: 1024 },
  embed: { ...ranges.embed, most: 64 },
  rate: { label: 'learning rate', symbol: 'rate', least: 0, most: 1e9, whole: false },
  steps: { label: 'steps', symbol: 'steps', least: 1, most: 10_000_000, whole: true },
};

/** Settings from texts by name: the members of an address, or a file's metadata. */
export function readTraining(texts: Readonly<Record<string, string>>): {
  settings: TrainSettings;
  complaints: string[];
} {
  const { backward: preset, ...presets } = exercise4;
  const { numbers, complaints } = readNumbers<keyof TrainNumbers>(trainRanges, presets, texts);
  const asked = texts.backward ?? preset;
  const backward = passes.find((name) => name === asked);
  const complaint = `backward: expected ${passes.join(', ')}, got ${JSON.stringify(asked)}`;
  return {
    settings: { ...numbers, backward: backward ?? preset },
    complaints: backward === undefined ? [...complaints, complaint] : complaints,
  };
}
