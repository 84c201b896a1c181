// Exercise 4: a training whose backward pass is a cell.

import { finite, integer, object, string } from '../base/check.js';
import { LessonError } from '../base/errors.js';
import { options } from '../base/options.js';
import { sameButForOnes, showShape } from '../base/shape.js';
import { strictArguments } from '../base/surplus.js';
import { type Dataset, takeBatch } from '../data/dataset.js';
import { Vocabulary } from '../data/vocabulary.js';
import type { Handgrad } from '../handgrad.js';
import { byName, type ParameterName, parameterNames } from '../mlp/layout.js';
import { Model } from '../mlp/model.js';
import { forward } from '../mlp/passes.js';
import { expectHandgrad } from '../proof/handle.js';
import { Generator } from '../random/generator.js';
import { noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { constantsOf } from './constants.js';
import { Variables } from './frame.js';
import { Machine } from './machine.js';
import { Native } from './native.js';
import { ownGraph } from './notebook.js';
import { type Cell, readCell } from './syntax.js';
import { described, type Value } from './values.js';

/** What a cell trains, and on what. */
export interface CellTrainingOptions {
  /** Trained in place. */
  model: Model;
  /** The training split. */
  dataset: Dataset;
  /** The model's characters. */
  vocabulary: Vocabulary;
  /** Draws the minibatches, as `model.train` draws them. */
  generator: Generator;
  /** B: examples in a minibatch. Default 32. */
  batch?: number;
  /** Steps of the interpreter that one run of the cell may take. Default 1 million. */
  steps?: number;
}

const optionNames = ['model', 'dataset', 'vocabulary', 'generator', 'batch', 'steps'] as const;

/**
 * Trains a model in place by the gradients that a cell writes, dC, dW1, db1, dW2, db2, dbngain and dbnbias: the values of the forward pass are
 * there under the notebook's names, and `cmp` says nothing. With a cell that is exact, the losses are those of `model.train` with the
 * stepwise pass, to the last bit.
 * Throws TypeError, RangeError, ShapeError or CoreError for bad options, and LessonError where the cell can't be read.
 *
 * @example
 * const training = new CellTraining(hg, source, { model, dataset, vocabulary, generator });
 * for (let i = 0; i < 3; i++) console.log(training.step(0.1));
 */
export class CellTraining {
  readonly #hg: Handgrad;
  readonly #cell: Cell;
  readonly #given: Required<CellTrainingOptions>;
  readonly #constants: ReadonlyMap<string, () => Value>;

  constructor(hg: Handgrad, source: string, settings: CellTrainingOptions) {
    expectHandgrad(hg);
    const cell = readCell(string('source', source));
    if (cell.error !== null) throw cell.error;
    const { batch, steps, ...asked } = options<CellTrainingOptions>(
      'options',
      object('options', settings),
      optionNames,
    );
    const model = asked.model as Model;
    const core = hg.scope(() => hg.zeros([0]).array.core);
    Model.checked('model', model, core);
    const B = integer('batch', batch ?? 32, 2);
    model.checkBatchFits(B, 'stepwise');
    const given = {
      model,
      dataset: model.checkDataset(asked.dataset!),
      vocabulary: model.checkVocabulary(Vocabulary.checked('vocabulary', asked.vocabulary)),
      generator: Generator.checked('generator', asked.generator, core),
      batch: B,
      steps: integer('steps', steps ?? 1_000_000, 1),
    };
    this.#hg = hg;
    this.#cell = cell;
    this.#given = given;
    const { sizes, eps } = model;
    this.#constants = constantsOf(hg, { words: [], vocabulary: given.vocabulary, sizes: { ...sizes, B }, eps });
  }

  /**
   * Carries out a step with the learning rate `rate` and returns the loss of its minibatch, before the update. Throws LessonError, and
   * leaves the model as it was, where the cell fails or a gradient of a parameter is missing or of another shape.
   */
  step(rate: number): number {
    const checked = finite('rate', rate, 0);
    return this.#hg.scope(() => noGrad(() => this.#step(checked)));
  }

  #step(rate: number): number {
    const { model, dataset, generator, batch } = this.#given;
    const { parameters } = model;
    const rows = generator.randint(0, dataset.Y.data.length, [batch]).data as Int32Array;
    const drawn = takeBatch(dataset, rows);
    const [Xb, Yb] = [this.#hg.tensor(drawn.Xb), this.#hg.tensor(drawn.Yb)];
    const values = forward(parameters, { Xb: Xb.array, Yb: Yb.array, eps: model.eps });
    // The cell gets copies of the parameters, so that nothing but the update changes them.
    const copies = byName(parameterNames, (name) => parameters[name].clone());
    const gradients = this.#gradients({ ...copies, ...values, Xb, Yb });
    for (const name of parameterNames) parameters[name].sub_(gradients[name].mul(rate));
    return values.loss.item();
  }

  /** What the cell makes of the values. */
  #gradients(values: Readonly<Record<string, Tensor>>): Record<ParameterName, Tensor> {
    const variables = new Variables([...Object.entries(values), ['cmp', cmp]], this.#constants);
    const machine = new Machine({
      hg: this.#hg,
      dtype: this.#given.model.dtype,
      generator: this.#hg.generator().manualSeed(0),
      words: [],
      variables,
      graph: ownGraph,
      steps: this.#given.steps,
    });
    const { error } = machine.run(this.#cell);
    if (error !== null) throw error;
    return byName(parameterNames, (name) => gradientOf(name, variables.get(`d${name}`), values[name]!));
  }
}

strictArguments(CellTraining.prototype);

/** The notebook's cmp: in a training there is nothing to compare with, and it says nothing. */
const cmp = new Native('cmp', 's dt t', () => null);

/** A gradient in the shape of its parameter, from which it may differ by axes of size 1. Throws LessonError. */
function gradientOf(name: string, given: Value | undefined, { shape }: Tensor): Tensor {
  const wanted = `expected d${name}, a tensor of shape ${showShape(shape)}`;
  if (!(given instanceof Tensor)) {
    throw new LessonError(`${wanted}, got ${given === undefined ? 'none' : described(given)}`, 1, 1);
  }
  if (sameButForOnes(given.shape, shape)) return given.reshape(...shape);
  throw new LessonError(`${wanted}, got shape ${showShape(given.shape)}`, 1, 1);
}
