// What a model can do: the three backward passes, training, evaluation, sampling, saving.

import { CoreError } from '../base/errors.js';
import { disposeSymbol } from '../base/identified.js';
import { show } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import type { Core } from '../core/core.js';
import type { Dataset } from '../data/dataset.js';
import type { Tensor } from '../tensor/tensor.js';
import { type CalibrateOptions, calibrate } from './calibrate.js';
import { type Loaded, type SaveOptions, save } from './checkpoint.js';
import type { Progress, TrainOptions } from './course.js';
import { evaluate, type Statistics } from './inference.js';
import { Mlp } from './mlp.js';
import { autograd, type FullPass, type FusedPass, handWritten } from './passes.js';
import { type SampleOptions, sample } from './sample.js';
import { Session, type SessionOptions } from './session.js';
import { train } from './train.js';

/**
 * Embedding, linear, batch norm, tanh, linear, cross-entropy. Made by `hg.createModel`; its parameters belong to the scope that is
 * open then, and live until that closes or until `dispose()`.
 *
 * @example
 * const model = hg.createModel({ vocabSize: 27, generator, bnGenerator });
 * const { loss, gradients } = model.stepwise(Xb, Yb);
 */
export class Model extends Mlp {
  /** `value` when it is a model of `core`; otherwise a TypeError or CoreError that names the argument. @internal */
  static checked(name: string, value: unknown, core: Core): Mlp {
    if (!Mlp.is(value)) throw new TypeError(`${name}: expected a Model, got ${show(value)}`);
    if (value.core !== core) throw new CoreError(`${name}: expected one of the same core, got another's`);
    return value;
  }

  /** Loss, intermediates and gradients by the tape, for contexts Xb (int32 [B, T]) and targets Yb (int32 [B]), B >= 2. */
  autograd(Xb: Tensor, Yb: Tensor): FullPass {
    return autograd(this.inputs(Xb, Yb));
  }

  /** The same by one hand-written function per gradient. */
  stepwise(Xb: Tensor, Yb: Tensor): FullPass {
    return handWritten('stepwise', this.inputs(Xb, Yb));
  }

  /** Loss and gradients of logits, hprebn and the parameters, with cross-entropy and batch norm in one go each. */
  fused(Xb: Tensor, Yb: Tensor): FusedPass {
    return handWritten('fused', this.inputs(Xb, Yb));
  }

  /**
   * Trains the model in place by stochastic gradient descent, and yields its progress after each slice of a few milliseconds;
   * between slices the event loop runs. `break` ends the training, and so does `signal`, after the slice in which it is
   * aborted: the iterator then throws the signal's reason. The slices have no influence on the numbers. Throws TypeError,
   * RangeError, ShapeError and CoreError for arguments, and TrainingError where a loss or a parameter is no longer finite and
   * where another training of the model has not ended. An iterator that is left without `break` ends when it is collected.
   *
   * @example
   * for await (const { step, meanLoss } of model.train({ dataset, generator, steps: 200_000, rate: 0.1 })) {
   *   console.log(step, meanLoss);
   * }
   */
  train(options: TrainOptions): AsyncGenerator<Progress, void, void> {
    return train(this, options);
  }

  /**
   * A training that can be paused, gone through step by step, saved, evaluated and sampled from, as a page wants it: see Session. Its
   * memory is the session's until its last step, or `stop()`; `using session = model.session(…)` calls that. Throws TypeError,
   * RangeError, ShapeError and CoreError for arguments, and TrainingError where another training of the model has not ended.
   *
   * @example
   * const session = model.session({ dataset, vocabulary, generator, steps: 200_000 });
   * for await (const { step, meanLoss } of session) if (step > 1000) session.stop();
   */
  session(options: SessionOptions): Session {
    return new Session(this, options);
  }

  /**
   * Batch norm's mean and unbiased variance of hprebn over a whole split, [1, H] each in the model's dtype; sums are float64.
   * With `rows`, of so many rows only, spread evenly over the split: an estimate that takes less time. Throws ShapeError for
   * examples that don't fit the model, and for fewer than 2; RangeError or TypeError unless rows is an integer of at least 2.
   *
   * @example const statistics = model.calibrate(train);
   */
  calibrate(dataset: Dataset, options?: CalibrateOptions): Statistics {
    return calibrate(this, dataset, options);
  }

  /**
   * The mean cross-entropy over a whole split, with batch norm's statistics in place of a minibatch's. Throws ShapeError,
   * RangeError or DTypeError for examples or statistics that don't fit the model.
   *
   * @example const loss = model.evaluate(dev, model.calibrate(train));
   */
  evaluate(dataset: Dataset, statistics: Statistics): number {
    return evaluate(this, dataset, statistics);
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
    return sample(this, options);
  }

  /**
   * The model as a safetensors file, the same bytes for the same model: its parameters and, where given, bnmean and bnvar; in
   * the metadata the vocabulary, block, embed, hidden, eps and dtype. With `training`, the tensor generator has the state of
   * the generator (int32, as PyTorch's bytes), and the metadata have the step: `model.train({ firstStep: training.step, generator:
   * training.generator, … })` of the model that `hg.loadModel` gives back goes on as if nothing had happened. Throws ShapeError
   * for a vocabulary or statistics that don't fit the model, RangeError for a parameter that is not finite, as after a training that
   * diverged, for an extra name that is taken and for a bad step.
   *
   * @example await writeFileAtomic('model.safetensors', model.save({ vocabulary, statistics }));
   */
  save(options: SaveOptions): Uint8Array<ArrayBuffer> {
    return save(this, options);
  }

  /**
   * Gives the memory of the parameters back. Whatever uses them later throws a ReleasedError that names one of them. A second call
   * does nothing; `using model = hg.createModel(…)` calls it at the end of its block.
   */
  dispose(): void {
    for (const parameter of Object.values(this.parameters)) parameter.dispose();
  }

  [disposeSymbol](): void {
    this.dispose();
  }
}

strictArguments(Model.prototype);

/** What was saved with a model. */
export type LoadedModel = Loaded<Model>;
