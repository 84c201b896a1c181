// The notebook's MLP: its parameters, its sizes, and what fits them.

import { integer, object, oneOf } from '../base/check.js';
import { ShapeError } from '../base/errors.js';
import { Identified, textOf } from '../base/identified.js';
import type { FloatDType } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { sameShape, showShape } from '../base/shape.js';
import { strictArguments } from '../base/surplus.js';
import type { Core } from '../core/core.js';
import { checkedDataset, type Dataset } from '../data/dataset.js';
import { Vocabulary } from '../data/vocabulary.js';
import { checkedClasses } from '../tensor/arrays/indexing.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { Tensor } from '../tensor/tensor.js';
import { checkFits, type HandWritten, type Inputs } from './frame.js';
import { initialValues, type ParameterSource, withStatesKept } from './initialize.js';
import { byName, type ModelSizes, type ParameterName, parameterNames } from './layout.js';
import { checkedSettings, type ModelOptions, passNames, type Settings, settingNames } from './settings.js';

/** The parameters by the notebook's names. */
export type Parameters = Readonly<Record<ParameterName, Tensor>>;

/** What a model may be given, whichever source its parameters have. */
type Given = ModelOptions & { readonly [Name in 'generator' | 'bnGenerator' | 'parameters']?: unknown };

const optionNames: readonly (keyof Given)[] = ['vocabSize', ...settingNames, 'generator', 'bnGenerator', 'parameters'];

/** Parameters of given sizes, in the scope that is open when they are made, and the checks of what they are used with. */
export class Mlp extends Identified {
  /** The parameters; they may be changed in place. */
  readonly parameters: Parameters;
  /** Batch norm's epsilon. */
  readonly eps: number;
  /** Element type of parameters, intermediates and gradients. */
  readonly dtype: FloatDType;
  /** Context length, vocabulary, embedding width, hidden width. */
  readonly sizes: ModelSizes;
  /** All its options but vocabSize. @internal */
  readonly settings: Settings;
  readonly #core: Core;

  /** @internal */
  constructor(core: Core, given: ModelOptions & ParameterSource) {
    super();
    this.#core = core;
    const source = options<Given>('options', object('options', given), optionNames);
    const V = integer('vocabSize', source.vocabSize, 1);
    this.settings = checkedSettings(source);
    const { blockSize: T, embed: E, hidden: H, eps, dtype } = this.settings;
    this.sizes = Object.freeze({ T, V, E, H });
    this.eps = eps;
    this.dtype = dtype;
    this.checkBatchFits(undefined, 'stepwise');
    this.parameters = withStatesKept(core, source as ParameterSource, () => this.#make(source as ParameterSource));
    Object.freeze(this);
  }

  /** Whether `value` is one. @internal */
  static is(value: unknown): value is Mlp {
    return #core in Object(value);
  }

  /** @internal */
  get core(): Core {
    return this.#core;
  }

  /** The arrays of its parameters. @internal */
  get owned(): readonly StridedArray[] {
    return parameterNames.flatMap((name) => this.parameters[name].owned);
  }

  /** `Model(vocabSize=27, blockSize=3, embed=10, hidden=64, eps=0.00001, dtype=float32)` */
  override toString(): string {
    return textOf('Model', { vocabSize: this.sizes.V, ...this.settings });
  }

  /** How many numbers the parameters hold. */
  get parameterCount(): number {
    return parameterNames.reduce((count, name) => count + this.parameters[name].size, 0);
  }

  /**
   * Throws OutOfMemoryError where B examples, or the smallest batch where no B is given, can't fit in linear memory, so that this is known
   * before a batch is drawn.
   * @internal
   */
  checkBatchFits(B: number | undefined, pass: HandWritten | 'autograd'): void {
    const isSmallest = B === undefined;
    checkFits(
      oneOf('pass', pass, passNames),
      { ...this.sizes, B: isSmallest ? 2 : integer('B', B, 2) },
      this.dtype,
      isSmallest,
    );
  }

  /** New tensors of the values that `source` gives. */
  #make(source: ParameterSource): Parameters {
    const values = initialValues(this.core, { ...this.sizes, B: 0 }, source);
    return this.core.scopes.run((keep) =>
      Object.freeze(
        byName(parameterNames, (name) => {
          const array = keep(StridedArray.from(this.core, this.dtype, values[name].shape, values[name].data));
          array.name = name;
          return Tensor.of(array);
        }),
      ),
    );
  }

  /** `vocabulary` when it is one of V characters; otherwise a TypeError or ShapeError. @internal */
  checkVocabulary(vocabulary: unknown): Vocabulary {
    const { size } = Vocabulary.checked('vocabulary', vocabulary);
    const { V } = this.sizes;
    if (size !== V) throw new ShapeError(`vocabulary: expected ${V} characters, got ${size}`);
    return vocabulary as Vocabulary;
  }

  /**
   * The parts of `dataset`, which errors call `argument`, read once, when its examples fit this model. Throws ShapeError, RangeError, DTypeError or TypeError where
   * they don't, or where there are none.
   * @internal
   */
  checkDataset(dataset: Dataset, argument?: 'dataset' | 'dev'): Dataset {
    const name = oneOf('argument', argument ?? 'dataset', ['dataset', 'dev']);
    const checked = checkedDataset(dataset, name);
    for (const key of ['X', 'Y'] as const) {
      const part: unknown = dataset[key];
      if (Tensor.is(part)) part.array.expectCore(this.core, `${name}.${key}`);
    }
    const { T, V } = this.sizes;
    const { X, Y } = checked;
    if (checked.blockSize !== T || Y.data.length === 0) {
      throw new ShapeError(`${name}: expected contexts [N, ${T}], N > 0, got ${showShape(X.shape)}`);
    }
    for (const { data } of [X, Y]) {
      const outside = data.findIndex((character) => character < 0 || character >= V);
      if (outside >= 0) throw new RangeError(`${name}: expected characters from 0 to ${V - 1}, got ${data[outside]}`);
    }
    return checked;
  }

  /** What a pass over a batch is given, checked. @internal */
  inputs(Xb: Tensor, Yb: Tensor): Inputs {
    const { T, V } = this.sizes;
    Tensor.checked('Xb', Xb, this.core);
    Tensor.checked('Yb', Yb, this.core);
    const [B, columns] = Xb.shape;
    if (Xb.ndim !== 2 || columns !== T) throw new ShapeError(`Xb: expected [B, ${T}], got ${showShape(Xb.shape)}`);
    if (B! < 2)
      throw new ShapeError(`Xb: expected at least 2 rows, for Bessel's correction divides by B - 1, got ${B}`);
    if (!sameShape(Yb.shape, [B!])) throw new ShapeError(`Yb: expected [${B}], got ${showShape(Yb.shape)}`);
    return {
      parameters: byName(parameterNames, (name) => this.parameters[name].array),
      Xb: checkedClasses('Xb', Xb.array, V),
      Yb: checkedClasses('Yb', Yb.array, V),
      sizes: { ...this.sizes, B: B! },
      eps: this.eps,
    };
  }
}

strictArguments(Mlp.prototype);
