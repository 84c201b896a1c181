// The objects that calls are given: for each of two cores, one of every kind that the library makes, in several states.

import type {
  Dataset,
  Generator,
  Handgrad,
  Model,
  PythonRandom,
  Scope,
  Session,
  Statistics,
  Tensor,
  Trainer,
} from '../../src/index.js';
import { library, newHandle } from './library.js';
import { isObject, named } from './say.js';

export const words: readonly string[] = ['ab', 'bca', 'e', 'dda', 'abc', 'cab', 'bad', 'dab', 'ace', 'bed', 'cad'];
export const vocabulary = named('vocabulary', new library.Vocabulary(words));
const blockSize = 2;
export const dataset: Dataset = library.buildDataset(words, vocabulary, blockSize);

/** What one core has made. */
export interface Side {
  readonly name: string;
  readonly hg: Handgrad;
  readonly tensors: Tensor[];
  readonly floats: Tensor[];
  readonly indices: Tensor[];
  readonly Xb: Tensor;
  readonly Yb: Tensor;
  readonly models: Model[];
  readonly trainers: Trainer[];
  readonly sessions: Session[];
  readonly generators: Generator[];
  readonly randoms: PythonRandom[];
  readonly scopes: Scope[];
  readonly statistics: Statistics;
  readonly file: Uint8Array;
}

/** Which core an object belongs to. */
const sides = new WeakMap<object, Handgrad>();

/** Notes that `object` belongs to `hg`. */
export function belongs<Value extends object>(hg: Handgrad, object: Value): Value {
  sides.set(object, hg);
  return object;
}

/** The cores of the objects in `value`, anywhere in arrays, plain objects, maps and sets. */
export function coresIn(value: unknown, found: Set<Handgrad> = new Set(), depth = 0): Set<Handgrad> {
  if (!isObject(value) || depth > 3) return found;
  const side = sides.get(value);
  if (side !== undefined) found.add(side);
  else if (Array.isArray(value)) {
    for (let i = 0; i < Math.min(value.length, 20); i++) attempt(() => coresIn(value[i], found, depth + 1));
  } else {
    attempt(() => {
      if (Object.getPrototypeOf(value) !== Object.prototype) return;
      for (const key of Object.keys(value)) {
        coresIn(Object.getOwnPropertyDescriptor(value, key)?.value, found, depth + 1);
      }
    });
  }
  return found;
}

/** Looks into an object that may not let itself be looked into. */
function attempt(look: () => void): void {
  try {
    look();
  } catch {}
}

export async function newSide(name: string): Promise<Side> {
  return fill(name, await newHandle());
}

export function fill(name: string, hg: Handgrad): Side {
  belongs(hg, named(name, hg));
  named(`${name}.core`, hg.zeros([0]).array.core);
  const mine = <Value extends object>(what: string, value: Value): Value =>
    belongs(hg, named(`${name}.${what}`, value));
  const tensor = (what: string, value: Tensor): Tensor => {
    belongs(hg, value.array);
    return mine(what, value);
  };
  const matrix = tensor(
    'matrix',
    hg.tensor([
      [1, -2, 3],
      [4, 0.5, -6],
    ]),
  );
  const leaf = tensor(
    'leaf',
    hg.tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { requiresGrad: true },
    ),
  );
  const withGradient = tensor('leaf with grad', hg.ones([3], { requiresGrad: true }));
  withGradient.mul(2).sum().backward();
  const released = tensor('released', hg.ones([2, 3]));
  released.dispose();
  const floats = [
    tensor('scalar', hg.tensor(2)),
    tensor('vector', hg.tensor([1, 2, 3])),
    matrix,
    tensor(
      'double',
      hg.tensor(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        { dtype: 'float64' },
      ),
    ),
    tensor(
      'tall',
      hg.tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    ),
    tensor('empty', hg.zeros([0, 3])),
    tensor('transposed', matrix.T),
    tensor('expanded', hg.tensor([[1], [2]]).expand(2, 3)),
    leaf,
    tensor('output', leaf.mul(matrix)),
    withGradient,
    tensor('logits', hg.tensor(Array.from({ length: 4 }, (_, i) => [i, 1, -i, 2, 0.5, 3]))),
    tensor('gain', hg.ones([6])),
    released,
  ];
  const Xb = tensor('Xb', hg.tensor(dataset.X.data.slice(0, 4 * blockSize), { shape: [4, blockSize] }));
  const Yb = tensor('Yb', hg.tensor(dataset.Y.data.slice(0, 4)));
  const indices = [tensor('indices', hg.tensor([0, 1, 0], { dtype: 'int32' })), Xb, Yb];
  const generators = ['generator', 'generator2'].map((what, i) => mine(what, hg.generator().manualSeed(i)));
  const randoms = [mine('pythonRandom', hg.pythonRandom(1))];
  const [generator, bnGenerator] = generators as [Generator, Generator];
  const models = (['float32', 'float64'] as const).map((dtype) =>
    mine(
      `model ${dtype}`,
      hg.createModel({ vocabSize: vocabulary.size, blockSize, embed: 2, hidden: 3, dtype, generator, bnGenerator }),
    ),
  );
  for (const model of models)
    for (const [key, value] of Object.entries(model.parameters)) tensor(`parameter ${key}`, value);
  const trainers = (['fused', 'stepwise', 'autograd'] as const).map((backward) =>
    mine(`trainer ${backward}`, hg.trainer(models[0]!, { dataset, generator, batch: 4, backward })),
  );
  // Each with a model that nothing else trains, and so few steps that all of them at once take no time.
  const sessions = (['fused', 'stepwise', 'autograd'] as const).map((backward, i) => {
    const model = hg.createModel({
      vocabSize: vocabulary.size,
      blockSize,
      embed: 2,
      hidden: 3,
      generator,
      bnGenerator,
    });
    const asked = { dataset, vocabulary, generator, batch: 4, backward, steps: [1000, 300, 60][i]! };
    return mine(`session ${backward}`, model.session({ ...asked, dev: dataset, reportEvery: { steps: 2 } }));
  });
  const closed = mine('closed scope', hg.scope());
  closed.close();
  const statistics = models[0]!.calibrate(dataset);
  const file = models[0]!.save({ vocabulary, statistics });
  const scopes = [closed];
  const tensors = [...floats, ...indices, ...Object.values(models[0]!.parameters)];
  return {
    name,
    hg,
    tensors,
    floats,
    indices,
    Xb,
    Yb,
    models,
    trainers,
    sessions,
    generators,
    randoms,
    scopes,
    statistics,
    file,
  };
}
