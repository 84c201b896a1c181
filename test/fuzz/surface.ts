// The public surface, found by reflection, and a plausible list of arguments for what is known of it.

import { types } from 'node:util';
import { library } from './library.js';
import { dataset, type Side, vocabulary, words } from './objects.js';
import type { Random } from './random.js';

/** A function, a getter, a setter or a constructor that a user can reach. */
export interface Callable {
  /** Whose it is, and its name: Tensor.add. */
  readonly key: string;
  readonly owner: string;
  readonly name: PropertyKey;
  readonly kind: 'function' | 'constructor' | 'get' | 'set';
}

/** What `this` can be, by the name of its class. */
export function owners(side: Side): Readonly<Record<string, readonly object[]>> {
  return {
    library: [library],
    Handgrad: [side.hg],
    Tensor: side.tensors,
    Model: side.models,
    Trainer: side.trainers,
    Session: side.sessions,
    Generator: side.generators,
    PythonRandom: side.randoms,
    Scope: side.scopes,
    Vocabulary: [vocabulary],
  };
}

/** Everything that can be called, from the exports, own properties and prototypes. */
export function surface(side: Side): Callable[] {
  return Object.entries(owners(side)).flatMap(([owner, objects]) => {
    const found = new Map<PropertyKey, Callable[]>();
    for (let at: object | null = objects[0]!; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) {
        if (!found.has(name) && name !== 'constructor' && !isInternal(name))
          found.set(name, callables(owner, at, name));
      }
    }
    return [...found.values()].flat();
  });
}

/** Symbols that the language does not know can't be reached by accident. */
function isInternal(name: PropertyKey): boolean {
  return typeof name === 'symbol' && !/dispose|iterator|toPrimitive/i.test(String(name));
}

function callables(owner: string, holder: object, name: PropertyKey): Callable[] {
  const { value, get, set } = Object.getOwnPropertyDescriptor(holder, name)!;
  const make = (kind: Callable['kind']): Callable => ({ key: `${owner}.${String(name)}`, owner, name, kind });
  if (typeof value === 'function') {
    // Errors are made by the library; their constructors are JavaScript's own.
    if (value.prototype instanceof Error) return [];
    return [make(/^class\b/.test(Function.prototype.toString.call(value)) ? 'constructor' : 'function')];
  }
  return [...(get === undefined ? [] : [make('get')]), ...(set === undefined ? [] : [make('set')])];
}

type Arguments = (side: Side, random: Random) => unknown[];

const none: Arguments = () => [];
const float = (side: Side, random: Random) => random.pick(side.floats);
const operand: Arguments = (side, random) => [random.chance(0.3) ? random.real(-2, 2) : float(side, random)];
const reduction: Arguments = (_, random) => [random.pick([0, 1, -1]), { keepdim: random.chance(0.5) }];
const batch: Arguments = ({ Xb, Yb }) => [Xb, Yb];
const shape = (random: Random) => random.list(random.below(3), () => random.below(4));
const seed = (random: Random) => random.pick<number | bigint>([0, 1, 42, 2n ** 40n]);
const drawing = (side: Side, random: Random) => ({
  dtype: random.pick(['float32', 'float64']),
  generator: random.pick(side.generators),
});
const pair: Arguments = (side, random) => {
  const tensor = float(side, random);
  return [tensor, tensor];
};
const training = (side: Side, random: Random) => ({
  dataset,
  generator: random.pick(side.generators),
  batch: random.between(2, 6),
  backward: random.pick(['fused', 'stepwise', 'autograd']),
});

