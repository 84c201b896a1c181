// The module torch, and torch.nn.functional: what the notebook and solutions to it use.

import { checkedDim, elementCount, showShape } from '../base/shape.js';
import type { Generator } from '../random/generator.js';
import { noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import {
  dtypeObjects,
  dtypeOf,
  flag,
  int,
  items,
  nested,
  newSizes,
  numberOf,
  tensorOf,
  text,
  workedOn,
} from './arguments.js';
import { einsum } from './einsum.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import { methods, sharedNames } from './methods.js';
import { type Native, natives, type Run } from './native.js';
import { binary } from './operators.js';
import { cost, floating, inDType, isTensor, unsqueezed, withoutWayBack } from './tensors.js';
import { type Context, described, Instance, type Value } from './values.js';

/** torch.Generator: an object with a stream of its own. */
export class GeneratorObject extends Instance {
  readonly generator: Generator;

  constructor(generator: Generator) {
    super('torch.Generator', '<torch.Generator>', [
      ...natives({
        manual_seed: [
          'seed',
          (_, [seed]) => {
            generator.manualSeed(seedOf(seed));
            return this;
          },
        ],
        initial_seed: ['', () => generator.initialSeed],
      }),
    ]);
    this.generator = generator;
  }
}

function seedOf(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value;
  throw new Fault(`expected an int as a seed, got ${value === undefined ? 'none' : described(value)}`);
}

/** `torch.no_grad()`: operations in its block are not recorded. */
export class NoGrad extends Instance {
  constructor() {
    super('no_grad', '<torch.no_grad>');
  }
}

function drawnFrom(context: Context, value: Value | undefined): Generator {
  if (value === undefined || value === null) return context.generator;
  if (value instanceof GeneratorObject) return value.generator;
  throw new Fault(`expected a torch.Generator, got ${described(value)}`);
}

/** Floats are drawn as float32 whatever the dtype of the run, so that each has the same. */
function drawn(name: 'randn' | 'rand'): readonly [string, Run] {
  return [
    '*size generator? requires_grad? dtype?',
    (context, [size, generator, requiresGrad, dtype]) => {
      const from = drawnFrom(context, generator);
      const made = context.hg[name](newSizes(context, size), { generator: from });
      return leaf(inDType(made, dtypeOf(context, dtype) ?? context.dtype), requiresGrad);
    },
  ];
}

function leaf(tensor: Tensor, requiresGrad: Value | undefined): Tensor {
  if (flag(requiresGrad)) tensor.requiresGrad = true;
  return tensor;
}

function full(value: number): readonly [string, Run] {
  return [
    '*size dtype? requires_grad?',
    (context, [size, dtype, requiresGrad]) =>
      leaf(
        context.hg.full(newSizes(context, size), value, { dtype: dtypeOf(context, dtype) ?? context.dtype }),
        requiresGrad,
      ),
  ];
}

function like(value: number): readonly [string, Run] {
  return [
    'input dtype?',
    (context, [x, dtype]) => {
      const { shape, dtype: own } = workedOn(context, x);
      const all = context.hg.full(shape, value, { dtype: dtypeOf(context, dtype) ?? own });
      return x instanceof Mask && dtype === undefined ? new Mask(all) : all;
    },
  ];
}

const tensor: Run = (context, [data, dtype, requiresGrad]) => {
  if (Tensor.is(data!)) return data.detach().clone();
  if (data instanceof Mask) return new Mask(data.tensor.clone());
  const { shape, values, kind } = nested(context, data ?? null);
  if (dtype === undefined && kind === 'bool') return new Mask(context.hg.tensor(Int32Array.from(values), { shape }));
  const wanted = dtypeOf(context, dtype) ?? (kind === 'float' ? context.dtype : 'int32');
  if (wanted !== 'int32') return leaf(context.hg.tensor(values, { shape, dtype: wanted }), requiresGrad);
  return context.hg.tensor(kind === 'float' ? values.map(Math.trunc) : values, { shape, dtype: 'int32' });
};

const arange: Run = (context, [first, second, step, dtype]) => {
  if ([first, second, step].some((value) => value !== undefined && isTensor(value))) {
    throw new Fault('expected numbers for arange, got a tensor; .item() makes a number of it');
  }
  const [start, stop] =
    second === undefined || second === null ? [0, numberOf(first)] : [numberOf(first), numberOf(second)];
  const by = numberOf(step ?? 1n);
  if (by === 0) throw new Fault('expected a step other than 0, got 0');
  const length = Math.max(0, Math.ceil((stop - start) / by));
  context.spend(cost(length));
  const isInt = [first, second, step].every(
    (value) => value === undefined || value === null || typeof value === 'bigint',
  );
  const values = Float64Array.from({ length }, (_, i) => start + i * by);
  return context.hg.tensor(values, { dtype: dtypeOf(context, dtype) ?? (isInt ? 'int32' : context.dtype) });
};

const randint: Run = (context, given) => {
  const [low, high, size] = given.slice(0, 3).filter((value) => value !== undefined) as Value[];
  const isShort = size === undefined;
  const shape = newSizes(context, [isShort ? high! : size]);
  const [from, to] = isShort ? [0, int(low)] : [int(low), int(high)];
  return context.hg.randint(from, to, shape, { generator: drawnFrom(context, given[3]) });
};

const cat: Run = (context, [tensors, dim]) => joined(context, items(tensors).map(tensorOf), int(dim, 0));
const stack: Run = (context, [tensors, dim]) =>
  joined(
    context,
    items(tensors).map((one) => unsqueezed(tensorOf(one), int(dim, 0))),
    int(dim, 0),
  );

function joined(context: Context, tensors: readonly Tensor[], dim: number): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new Fault('expected at least one tensor, got none');
  const axis = checkedDim('dim', dim, first.ndim);
  const rest = ({ shape }: Tensor) => showShape(shape.toSpliced(axis, 1));
  for (const one of tensors) {
    if (rest(one) !== rest(first) || one.dtype !== first.dtype)
      throw new Fault(
        `expected tensors of one dtype whose other sizes are those of ${described(first)}, got ${described(one)}`,
      );
  }
  const size = tensors.reduce((total, { shape }) => total + shape[axis]!, 0);
  const shape = first.shape.toSpliced(axis, 1, size);
  context.spend(cost(elementCount(shape)));
  const all = context.hg.zeros(shape, { dtype: first.dtype });
  let start = 0;
  for (const one of tensors) {
    const length = one.shape[axis]!;
    const part = all.array.slice(axis, start, length);
    part.overwrite(one.data);
    part.release();
    start += length;
  }
  return withoutWayBack('cat', all, tensors);
}

