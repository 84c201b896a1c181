// The notebook's MLP: its parameters, its sizes, and what fits them.

import { finite, integer, object, oneOf } from '../base/check.js';
import { DTypeError, OutOfMemoryError, ShapeError } from '../base/errors.js';
import { Identified } from '../base/identified.js';
import { dtypes, type FloatDType, type NdArray } from '../base/ndarray.js';
import { options } from '../base/options.js';
import { elementCount, sameShape, showShape } from '../base/shape.js';
import { strictArguments } from '../base/surplus.js';
import type { Core } from '../core/core.js';
import { checkedDataset, type Dataset } from '../data/dataset.js';
import { Generator, unlessItFails } from '../random/generator.js';
import { checkedClasses } from '../tensor/arrays/indexing.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { checkedValues } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import type { Inputs } from './frame.js';
import { intermediateNames, type ParameterName, parameterNames, type Sizes, shapeOf } from './layout.js';

/** The parameters by the notebook's names. */
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

const optionNames = ['vocabSize', 'blockSize', 'embed', 'hidden', 'eps', 'dtype'] as const;
const sourceNames = ['generator', 'bnGenerator', 'parameters'] as const;

/** Parameters of given sizes, in the scope that is open when they are made, and the checks of what they are used with. */
export class Mlp extends Identified {
  /** The parameters; they may be changed in place. */
  readonly parameters: Parameters;
  /** Batch norm's epsilon. */
  readonly eps: number;
  /** Element type of parameters, intermediates and gradients. */
  readonly dtype: FloatDType;
  /** Context length, vocabulary, embedding width, hidden width. */
  readonly sizes: Omit<Sizes, 'B'>;
  /** @internal */
  readonly core: Core;

  readonly #isModel = true;

  /** @internal */
  constructor(core: Core, given: ModelOptions & ParameterSource) {
    super();
    this.core = core;
    type Given = ModelOptions & { [Name in (typeof sourceNames)[number]]?: unknown };
    const source = options('options', object('options', given) as Given, [...optionNames, ...sourceNames]);
    const { vocabSize, blockSize = 3, embed = 10, hidden = 64, eps = 1e-5, dtype = 'float32' } = source;
    this.sizes = Object.freeze({
      T: integer('blockSize', blockSize, 1),
      V: integer('vocabSize', vocabSize, 1),
      E: integer('embed', embed, 1),
      H: integer('hidden', hidden, 1),
    });
    this.eps = finite('eps', eps, 0);
    this.dtype = oneOf('dtype', dtype, ['float32', 'float64']);
    this.checkBatchFits(2);
    this.parameters = withStatesKept(core, source as ParameterSource, () => this.#make(source as ParameterSource));
    Object.freeze(this);
  }

  /**
   * Whether `value` is one.
   * @internal
   */
  static is(value: unknown): value is Mlp {
    return typeof value === 'object' && value !== null && #isModel in value;
  }

  /**
   * The arrays of its parameters.
   * @internal
   */
  get owned(): readonly StridedArray[] {
    return parameterNames.flatMap((name) => this.parameters[name].owned);
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

  /** New tensors of the values that `source` gives. */
  #make(source: ParameterSource): Parameters {
    return this.core.scopes.run((keep) => {
      const values = this.#values(source);
      const made = parameterNames.map((name) => [name, this.#parameter(this.core, name, values[name])] as const);
      for (const [, { array }] of made) keep(array);
      return Object.freeze(Object.fromEntries(made)) as Record<ParameterName, Tensor>;
    });
  }

  /** The values by name: those given, or drawn from the generators given. */
  #values(source: ParameterSource): Readonly<Record<ParameterName, NdArray>> {
    if (!('parameters' in source)) return draw(this.sizes, source);
    for (const name of ['generator', 'bnGenerator']) {
      if (name in source) throw new TypeError(`${name}: expected none where parameters are given, got both`);
    }
    const given = object('parameters', source.parameters);
    const checked = parameterNames.map((name) => [name, this.#given(name, given[name])] as const);
    return Object.fromEntries(checked) as Record<ParameterName, NdArray>;
  }

  #given(name: ParameterName, array: NdArray | undefined): NdArray {
    const shape = shapeOf(name, { ...this.sizes, B: 0 });
    if (array === undefined) {
      throw new ShapeError(`${name}: expected a parameter of shape ${showShape(shape)}, got none`);
    }
    const values = checkedValues(this.core, name, array);
    if (!sameShape(values.shape, shape)) {
      throw new ShapeError(`${name}: expected shape ${showShape(shape)}, got ${showShape(values.shape)}`);
    }
    if (values.dtype === 'int32') throw new DTypeError(`${name}: expected float32 or float64, got int32`);
    return values;
  }

  #parameter(core: Core, name: ParameterName, { shape, data }: NdArray): Tensor {
    const array = StridedArray.from(core, this.dtype, shape, data);
    array.name = name;
    return Tensor.of(array);
  }

  /**
   * The parts of `dataset`, read once, when its examples fit this model. Throws ShapeError, RangeError, DTypeError or TypeError where
   * they don't, or where there are none.
   */
  checkDataset(dataset: Dataset): Dataset {
    const checked = checkedDataset(dataset);
    for (const name of ['X', 'Y'] as const) {
      const part: unknown = dataset[name];
      if (Tensor.is(part)) part.array.expectCore(this.core, `dataset.${name}`);
    }
    const { T, V } = this.sizes;
    const { X, Y } = checked;
    if (checked.blockSize !== T || Y.data.length === 0) {
      throw new ShapeError(`dataset: expected contexts [N, ${T}], N > 0, got ${showShape(X.shape)}`);
    }
    for (const { data } of [X, Y]) {
      const outside = data.findIndex((character) => character < 0 || character >= V);
      if (outside >= 0) throw new RangeError(`dataset: expected characters from 0 to ${V - 1}, got ${data[outside]}`);
    }
    return checked;
  }

  /**
   * What a pass over a batch is given, checked.
   * @internal
   */
  inputs(Xb: Tensor, Yb: Tensor): Inputs {
    const { T, V } = this.sizes;
    Tensor.checked('Xb', Xb, this.core);
    Tensor.checked('Yb', Yb, this.core);
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

strictArguments(Mlp.prototype);

/** What `make` returns; where it throws, the generators of `source`, which are checked, have the states that they had. */
function withStatesKept<Result>(core: Core, source: ParameterSource, make: () => Result): Result {
  if ('parameters' in source) return make();
  const generator = Generator.checked('generator', source.generator, core);
  const bnGenerator = Generator.checked('bnGenerator', source.bnGenerator, core);
  return unlessItFails(generator, () => unlessItFails(bnGenerator, make));
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
      (x) => x / Math.fround(Math.sqrt(fanIn)),
    ),
    b1: scaled('b1', generator, tenth),
    W2: scaled('W2', generator, tenth),
    b2: scaled('b2', generator, tenth),
    bngain: scaled('bngain', bnGenerator, tenth, (x) => x + 1),
    bnbias: scaled('bnbias', bnGenerator, tenth),
  };
}
