// A notebook: cells that run one after another.

import { integer, list, string } from '../base/check.js';
import type { LessonError } from '../base/errors.js';
import { options } from '../base/options.js';
import { escapeControls } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import type { Handgrad } from '../handgrad.js';
import { expectHandgrad } from '../proof/handle.js';
import { enableGrad } from '../tensor/autograd.js';
import { Variables } from './frame.js';
import { Machine } from './machine.js';
import { readCell } from './syntax.js';
import type { Graph } from './values.js';

/** What is wrong with a cell, and where; lines and columns count from 1. */
export interface CellError {
  /** What was expected and what came, without the place. */
  readonly message: string;
  /** Where it is. */
  readonly line: number;
  /** Where in the line it begins. */
  readonly column: number;
}

/** What became of a cell. */
export interface CellResult {
  /** The lines that it printed, and at its end the value of a last expression. */
  readonly output: readonly string[];
  /** What ended it early; null where nothing did. */
  readonly error: CellError | null;
}

/** What a notebook may be given. */
export interface NotebookOptions {
  /** What `open('names.txt')` has, a word a line. Default none. */
  words?: readonly string[];
  /** Seeds the generator from which `torch.randn` and its like draw when they are given none. Default 0. */
  bnSeed?: number | bigint;
  /** Steps that a cell may take before it is ended: an expression, a turn of a loop or two elements are one. Default 20 million. */
  steps?: number;
}

/** The graph of the notebook's own tensors. */
export const ownGraph: Graph = {
  backward: (tensor, gradient, retainGraph) => tensor.backward(gradient, { retainGraph }),
  retainGrad: (tensor) => {
    if (!tensor.isLeaf) tensor.retainGrad();
  },
  grad: (tensor) => tensor.grad,
  setGrad: (tensor, gradient) => {
    tensor.grad = gradient;
  },
};

/**
 * Cells in the lecture's language, a subset of Python over the tensors of `hg`, run one after another: what a cell assigns, the next
 * one can read. Throws TypeError or RangeError for bad options; what is wrong with a cell is part of its result.
 *
 * @example const notebook = new Notebook(hg, { words }); notebook.run('x = torch.ones(3)\nx.sum()').output;
 */
export class Notebook {
  readonly #machine: Machine;

  constructor(hg: Handgrad, settings?: NotebookOptions) {
    expectHandgrad(hg);
    const given = options('options', settings, ['words', 'bnSeed', 'steps']);
    this.#machine = new Machine({
      hg,
      dtype: 'float32',
      generator: hg.generator().manualSeed(given.bnSeed ?? 0),
      words: list('words', given.words ?? [], string),
      variables: new Variables(),
      graph: ownGraph,
      steps: integer('steps', given.steps ?? 20_000_000, 1),
    });
  }

  /** Runs a cell. Throws TypeError where `source` is no string. */
  run(source: string): CellResult {
    const cell = readCell(string('source', source));
    if (cell.error !== null) return { output: [], error: errorData(cell.error) };
    const { output, error } = enableGrad(() => this.#machine.run(cell));
    return { output, error: error === null ? null : errorData(error) };
  }
}

strictArguments(Notebook.prototype);

/** What is wrong, as data, on one line. */
export function errorData({ reason, line, column }: LessonError): CellError {
  return { message: escapeControls(reason), line, column };
}