/** Plausible arguments, by the key of the callable. What is not here gets values of every kind. */
const plausible: Readonly<Record<string, Arguments>> = {
  'library.allclose': (side, random) => [...pair(side, random), { rtol: 1e-3, atol: 0, equalNan: true }],
  'library.buildDataset': () => [words, vocabulary, 2],
  'library.cmp': (side, random) => ['name', ...pair(side, random)],
  'library.compare': (side, random) => ['name', ...pair(side, random), { rtol: 1e-3 }],
  'library.create': (_, random) => [{ build: random.pick(['strict', 'auto']), memory: { initialPages: 1 } }],
  'library.epsilon': () => ['float32'],
  'library.formatComparison': (side) => [library.compare('name', side.statistics.bnmean, side.statistics.bnvar)],
  'library.formatSafetensors': (side, random) => [{ a: float(side, random) }, { key: 'value' }],
  'library.gradcheck': (side, random) => [
    (x: { tanh(): unknown }) => x.tanh(),
    [float(side, random)],
    { mode: random.pick(['full', 'directions']), raiseException: random.chance(0.5), rtol: 1e-6 },
  ],
  'library.init': () => [{ build: 'strict' }],
  'library.loadWords': () => [`data:text/plain,${words.join('%0A')}`, { maxBytes: 1000, timeout: 1000 }],
  'library.parseSafetensors': ({ file }) => [file, 'file'],
  'library.parseWords': () => [words.join('\n'), 'words'],
  'library.proofsOf': () => [{ default: [{ inputs: {} }] }],
  'library.readFile': () => ['fuzz.txt'],
  'library.split': () => [words],
  'library.setPrintOptions': (_, random) => [{ precision: random.below(9), profile: 'default' }],
  'library.takeBatch': () => [dataset, [0, 1, 2]],
  'library.ulpDistance': (_, random) => [random.real(-1, 1), random.real(-1, 1), 'float64'],
  'library.Vocabulary': () => [words],
  'library.writeFileAtomic': () => ['fuzz.txt', new Uint8Array(3)],
  'Handgrad.tensor': (_, random) => [random.list(3, () => random.real(-1, 1)), { dtype: 'float64', name: 'x' }],
  'Handgrad.zeros': (_, random) => [shape(random), { requiresGrad: random.chance(0.5) }],
  'Handgrad.ones': (_, random) => [shape(random), { dtype: random.pick(['float32', 'float64', 'int32']) }],
  'Handgrad.full': (_, random) => [shape(random), 3, {}],
  'Handgrad.zerosLike': (side, random) => [float(side, random)],
  'Handgrad.onesLike': (side, random) => [float(side, random)],
  'Handgrad.arange': (_, random) => [random.below(9)],
  'Handgrad.oneHot': (side) => [side.indices[0], 3, { dtype: 'float32' }],
  'Handgrad.randn': (side, random) => [shape(random), drawing(side, random)],
  'Handgrad.rand': (side, random) => [shape(random), drawing(side, random)],
  'Handgrad.randint': (side, random) => [0, 5, shape(random), { generator: random.pick(side.generators) }],
  'Handgrad.randperm': (side, random) => [random.below(9), { generator: random.pick(side.generators) }],
  'Handgrad.manualSeed': (_, random) => [seed(random)],
  'Handgrad.generator': none,
  'Handgrad.pythonRandom': (_, random) => [seed(random)],
  'Handgrad.scope': (side, random) => (random.chance(0.5) ? [] : [() => side.hg.ones([2])]),
  'Handgrad.noGrad': (side) => [() => side.hg.ones([2])],
  'Handgrad.createModel': (side, random) => [
    {
      vocabSize: vocabulary.size,
      blockSize: 2,
      embed: 2,
      hidden: 3,
      eps: 1e-5,
      dtype: random.pick(['float32', 'float64']),
      ...(random.chance(0.5)
        ? { generator: random.pick(side.generators), bnGenerator: random.pick(side.generators) }
        : { parameters: { ...side.models[0]!.parameters } }),
    },
  ],
  'Handgrad.loadModel': ({ file }) => [file, 'file'],
  'Handgrad.trainer': (side, random) => [random.pick(side.models), training(side, random)],
  'Tensor.add': operand,
  'Tensor.sub': operand,
  'Tensor.mul': operand,
  'Tensor.div': operand,
  'Tensor.add_': operand,
  'Tensor.sub_': operand,
  'Tensor.mul_': operand,
  'Tensor.div_': operand,
  'Tensor.pow': (_, random) => [random.pick([2, 0.5, -1, 3.5])],
  'Tensor.fill_': (_, random) => [random.below(5)],
  'Tensor.indexPut_': (side, random) => [[random.chance(0.5) ? [0, 1] : side.indices[0]], 2, { accumulate: true }],
  'Tensor.sum': reduction,
  'Tensor.mean': reduction,
  'Tensor.max': reduction,
  'Tensor.argmax': reduction,
  'Tensor.view': (_, random) => random.pick<unknown[]>([[3, 2], [[3, 2]], [-1], [6]]),
  'Tensor.reshape': (_, random) => random.pick<unknown[]>([[3, 2], [[3, 2]], [-1], [6]]),
  'Tensor.expand': (_, random) => random.pick<unknown[]>([[2, 3], [[2, 2, 3]], [4, 2, 3]]),
  'Tensor.transpose': () => [0, 1],
  'Tensor.to': (_, random) => [random.pick(['float32', 'float64', 'int32'])],
  'Tensor.matmul': (side, random) => [float(side, random)],
  'Tensor.index': (side, random) => [random.chance(0.5) ? [0, 1] : random.pick(side.indices)],
  'Tensor.softmax': (_, random) => [random.pick([0, 1, -1])],
  'Tensor.crossEntropy': ({ Yb }) => [Yb],
  'Tensor.batchNorm': (side) => [side.floats[12], side.floats[12], { eps: 1e-5 }],
  'Tensor.backward': (side, random) => [float(side, random), { retainGraph: random.chance(0.5) }],
  'Tensor.accumulate': (side, random) => [float(side, random).array],
  'Tensor.requiresGrad': (_, random) => [random.chance(0.5)],
  'Tensor.grad': (side, random) => [random.chance(0.5) ? null : float(side, random)],
  'Tensor.name': () => ['a name'],
  'Model.autograd': batch,
  'Model.stepwise': batch,
  'Model.fused': batch,
  'Model.inputs': batch,
  'Model.calibrate': (_, random) => [dataset, { rows: random.between(2, 99) }],
  'Model.checkDataset': () => [dataset],
  'Model.checkBatchFits': (_, random) => [random.between(2, 9), random.pick(['stepwise', 'fused'])],
  'Model.evaluate': ({ statistics }) => [dataset, statistics],
  'Model.train': (side, random) => [{ ...training(side, random), steps: random.below(6), rate: 0.1, pauseEvery: 2 }],
  'Model.session': (side, random) => [
    { ...training(side, random), vocabulary, dev: dataset, steps: random.between(1, 6), reportEvery: { steps: 2 } },
  ],
  'Model.sample': (side, random) => [
    {
      statistics: side.statistics,
      vocabulary,
      generator: random.pick(side.generators),
      count: random.below(3),
      temperature: random.pick([0, 1]),
      prompt: 'a',
      maxLength: 5,
    },
  ],
  'Model.save': (side, random) => [
    {
      vocabulary,
      statistics: side.statistics,
      training: { step: random.below(9), generator: random.pick(side.generators) },
      extra: { metadata: { key: 'value' }, tensors: {} },
    },
  ],
  'Session.step': (_, random) => [random.between(1, 3)],
  'Session.checkpoint': (side) => [{ statistics: side.statistics, extra: { metadata: { key: 'value' } } }],
  'Session.sample': (side, random) => [
    { generator: random.pick(side.generators), count: random.below(3), temperature: random.pick([0, 1]), maxLength: 5 },
  ],
  'Session.evaluate': (_, random) => [dataset, { rows: random.between(2, 99) }],
  'Session.pause': none,
  'Session.resume': none,
  'Session.stop': none,
  'Trainer.run': (_, random) => [random.list(random.below(4), () => 0.1)],
  'Generator.manualSeed': (_, random) => [seed(random)],
  'Generator.randint': (_, random) => [0, 5, shape(random)],
  'Generator.rand': (_, random) => [shape(random), { dtype: 'float64' }],
  'Generator.randn': (_, random) => [shape(random), { dtype: 'float32' }],
  'Generator.randperm': (_, random) => [random.below(9)],
  'Generator.setState': () => [new Uint8Array(5056)],
  'PythonRandom.seed': (_, random) => [seed(random)],
  'PythonRandom.getrandbits': (_, random) => [random.below(54)],
  'PythonRandom.randbelow': (_, random) => [random.between(1, 9)],
  'PythonRandom.shuffle': () => [[1, 2, 3]],
  'PythonRandom.setState': () => [new Uint32Array(625).fill(1)],
  'Scope.adopt': (side, random) => [float(side, random).array],
  'Scope.forget': (side, random) => [float(side, random).array],
  'Vocabulary.encode': () => ['abc'],
  'Vocabulary.decode': () => [[1, 2, 0]],
};

