// The handle: everything that needs a core, over one core.

import { integer, oneOf, runAtOnce } from './base/check.js';
import { type FloatDType, floatDTypes, type NdArray } from './base/ndarray.js';
import { options as checkedOptions, isPlainObject } from './base/options.js';
import { type AsCallback, refuseSurplus, strictArguments } from './base/surplus.js';
import { Core, type CoreOptions, checkedCoreOptions } from './core/core.js';
import type { Build } from './core/module.js';
import type { Owned } from './core/owner.js';
import type { Scope } from './core/scope.js';
import { parseSafetensors } from './data/safetensors.js';
import { readModel } from './mlp/checkpoint.js';
import type { ParameterSource } from './mlp/initialize.js';
import { type LoadedModel, Model } from './mlp/model.js';
import type { ModelOptions } from './mlp/settings.js';
import { Trainer, type TrainerOptions } from './mlp/trainer.js';
import { Generator, unlessItFails } from './random/generator.js';
import { PythonRandom } from './random/pythonRandom.js';
import { oneHot } from './tensor/arrays/indexing.js';
import { noGrad } from './tensor/autograd.js';
import { checkedTensorOptions, fromData, full, type TensorData, type TensorOptions } from './tensor/create.js';
import { Tensor } from './tensor/tensor.js';

/** Which of the shared cores is wanted. */
export type InitOptions = Pick<CoreOptions, 'build'>;

/** Options of a drawn tensor. */
export interface DrawOptions extends Omit<TensorOptions, 'dtype'> {
  /** Element type. Default float32. */
  dtype?: FloatDType;
  /** Where the numbers come from. Default: the handle's own generator, which `manualSeed` seeds. */
  generator?: Generator;
}

/** Options of drawn integers. */
export type DrawIntegerOptions = Pick<DrawOptions, 'generator' | 'name'>;

/** The functions that make tensors, random numbers and models, all over one core. Each works without `this`. */
export interface Handgrad {
  /** The build in use. */
  readonly build: Build;
  /** Bytes of linear memory in use now. */
  readonly usedBytes: number;
  /** Whether `dispose()` has been called. */
  readonly disposed: boolean;
  /** Releases everything that this core holds. Whatever is used afterwards throws ReleasedError or CoreError. */
  dispose(): void;

  /**
   * A tensor of numbers in nested arrays, of a typed array (with `shape`, in that shape), or of an array with a shape.
   *
   * @example const x = hg.tensor([[1, 2], [3, 4]], { requiresGrad: true });
   */
  tensor(data: TensorData, options?: TensorOptions & { shape?: readonly number[] }): Tensor;
  /** A tensor of zeros. */
  zeros(shape: readonly number[], options?: TensorOptions): Tensor;
  /** A tensor of ones. */
  ones(shape: readonly number[], options?: TensorOptions): Tensor;
  /** A tensor in which every element is `value`. */
  full(shape: readonly number[], value: number, options?: TensorOptions): Tensor;
  /** Zeros in the shape and dtype of `like`. */
  zerosLike(like: Tensor): Tensor;
  /** Ones in the shape and dtype of `like`. */
  onesLike(like: Tensor): Tensor;
  /** The integers from 0 to n - 1, int32 [n]. */
  arange(n: number): Tensor;
  /** 1 where the last axis's index is that of `indices` (int32), 0 elsewhere: [..., numClasses]. Default dtype float32. */
  oneHot(indices: Tensor, numClasses: number, options?: { dtype?: FloatDType }): Tensor;

  /** Normal numbers, mean 0 and variance 1: PyTorch's `torch.randn`. */
  randn(shape: readonly number[], options?: DrawOptions): Tensor;
  /** Uniform numbers in [0, 1): PyTorch's `torch.rand`. */
  rand(shape: readonly number[], options?: DrawOptions): Tensor;
  /** Integers from `low` to `high` - 1, int32: PyTorch's `torch.randint`. */
  randint(low: number, high: number, shape: readonly number[], options?: DrawIntegerOptions): Tensor;
  /** A permutation of 0 .. n - 1, int32 [n]: PyTorch's `torch.randperm`. */
  randperm(n: number, options?: DrawIntegerOptions): Tensor;
  /** Seeds the handle's own generator. */
  manualSeed(seed: number | bigint): Generator;
  /** A new generator of PyTorch's numbers; seed it with `manualSeed`. */
  generator(): Generator;
  /** A new generator of CPython's numbers. */
  pythonRandom(seed: number | bigint): PythonRandom;