const oneHot: Run = (context, [indices, classes]) => {
  const input = workedOn(context, indices);
  if (input.dtype !== 'int32') throw new Fault('expected ints for one_hot, got floats');
  const most = Float64Array.from(input.data).reduce((largest, index) => Math.max(largest, index), 0);
  const count = int(classes ?? -1n);
  const width = count === -1 ? most + 1 : count;
  context.spend(cost(input.size * width));
  return context.hg.oneHot(input, width).to('int32');
};

const crossEntropy: Run = (context, [logits, targets]) =>
  floating(context, workedOn(context, logits)).crossEntropy(tensorOf(targets));

/** log of softmax: x - max - log Σ exp(x - max). */
const logSoftmax: Run = (context, [x, dim]) => {
  const tensor = floating(context, workedOn(context, x));
  const axis = int(dim);
  const shifted = tensor.sub(noGrad(() => tensor.max(axis, { keepdim: true }).values));
  return shifted.sub(shifted.exp().sum(axis, { keepdim: true }).log());
};

const where: Run = (context, [mask, a, b]) => {
  if (!(mask instanceof Mask)) throw new Fault(`expected a tensor of bools, got ${described(mask!)}`);
  // Of the shape and dtype of all three; zeros, so that nothing of it shows.
  const sides = [a!, b!].map((side) => (Tensor.is(side) || side instanceof Mask ? tensorOf(side) : side));
  const none = binary(context, '*', 0n, binary(context, '+', sides[0]!, sides[1]!));
  const shaped = Tensor.is(none)
    ? none
    : context.hg.zeros([], { dtype: typeof none === 'number' ? context.dtype : 'int32' });
  const { shape, dtype } = tensorOf(binary(context, '+', shaped, mask));
  const data = (side: Value) => {
    const all = Tensor.is(side) ? inDType(side, dtype) : context.hg.tensor(Number(side), { dtype });
    return all.expand(shape).data;
  };
  const [bits, x, y] = [mask.tensor.expand(shape).data, data(sides[0]!), data(sides[1]!)];
  const chosen = x.map((value, i) => (bits[i] === 0 ? y[i]! : value));
  return withoutWayBack('where', context.hg.tensor({ dtype, shape, data: chosen }), sides);
};

