// Training: steps of stochastic gradient descent on a model's parameters, in slices that return to the caller.

import { finite, integer, list, object, oneOf } from '../base/check.js';
import { ReleasedError } from '../base/errors.js';
import { Identified, textOf } from '../base/identified.js';
import { dtypes, plainValues, type TypedArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { strictArguments } from '../base/surplus.js';
import { typedArrayName } from '../base/typedArrays.js';
import type { Owner } from '../core/owner.js';
import { Struct } from '../core/struct.js';
import { type Dataset, takeBatch } from '../data/dataset.js';
import { Generator } from '../random/generator.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { fromData } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import { Frame, frameStruct, type HandWritten, structArray } from './frame.js';
import { parameterNames } from './layout.js';
import type { Mlp, Parameters } from './mlp.js';
import { parameterGradients } from './passes.js';
import { passNames, trainingPresets } from './settings.js';

/** The examples to draw from, and where the indices of a minibatch go. */
export const examplesStruct = new Struct([
  ['rows', 'usize'],
  ['N', 'u32'],
  ['state', 'usize'],
  ['indices', 'usize'],
]);

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
export const trainerOptions: readonly (keyof TrainerOptions)[] = ['dataset', 'generator', 'batch', 'backward'];

type Rates = readonly number[] | Float64Array;

/**
 * Trains a model in place, a slice at a time: the parameters change, and everything else that it needs is its own until
 * `dispose()`. Fused and stepwise slices run in the module without crossing into JavaScript.
 */
export class Trainer extends Identified {
  readonly #owner: Owner;
  readonly #model: Mlp;
  readonly #generator: Generator;
  #carryOut!: (rates: Rates) => TypedArray;

  /** @internal */
  constructor(model: Mlp, given: TrainerOptions) {
    super();
    const checked = options('options', object('options', given), trainerOptions);
    const { batch = trainingPresets.batch, backward = trainingPresets.backward, ...asked } = checked;
    const B = integer('batch', batch, 2);
    const pass = oneOf<Backward>('backward', backward, passNames);
    const generator = Generator.checked('generator', asked.generator, model.core);
    model.checkBatchFits(B, pass);
    const dataset = model.checkDataset(asked.dataset!);
    this.#model = model;
    this.#generator = generator;
    this.#owner = model.core.scopes.apart(this, () => {
      this.#carryOut =
        pass === 'autograd' ? byTape(model, dataset, generator, B) : inModule(model, dataset, generator, B, pass);
    });
  }

  /** `Trainer()` */
  override toString(): string {
    return textOf('Trainer');
  }

  /** The owner of what the trainer has in memory, closed by `dispose()`. @internal */
  get owner(): Owner {
    return this.#owner;
  }

  /**
   * Carries out one step for each of the rates, finite numbers of at least 0; returns the loss of each step, before its update.
   * Throws TypeError or RangeError for other rates, ReleasedError where the trainer, the model or the generator is gone.
   */
  run(rates: ArrayLike<number>): TypedArray {
    const checked = checkedRates(rates);
    if (this.#owner.closed) throw new ReleasedError('trainer: expected one in use, got one that was disposed of');
    const arrays = parameterNames.map((name) => this.#model.parameters[name].array);
    // The module must not write to memory that is another's by now.
    for (const array of arrays) array.expectInMemory();
    void this.#generator.pointer;
    for (const array of arrays) array.touch();
    return this.#carryOut(checked);
  }

  /** Gives its memory back, and leaves the model as it is. Any later run throws ReleasedError. */
  dispose(): void {
    this.#model.core.scopes.close(this.#owner);
  }
}

strictArguments(Trainer.prototype);

/** `rates` as numbers when all are finite and at least 0. */
function checkedRates(rates: unknown): Rates {
  if (typedArrayName(rates) === 'Float64Array') {
    const values = plainValues('float64', rates as Float64Array) as Float64Array;
    // Without the names that a message would need: this is done for every slice.
    if (values.every((rate) => rate >= 0 && rate < Infinity)) return values;
  }
  return list('rates', rates, (name, rate) => finite(name, rate, 0));
}

/** Steps in the module: the function from their rates to their losses. */
function inModule(model: Mlp, { X, Y, blockSize: T }: Dataset, generator: Generator, B: number, pass: HandWritten) {
  const { core, dtype } = model;
  const N = Y.data.length;
  const zeros = (...shape: number[]) => StridedArray.full(core, 'int32', shape, 0);
  const frame = new Frame(pass, model.inputs(Tensor.of(zeros(B, T)), Tensor.of(zeros(B))));
  const rows = zeros(N, T + 1);
  const values = rows.elements();
  for (let i = 0, from = 0, to = 0; i < N; i++) {
    for (let t = 0; t < T; t++) values[to++] = X.data[from++]!;
    values[to++] = Y.data[i]!;
  }
  const pointers = [rows.pointer, generator.pointer, zeros(B).pointer];
  const [first, state, indices] = pointers.map((pointer) => core.memory.address(pointer));
  const examples = structArray(core, examplesStruct, { rows: first!, N, state: state!, indices: indices! });
  return (rates: Rates): TypedArray =>
    core.scopes.run(() => {
      const { length } = rates;
      const losses = StridedArray.allocate(core, dtype, [length]);
      const perStep = StridedArray.from(core, 'float64', [length], rates);
      const { descend } = core.kernels[dtype];
      const place = passNames.indexOf(pass);
      descend(frame.struct.pointer, examples.pointer, losses.pointer, perStep.pointer, length, place);
      return losses.toTypedArray();
    });
}

/** Steps by the tape: the same, of which the update alone is in the module. Its dataset is a copy, as the rows of `inModule` are. */
function byTape(model: Mlp, { X, Y, blockSize }: Dataset, generator: Generator, B: number) {
  const { core, dtype, sizes, parameters } = model;
  const pointers = (prefix: '' | 'd', tensors: Parameters) =>
    Object.fromEntries(parameterNames.map((name) => [prefix + name, tensors[name].array.contiguous().pointer]));
  const frame = structArray(core, frameStruct, { ...sizes, ...pointers('', parameters) });
  const dataset = { X: { ...X, data: X.data.slice() }, Y: { ...Y, data: Y.data.slice() }, blockSize };
  const step = (rate: number): number =>
    core.scopes.run(() => {
      const { Xb, Yb } = takeBatch(dataset, generator.randint(0, dataset.Y.data.length, [B]).data);
      const { loss, gradients } = parameterGradients(model.inputs(fromData(core, Xb), fromData(core, Yb)));
      frameStruct.write(core.memory, frame.pointer, pointers('d', gradients));
      core.kernels[dtype].descend(frame.pointer, 0, 0, core.scalar('float64', rate), 1, passNames.indexOf('autograd'));
      return loss;
    });
  return (rates: Rates): TypedArray => dtypes[dtype].array.from(Array.from(rates, step));
}