  /**
   * What `run` returns; what was made inside is released, but for what is returned: tensors, generators and models, alone or in
   * arrays and plain objects. Without `run`, opens a scope that closes with its block: `using s = hg.scope()`.
   * Scopes are a stack. A function that returns a promise is refused with a TypeError, for what runs meanwhile would make its tensors
   * here: give it a scope of its own around what runs between two awaits.
   *
   * @example const loss = hg.scope(() => h.matmul(W2).add(b2).crossEntropy(Yb).item());
   */
  scope(): Scope;
  scope<Result>(run: () => Result): Result;
  /** What `run` returns; the operations in it leave no tape. */
  noGrad<Result>(run: () => Result): Result;

  /** The notebook's model, its parameters drawn from generators or given by name. */
  createModel(options: ModelOptions & ParameterSource): Model;
  /**
   * The model of a safetensors file that `model.save` made, with what was saved beside it. Throws FormatError, beginning with
   * `name`, for what is missing or wrong in it, and for a file of other origin.
   *
   * @example const { model, vocabulary, statistics, training } = hg.loadModel(await readFile('model.safetensors'));
   */
  loadModel(bytes: Uint8Array, name?: string): LoadedModel;
  /** Trains a model a slice of steps at a time; `model.train` is the same with an event loop. */
  trainer(model: Model, options: TrainerOptions): Trainer;
}

/** The shared handles, by the build asked for. */
const shared = new Map<unknown, Promise<Handgrad>>();

/**
 * The functions of a core that everyone who calls `init` shares: each call gives the same one for a build, until it is disposed of.
 * `create` makes a core of one's own. Throws UnsupportedError or PolicyError, which say what to do, and TypeError.
 *
 * @example const hg = await init();
 */
export async function init(options?: InitOptions, ...surplus: AsCallback): Promise<Handgrad> {
  refuseSurplus('init', 1, surplus);
  const { build = 'strict', wasm, memory } = checkedCoreOptions(options);
  if (wasm !== undefined || memory !== undefined) {
    throw new TypeError('options: expected build alone for the shared core, got wasm or memory, which create() takes');
  }
  const pending = shared.get(build) ?? start(build);
  const handle = await pending;
  if (!handle.disposed) return handle;
  if (shared.get(build) === pending) shared.delete(build);
  return init(options);
}

function start(build: NonNullable<InitOptions['build']>): Promise<Handgrad> {
  const pending = create({ build });
  shared.set(build, pending);
  pending.catch(() => shared.delete(build));
  return pending;
}

/**
 * The functions of a new core with a memory of its own; any number of them live side by side, and `init` shares one. Throws
 * UnsupportedError, PolicyError, ModuleError (for a `wasm` that is not this package's module), OutOfMemoryError, RangeError or TypeError.
 *
 * @example const hg = await create({ build: 'auto', memory: { maximumPages: 256 } });
 */
export async function create(options?: CoreOptions, ...surplus: AsCallback): Promise<Handgrad> {
  refuseSurplus('create', 1, surplus);
  return handgrad(await Core.create(options));
}

