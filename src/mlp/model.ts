// The notebook's model: embedding, linear, batch norm, tanh, linear, cross-entropy.

import { finite, integer, oneOf } from '../core/check.js';
import type { Core } from '../core/core.js';
import { DTypeError, OutOfMemoryError, ShapeError } from '../core/errors.js';
import { dtypes, elementCount, type FloatDType, type NdArray, sameShape, showShape } from '../core/ndarray.js';
import type { Dataset } from '../data/dataset.js';
import type { Generator } from '../random/generator.js';
import { checkedClasses } from '../tensor/arrays/indexing.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { Tensor } from '../tensor/tensor.js';
import { calibrate } from './calibrate.js';
import { type SaveOptions, save } from './checkpoint.js';
import { evaluate } from './evaluate.js';
import type { Inputs } from './frame.js';
import type { Statistics } from './inference.js';
import { intermediateNames, type ParameterName, parameterNames, type Sizes, shapeOf } from './layout.js';
import { autograd, type FullPass, type FusedPass, fused, stepwise } from './passes.js';
import { type SampleOptions, sample } from './sample.js';
import { type Progress, type TrainOptions, train } from './train.js';

export type Parameters = Readonly<Record<ParameterName, Tensor>>;

/** Bytes that 32-bit addresses reach. */
const addressable = 2 ** 32;

/** What a model is made of. */
export interface ModelOptions {
  /** V: characters in the vocabulary. */
  vocabSize: number;
  /** T: characters of context. Default 3. */
  blockSize?: number;
  /** E: width of the embedding. Default 10. */
  embed?: number;
  /** H: width of the hidden layer. Default 64. */
  hidden?: number;
  /** Batch norm's epsilon. Default 1e-5; the notebook has 1e5. */
  eps?: number;
  /** Element type; parameters are drawn as float32 whatever it is. Default float32. */
  dtype?: FloatDType;
}

/** Where the parameters come from: generators to draw them from, or their values by name. */
export type ParameterSource =
  | { generator: Generator; bnGenerator: Generator }
  | { parameters: Readonly<Record<ParameterName, NdArray>> };

/**
 * Parameters, and the three backward passes over them. Made by `hg.createModel`; its parameters belong to the scope that is open
 * then.
 *
 * @example
 * const model = hg.createModel({ vocabSize: 27, generator, bnGenerator });
 * const { loss, gradients } = model.stepwise(Xb, Yb);
 */
export class Model {
  readonly parameters: Parameters;
  readonly eps: number;
  readonly dtype: FloatDType;
  /** Context length, vocabulary, embedding width, hidden width. */
  readonly sizes: Omit<Sizes, 'B'>;
  readonly #core: Core;

