// What the page and the worker that trains tell each other.

import type { Backward } from 'handgrad';
import type { Points } from './series.js';
import type { TrainSettings } from './trainSettings.js';

/** A list of one's own, as a file or as text. */
export interface OwnList {
  readonly name: string;
  readonly text: string | Uint8Array;
}

/** The words that a training is of. */
export interface ListHead {
  readonly name: string;
  readonly isOwn: boolean;
  readonly count: number;
  /** SHA-256 of the words, a line feed after each; empty where the browser computes none. */
  readonly digest: string;
}

/** A training to go on with: a file, and what else is known of it. */
export interface Saved {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory?: Memory;
}

/** What is looked back upon, which no later step depends on. */
export interface Memory {
  /** One loss. */
  readonly dev: Points;
  /** log10 of update to weight, one a parameter. */
  readonly ratios: Points;
  readonly log: readonly NamesAt[];
}

export interface NamesAt {
  readonly step: number;
  readonly names: readonly string[];
}

export interface RateFrom {
  readonly step: number;
  readonly rate: number;
}

/** A training that stands ready. */
export interface Prepared {
  readonly settings: TrainSettings;
  readonly list: ListHead;
  readonly examples: { readonly train: number; readonly dev: number; readonly test: number };
  readonly parameterCount: number;
  readonly characters: readonly string[];
  /** Indices of those that are most frequent, so many as a picture has room for. */
  readonly shown: readonly number[];
  readonly progress: Progress;
}

export type RunState = 'ready' | 'running' | 'paused' | 'diverged' | 'done';

/** How far a training has come. */
export interface Progress {
  readonly state: RunState;
  readonly step: number;
  readonly steps: number;
  readonly rates: readonly RateFrom[];
  /** Of the last minibatch, and on the sample of dev; NaN before there is one. */
  readonly loss: number;
  readonly devLoss: number;
  readonly stepsPerSecond: number;
  readonly curve: { readonly every: number; readonly means: Float64Array };
  readonly memory: Memory;
  /** Why it could not go on; empty where it could. */
  readonly failure: string;
}

export interface Counts {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
  readonly mean: number;
  readonly std: number;
}

/** The model from inside, on a minibatch. */
export interface Look {
  readonly step: number;
  readonly names: readonly string[];
  /** C, [V, E]. */
  readonly C: Float32Array;
  readonly width: number;
  readonly histograms: readonly Counts[];
  /** For each neuron, the share of the examples on which tanh is saturated. */
  readonly saturated: Float32Array;
  /** What it took. */
  readonly milliseconds: number;
}

export interface SplitLosses {
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

export interface Speed {
  readonly backward: Backward;
  readonly stepsPerSecond: number;
}

/** What can be asked of the worker that trains, and what it answers. */
export interface TrainRequests {
  /** A list is kept until another is given; null stands for the bundled one. */
  list: { input: OwnList | null; output: ListHead };
  prepare: { input: TrainSettings; output: Prepared };
  resume: { input: Saved; output: Prepared };
  run: { input: null; output: Progress };
  pause: { input: null; output: Progress };
  step: { input: number; output: Progress };
  rate: { input: number; output: Progress };
  look: { input: null; output: Look };
  evaluate: { input: null; output: SplitLosses };
  measure: { input: Backward; output: Speed };
  /** The training as a file, and the model alone with statistics of the training split. */
  file: { input: null; output: Uint8Array<ArrayBuffer> };
  weights: { input: null; output: Uint8Array<ArrayBuffer> };
}

/** What the worker says by itself; `bytes` are there to be kept, when it is time to. */
export interface TrainEvent {
  readonly progress: Progress;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}