function handgrad(core: Core): Handgrad {
  const ownGenerator = new Generator(core);
  const drawn = (given: DrawOptions | undefined, draw: (generator: Generator, dtype: FloatDType) => NdArray) => {
    const { generator: from = ownGenerator, dtype = 'float32', ...rest } = checkedTensorOptions(given, ['generator']);
    const generator = Generator.checked('generator', from, core);
    oneOf('dtype', dtype, floatDTypes);
    return unlessItFails(generator, () => fromData(core, draw(generator, dtype), rest));
  };
  const drawnIntegers = (given: DrawIntegerOptions | undefined, draw: (generator: Generator) => NdArray) => {
    const { generator: from = ownGenerator, name } = checkedOptions('options', given, ['generator', 'name']);
    const generator = Generator.checked('generator', from, core);
    return unlessItFails(generator, () => fromData(core, draw(generator), name === undefined ? {} : { name }));
  };
  const like = (tensor: Tensor, value: number) => {
    const { shape, dtype } = Tensor.checked('like', tensor, core);
    return full(core, shape, value, { dtype });
  };

  function scope(): Scope;
  function scope<Result>(run: () => Result): Result;
  function scope<Result>(...given: (() => Result)[]): Scope | Result {
    refuseSurplus('scope', 1, given.slice(1));
    const [run] = given as [() => Result];
    if (given.length === 0) return core.scopes.open();
    return core.scopes.run((keep) => {
      const result = runAtOnce(run);
      for (const owned of ownedIn(result)) keep(owned);
      return result;
    });
  }

  return strictArguments<Handgrad>(
    {
      build: core.build,
      get usedBytes() {
        return core.memory.usedBytes;
      },
      get disposed() {
        return core.memory.closed;
      },
      dispose: () => core.dispose(),
      tensor: (data, options) => fromData(core, data, options),
      zeros: (shape, options) => full(core, shape, 0, options),
      ones: (shape, options) => full(core, shape, 1, options),
      full: (shape, value, options) => full(core, shape, value, options),
      zerosLike: (tensor) => like(tensor, 0),
      onesLike: (tensor) => like(tensor, 1),
      arange: (n) => {
        const tensor = full(core, [integer('n', n, 0, 2 ** 31)], 0, { dtype: 'int32' });
        tensor.array.elements().forEach((_, i, elements) => {
          elements[i] = i;
        });
        return tensor;
      },
      oneHot: (indices, numClasses, options) => {
        const classes = integer('numClasses', numClasses, 1);
        const dtype = oneOf('dtype', checkedOptions('options', options, ['dtype']).dtype ?? 'float32', [
          'float32',
          'float64',
        ]);
        const { array } = Tensor.checked('indices', indices, core);
        return Tensor.of(core.scopes.run((keep) => keep(oneHot(array, classes, dtype))));
      },
      randn: (shape, options) => drawn(options, (generator, dtype) => generator.randn(shape, { dtype })),
      rand: (shape, options) => drawn(options, (generator, dtype) => generator.rand(shape, { dtype })),
      randint: (low, high, shape, options) =>
        drawnIntegers(options, (generator) => generator.randint(low, high, shape)),
      randperm: (n, options) => drawnIntegers(options, (generator) => generator.randperm(n)),
      manualSeed: (seed) => ownGenerator.manualSeed(seed),
      generator: () => new Generator(core),
      pythonRandom: (seed) => new PythonRandom(core, seed),
      scope,
      noGrad,
      createModel: (options) => new Model(core, options),
      loadModel: (bytes, given) => {
        const name = given === undefined ? 'model' : given;
        const file = parseSafetensors(bytes, name);
        // In a scope, so that what is made before an error is released.
        return scope(() => readModel((options) => new Model(core, options), file, name));
      },
      trainer: (model, options) => new Trainer(Model.checked('model', model, core), options),
    },
    ['scope'],
  );
}

/** What the functions of a core make that lives in its memory. */
const owners = [Tensor, Generator, PythonRandom, Model];

/** What owns memory in `value`: itself, or anywhere in arrays and plain objects. */
function* ownedIn(value: unknown): Iterable<Owned> {
  const found = new Set([value]);
  for (const item of found) {
    if (Array.isArray(item) || isPlainObject(item)) {
      for (const part of Array.isArray(item) ? item : Object.values(item))
        if (typeof part === 'object') found.add(part);
    } else if (owners.some((kind) => kind.is(item))) yield* (item as Tensor).owned;
  }
}