  constructor(core: Core, options: ModelOptions & ParameterSource) {
    this.#core = core;
    const { vocabSize, blockSize = 3, embed = 10, hidden = 64, eps = 1e-5, dtype = 'float32' } = options;
    this.sizes = {
      T: integer('blockSize', blockSize, 1),
      V: integer('vocabSize', vocabSize, 1),
      E: integer('embed', embed, 1),
      H: integer('hidden', hidden, 1),
    };
    this.eps = finite('eps', eps, 0);
    this.dtype = oneOf('dtype', dtype, ['float32', 'float64']);
    this.checkBatchFits(2);
    const values = 'parameters' in options ? this.#checked(options.parameters) : draw(this.sizes, options);
    this.parameters = core.scopes.run((keep) => {
      const made = parameterNames.map((name) => [name, this.#parameter(core, name, values[name])] as const);
      for (const [, { array }] of made) keep(array);
      return Object.fromEntries(made) as Record<ParameterName, Tensor>;
    });
  }

  /** How many numbers the parameters hold. */
  get parameterCount(): number {
    return parameterNames.reduce((count, name) => count + this.parameters[name].size, 0);
  }

  /**
   * Throws OutOfMemoryError where the intermediates and gradients of B examples can't fit in linear memory, so that this is known
   * before a batch is drawn.
   */
  checkBatchFits(B: number): void {
    const sizes = { ...this.sizes, B: integer('B', B, 2) };
    const elements = [...parameterNames, ...intermediateNames].map((name) => elementCount(shapeOf(name, sizes)));
    const bytes = 2 * dtypes[this.dtype].bytes * elements.reduce((sum, count) => sum + count, 0);
    if (bytes > addressable) {
      const { T, V, E, H } = sizes;
      throw new OutOfMemoryError(
        `B ${B}, T ${T}, V ${V}, E ${E}, H ${H}: expected sizes whose tensors fit in 4 GiB, got ${bytes} bytes`,
      );
    }
  }

  /** Loss, intermediates and gradients by the tape, for contexts Xb (int32 [B, T]) and targets Yb (int32 [B]), B >= 2. */
  autograd(Xb: Tensor, Yb: Tensor): FullPass {
    return autograd(this.inputs(Xb, Yb));
  }

  /** The same by one hand-written function per gradient. */
  stepwise(Xb: Tensor, Yb: Tensor): FullPass {
    return stepwise(this.inputs(Xb, Yb));
  }

  /** Loss and gradients of logits, hprebn and the parameters, with cross-entropy and batch norm in one go each. */
  fused(Xb: Tensor, Yb: Tensor): FusedPass {
    return fused(this.inputs(Xb, Yb));
  }

  /**
   * Trains the model in place by stochastic gradient descent, and yields its progress after each slice of a few milliseconds;
   * between slices the event loop runs. `break` ends the training, and so does `signal`, after the slice in which it is
   * aborted: the iterator then throws the signal's reason. The slices have no influence on the numbers. Throws TypeError,
   * RangeError and ShapeError for arguments, and TrainingError where a loss or a parameter is no longer finite.
   *
   * @example
   * for await (const { step, meanLoss } of model.train({ dataset, generator, steps: 200_000, rate: 0.1 })) {
   *   console.log(step, meanLoss);
   * }
   */
  train(options: TrainOptions): AsyncGenerator<Progress, void, void> {
    return train(this.#core, this, options);
  }

  /**
   * Batch norm's mean and unbiased variance of hprebn over a whole split, [1, H] each in the model's dtype; sums are float64.
   * Throws ShapeError for examples that don't fit the model, and for fewer than 2.
   *
   * @example const statistics = model.calibrate(train);
   */
  calibrate(dataset: Dataset): Statistics {
    return calibrate(this.#core, this, dataset);
  }

  /**
   * The mean cross-entropy over a whole split, with batch norm's statistics in place of a minibatch's. Throws ShapeError,
   * RangeError or DTypeError for examples or statistics that don't fit the model.
   *
   * @example const loss = model.evaluate(dev, model.calibrate(train));
   */
  evaluate(dataset: Dataset, statistics: Statistics): number {
    return evaluate(this.#core, this, dataset, statistics);
  }

  /**
   * New words: each character is drawn as `torch.multinomial(probs, 1, generator=g)` draws it on a CPU without MKL, from a
   * context that begins with boundaries, until the boundary is drawn. The context of a prompt is its last T characters.
   * Throws DatasetError for a character of the prompt that is not in the vocabulary, RangeError for a negative temperature,
   * ShapeError for a vocabulary or statistics that don't fit the model.
   *
   * @example const names = model.sample({ statistics, vocabulary, generator, count: 10 });
   */
  sample(options: SampleOptions): string[] {
    return sample(this.#core, this, options);
  }

  /**
   * The model as a safetensors file, the same bytes for the same model: its parameters and, where given, bnmean and bnvar; in
   * the metadata the vocabulary, block, embed, hidden, eps and dtype. `hg.loadModel` reads it. Throws ShapeError for a
   * vocabulary or statistics that don't fit the model, RangeError for an extra name that is taken.
   *
   * @example await writeFileAtomic('model.safetensors', model.save({ vocabulary, statistics }));
   */
  save(options: SaveOptions): Uint8Array<ArrayBuffer> {
    return save(this, options);
  }

  #checked(parameters: Readonly<Record<ParameterName, NdArray>>): Readonly<Record<ParameterName, NdArray>> {
    for (const name of parameterNames) {
      const given: NdArray | undefined = parameters[name];
      const shape = shapeOf(name, { ...this.sizes, B: 0 });
      if (given === undefined)
        throw new ShapeError(`${name}: expected a parameter of shape ${showShape(shape)}, got none`);
      if (!sameShape(given.shape, shape)) {
        throw new ShapeError(`${name}: expected shape ${showShape(shape)}, got ${showShape(given.shape)}`);
      }
      if (given.dtype === 'int32') throw new DTypeError(`${name}: expected float32 or float64, got int32`);
    }
    return parameters;
  }

  #parameter(core: Core, name: ParameterName, { shape, data }: NdArray): Tensor {
    const array = StridedArray.from(core, this.dtype, shape, data);
    array.name = name;
    return new Tensor({ array, node: null });
  }

  /** Throws ShapeError or RangeError where the examples don't fit this model. */
  checkDataset({ X, Y, blockSize }: Dataset): void {
    const { T, V } = this.sizes;
    if (blockSize !== T || !sameShape(X.shape, [Y.data.length, T]) || Y.data.length === 0) {
      throw new ShapeError(`dataset: expected contexts [N, ${T}], N > 0, got ${showShape(X.shape)}`);
    }
    for (const { data } of [X, Y]) {
      const outside = data.findIndex((character) => character < 0 || character >= V);
      if (outside >= 0) throw new RangeError(`dataset: expected characters from 0 to ${V - 1}, got ${data[outside]}`);
    }
  }

  /**
   * What a pass over a batch is given, checked.
   * @internal
   */
  inputs(Xb: Tensor, Yb: Tensor): Inputs {
    const { T, V } = this.sizes;
    const [B, columns] = Xb.shape;
    if (Xb.ndim !== 2 || columns !== T) throw new ShapeError(`Xb: expected [B, ${T}], got ${showShape(Xb.shape)}`);
    if (B! < 2)
      throw new ShapeError(`Xb: expected at least 2 rows, for Bessel's correction divides by B - 1, got ${B}`);
    if (!sameShape(Yb.shape, [B!])) throw new ShapeError(`Yb: expected ${showShape([B!])}, got ${showShape(Yb.shape)}`);
    const arrays = Object.fromEntries(parameterNames.map((name) => [name, this.parameters[name].array]));
    return {
      parameters: arrays as Inputs['parameters'],
      Xb: checkedClasses('Xb', Xb.array, V),
      Yb: checkedClasses('Yb', Yb.array, V),
      sizes: { ...this.sizes, B: B! },
      eps: this.eps,
    };
  }
}

/** The notebook's draws in its order; W1 is scaled from left to right, each step rounded to float32. */
function draw(
  sizes: Omit<Sizes, 'B'>,
  { generator, bnGenerator }: { generator: Generator; bnGenerator: Generator },
): Record<ParameterName, NdArray> {
  const fanIn = sizes.T * sizes.E;
  const scaled = (name: ParameterName, from: Generator, ...steps: ((x: number) => number)[]): NdArray => {
    const drawn = from.randn(shapeOf(name, { ...sizes, B: 0 }));
    const data = steps.reduce((values, step) => values.map(step), drawn.data as Float32Array);
    return { ...drawn, data };
  };
  const tenth = (x: number) => x * Math.fround(0.1);
  return {
    C: scaled('C', generator),
    W1: scaled(
      'W1',
      generator,
      (x) => x * Math.fround(5 / 3),
      (x) => x / Math.fround(fanIn ** 0.5),
    ),
    b1: scaled('b1', generator, tenth),
    W2: scaled('W2', generator, tenth),
    b2: scaled('b2', generator, tenth),
    bngain: scaled('bngain', bnGenerator, tenth, (x) => x + 1),
    bnbias: scaled('bnbias', bnGenerator, tenth),
  };
}
