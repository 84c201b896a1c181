// What `handgrad notebook` is asked for, and what comes of it.

import type { Comparison, Dataset, Model, Vocabulary } from '../index.js';
import type { DataOptions, ModelOptions } from './common.js';

/** The options of the command. */
export interface NotebookOptions extends DataOptions, ModelOptions {
  params?: string;
  dump?: string;
  json: boolean;
}

/** Everything that the report shows. */
export interface NotebookRun {
  /** As it was carried out: the batch size is that of a given batch. */
  options: NotebookOptions;
  vocabulary: Vocabulary;
  /** Training, development and test examples. */
  datasets: readonly Dataset[];
  model: Model;
  loss: number;
  /** One comparison of a hand-written gradient with autograd's a line. */
  exercise1: readonly Comparison[];
  exercise2: Comparison;
  exercise3: Comparison;
  /** The parameters' gradients by the fused pass. */
  fused: readonly Comparison[];
}
