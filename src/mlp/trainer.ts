// Training: steps of stochastic gradient descent on a model's parameters, in slices that return to the caller.

import { finite, integer, list, object, oneOf } from '../base/check.js';
import { ReleasedError } from '../base/errors.js';
import { Identified } from '../base/identified.js';
import { plainValues, type TypedArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { strictArguments } from '../base/surplus.js';
import { typedArrayName } from '../base/typedArrays.js';
import type { Owner } from '../core/owner.js';
import { type Dataset, takeBatch } from '../data/dataset.js';
import { Generator } from '../random/generator.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { noGrad } from '../tensor/autograd.js';
import { fromData } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import { Frame, type HandWritten } from './frame.js';
import { parameterNames } from './layout.js';
import type { Mlp } from './mlp.js';
import { autograd } from './passes.js';

/** The backward pass that a trainer uses. */
export type Backward = 'fused' | 'stepwise' | 'autograd';

/** What a trainer needs. */
export interface TrainerOptions {
  /** The examples to draw minibatches from. */
  dataset: Dataset;
  /** Draws each minibatch by one `randint`, as the notebook does. */
  generator: Generator;
  /** B: examples in a minibatch, at least 2. Default 32. */
  batch?: number;
  /** Default fused. */
  backward?: Backward;
}

/** The names of a trainer's options. */
export const trainerOptions = ['dataset', 'generator', 'batch', 'backward'] as const satisfies (keyof TrainerOptions)[];

/**
 * Trains a model in place, a slice at a time: the parameters change, and everything else that it needs is its own until
 * `dispose()`. Fused and stepwise slices run in the module without crossing into JavaScript.
 */
export class Trainer extends Identified {
  readonly #model: Mlp;
  readonly #dataset: Dataset;
  readonly #generator: Generator;
  readonly #batch: number;
  readonly #backward: Backward;
  readonly #owner: Owner;
  #frame!: Frame;
  #examples!: StridedArray;

  /** @internal */
  constructor(model: Mlp, given: TrainerOptions) {
    super();
    const { batch = 32, backward = 'fused', ...asked } = options('options', object('options', given), trainerOptions);
    this.#model = model;
    this.#batch = integer('batch', batch, 2);
    this.#backward = oneOf('backward', backward, ['fused', 'stepwise', 'autograd']);
    this.#generator = Generator.checked('generator', asked.generator, model.core);
    model.checkBatchFits(batch);
    const checked = model.checkDataset(asked.dataset!);
    this.#dataset = backward === 'autograd' ? copied(checked) : checked;
    this.#owner = model.core.scopes.apart(this, () => this.#allocate());
  }

  /**
   * The owner of what the trainer has in memory, closed by `dispose()`.
   * @internal
   */
  get owner(): Owner {
    return this.#owner;
  }

  /**
   * Carries out one step for each of the rates, finite numbers of at least 0; returns the loss of each step, before its update.
   * Throws TypeError or RangeError for other rates, ReleasedError where the trainer, the model or the generator is gone.
   */
  run(rates: ArrayLike<number>): TypedArray {
    const checked = checkedRates(rates);
    this.#checkAlive();
    for (const name of parameterNames) this.#model.parameters[name].array.touch();
    return this.#backward === 'autograd' ? this.#runByTape(checked) : this.#runInModule(checked, this.#backward);
  }

  /** Gives its memory back, and leaves the model as it is. Any later run throws ReleasedError. */
  dispose(): void {
    this.#model.core.scopes.close(this.#owner);
  }

  #allocate(): void {
    if (this.#backward === 'autograd') return;
    const { core } = this.#model;
    const int32 = (shape: readonly number[], data?: ArrayLike<number>) =>
      data === undefined ? StridedArray.full(core, 'int32', shape, 0) : StridedArray.from(core, 'int32', shape, data);
    const { X, Y, blockSize } = this.#dataset;
    const [Xb, Yb] = [[this.#batch, blockSize], [this.#batch]].map((shape) => Tensor.of(int32(shape)));
    this.#frame = new Frame(this.#model.inputs(Xb!, Yb!));
    this.#frame.allocate(this.#backward);
    const N = Y.data.length;
    const rows = StridedArray.allocate(core, 'int32', [N, blockSize + 1]);
    sideBySide(rows.elements(), X.data, Y.data, blockSize);
    const pointers = [rows.pointer, this.#generator.pointer, int32([this.#batch]).pointer];
    const [examples, state, chosen] = pointers.map((pointer) => core.memory.address(pointer));
    const words = [examples!, N, state!, chosen!];
    this.#examples = int32([words.length], words);
  }

  #runInModule(rates: Rates, pass: HandWritten): TypedArray {
    const { core, dtype } = this.#model;
    const [frame, examples] = [this.#frame.pointer, this.#examples.pointer];
    return core.scopes.run(() => {
      const losses = StridedArray.allocate(core, dtype, [rates.length]);
      const perStep = StridedArray.from(core, 'float64', [rates.length], rates);
      core.kernels[dtype].train(frame, examples, losses.pointer, perStep.pointer, rates.length, pass === 'stepwise');
      return losses.toTypedArray();
    });
  }

  #runByTape(rates: Rates): TypedArray {
    const model = this.#model;
    const { core } = model;
    const losses = Array.from(rates, (rate) =>
      core.scopes.run(() => {
        const { data: indices } = this.#generator.randint(0, this.#dataset.Y.data.length, [this.#batch]);
        const { Xb, Yb } = takeBatch(this.#dataset, indices);
        const { loss, gradients } = autograd(model.inputs(fromData(core, Xb), fromData(core, Yb)));
        for (const name of parameterNames) noGrad(() => model.parameters[name].sub_(gradients[name].mul(rate)));
        return loss;
      }),
    );
    return Float64Array.from(losses);
  }

  /** Throws ReleasedError where the module would write to memory that is no longer its own, a parameter's or the generator's. */
  #checkAlive(): void {
    if (this.#owner.closed) throw new ReleasedError('trainer: expected one in use, got one that was disposed of');
    for (const name of parameterNames) void this.#model.parameters[name].array.pointer;
    void this.#generator.pointer;
  }
}

strictArguments(Trainer.prototype);

type Rates = readonly number[] | Float64Array;

/** `rates` as numbers when all are finite and at least 0. */
function checkedRates(rates: unknown): Rates {
  if (typedArrayName(rates) === 'Float64Array') {
    const values = plainValues('float64', rates as Float64Array) as Float64Array;
    if (values.every((rate) => rate >= 0 && rate < Infinity)) return values;
  }
  return list('rates', rates, (name, rate) => finite(name, rate, 0));
}

/** A dataset of its own, whatever becomes of the arrays of `dataset`. */
function copied({ X, Y, blockSize }: Dataset): Dataset {
  return { X: { ...X, data: X.data.slice() }, Y: { ...Y, data: Y.data.slice() }, blockSize };
}

/** rows = each context followed by its target. */
function sideBySide(rows: TypedArray, X: Int32Array, Y: Int32Array, blockSize: number): void {
  for (let i = 0, from = 0, to = 0; i < Y.length; i++) {
    for (let t = 0; t < blockSize; t++) rows[to++] = X[from++]!;
    rows[to++] = Y[i]!;
  }
}