/** A plausible list of arguments; undefined for what the table does not know. */
export function plausibleArguments({ key, kind }: Callable, side: Side, random: Random): unknown[] | undefined {
  return kind === 'get' ? [] : plausible[key]?.(side, random);
}

/** How often a callable has its turn: what takes long, or ends something, seldom. */
export function weight({ key, kind }: Callable): number {
  if (key === 'Handgrad.dispose') return 0.02;
  if (/dispose|close|Session\.stop/.test(key)) return 0.15;
  if (key === 'Handgrad.trainer') return 4;
  if (key === 'library.init' || key === 'library.create') return 0.05;
  if (/^library\.(readFile|writeFileAtomic|loadWords)$/.test(key)) return 0.2;
  if (/^Model\.(train|session)$/.test(key)) return 0.5;
  if (/^(Handgrad\.(createModel|zeros|randn)|Model\.(fused|stepwise|autograd)|Trainer\.run)$/.test(key)) return 2;
  return kind === 'get' ? 0.3 : 1;
}

/**
 * Functions, and places in their arguments, where tensors of another core are as good as others: only their values are read,
 * or they are handed through.
 */
const readers: readonly RegExp[] = [
  /^library\./,
  /^Vocabulary\./,
  /^PythonRandom\.shuffle$/,
  // Its argument is the key that JSON.stringify gives.
  /\.toJSON$/,
  /^Handgrad\.(scope|noGrad)$/,
];