/** A full tensor has the dtype of its value. */
const filledWith: Run = (context, [size, value, dtype]) => {
  if (typeof value === 'boolean') throw new Fault('expected a number to fill a tensor with, got a bool');
  const preset = typeof value === 'bigint' ? 'int32' : context.dtype;
  return context.hg.full(newSizes(context, [size!]), numberOf(value), { dtype: dtypeOf(context, dtype) ?? preset });
};

/** The functions of torch.nn.functional. */
const functional = natives({
  cross_entropy: ['input target', crossEntropy],
  log_softmax: ['input dim', logSoftmax],
  one_hot: ['input num_classes?', oneHot],
});

const own = natives({
  arange: ['start end? step? dtype?', arange],
  cat: ['tensors dim?', cat],
  concat: ['tensors dim?', cat],
  einsum: [
    'equation *operands',
    (context, [equation, operands]) => einsum(context, text(equation), items(operands).map(tensorOf)),
  ],
  equal: ['input other', (_, [a, b]) => same(tensorOf(a), tensorOf(b))],
  full: ['size fill_value dtype?', filledWith],
  Generator: ['device?', ({ hg }) => new GeneratorObject(hg.generator())],
  log_softmax: ['input dim', logSoftmax],
  manual_seed: ['seed', ({ generator }, [seed]) => new GeneratorObject(generator.manualSeed(seedOf(seed)))],
  no_grad: ['', () => new NoGrad()],
  ones: full(1),
  ones_like: like(1),
  rand: drawn('rand'),
  randint: ['low high? size? generator?', randint],
  randn: drawn('randn'),
  randperm: [
    'n generator?',
    (context, [n, generator]) => {
      context.spend(cost(int(n)));
      return context.hg.randperm(int(n), { generator: drawnFrom(context, generator) });
    },
  ],
  stack: ['tensors dim?', stack],
  tensor: ['data dtype? requires_grad?', tensor],
  where: ['condition input other', where],
  zeros: full(0),
  zeros_like: like(0),
});

function same(a: Tensor, b: Tensor): boolean {
  return showShape(a.shape) === showShape(b.shape) && a.data.every((value, i) => value === b.data[i]);
}

const shared: (readonly [string, Native])[] = sharedNames.map((name) => [name, methods.get(name)!]);
const ofMath: (readonly [string, number])[] = [
  ['pi', Math.PI],
  ['inf', Infinity],
  ['nan', Number.NaN],
];

export const functionalModule: Instance = new Instance('module', "<module 'torch.nn.functional'>", [
  ...functional,
  ['softmax', methods.get('softmax')!],
  ['tanh', methods.get('tanh')!],
  ['sigmoid', methods.get('sigmoid')!],
]);

const nnModule = new Instance('module', "<module 'torch.nn'>", [['functional', functionalModule]]);

export const torchModule: Instance = new Instance('module', "<module 'torch'>", [
  ...shared,
  ...own,
  ...dtypeObjects,
  ...ofMath,
  ['nn', nnModule],
]);