/** Arguments of which only the values are read, by key: options of the last. */
const read: Readonly<Record<string, readonly string[]>> = { 'Model.save': ['extra'], 'Session.checkpoint': ['extra'] };

/** The keys of what is data, not options: others are nobody's business. */
const records = [
  ['bnmean', 'bnvar'],
  ['X', 'Y', 'blockSize'],
];

/** The arguments in which an object of another core must be refused. */
export function ownArguments({ key, name, kind }: Callable, given: readonly unknown[]): unknown[] {
  // What the language calls by a symbol gets no arguments.
  if (kind === 'get' || typeof name === 'symbol' || readers.some((reader) => reader.test(key))) return [];
  const free = read[key] ?? [];
  return given.flatMap((argument) => {
    const isObject = typeof argument === 'object' && argument !== null && !types.isProxy(argument);
    const record = isObject && records.find((keys) => keys.every((key) => Object.hasOwn(argument, key)));
    if (record) return record.map((key) => Object.getOwnPropertyDescriptor(argument, key)?.value);
    if (free.length === 0 || typeof argument !== 'object' || argument === null) return [argument];
    if (Object.getPrototypeOf(argument) !== Object.prototype || types.isProxy(argument)) return [argument];
    return Object.entries(Object.getOwnPropertyDescriptors(argument))
      .filter(([name]) => !free.includes(name))
      .map(([, { value }]) => value);
  });
}
