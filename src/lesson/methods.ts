// The methods and attributes of tensors in cells, by PyTorch's names.

import { compareValues } from '../compare/compare.js';
import { noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { dims, dtypeObjects, dtypeOf, flag, int, numberOf, sizes, tensorOf, workedOn } from './arguments.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import { type Native, natives, none, type Run } from './native.js';
import { binary, compare, inPlace } from './operators.js';
import { argmax, floats, max, mean, min, sum, truthOf, variance } from './reductions.js';
import { expectSameDType, indexAdd, indexPut, scatter } from './scatter.js';
import { expanded, flattened, repeated, reshape, sizeOf, turned, turnedAll, view } from './shapes.js';
import {
  dtypeName,
  elements,
  floating,
  inDType,
  itemOf,
  mapped,
  overwrite,
  permuted,
  replaced,
  squeezed,
  unsqueezed,
  withoutWayBack,
} from './tensors.js';
import { type Context, Tuple, type Value } from './values.js';

/** A method that makes a tensor of a float tensor, element by element. */
function unary(name: 'exp' | 'log' | 'tanh' | 'sqrt'): readonly [string, Run] {
  return ['input', (context, [x]) => floating(context, workedOn(context, x))[name]()];
}

/** A method that is an operator. */
function operator(symbol: string): readonly [string, Run] {
  return ['input other', (context, [x, y]) => binary(context, symbol, x!, y!)];
}

function comparison(symbol: string): readonly [string, Run] {
  return ['input other', (context, [x, y]) => compare(context, symbol, tensorOf(x), y!)];
}

function changes(symbol: string): readonly [string, Run] {
  return ['input other', (context, [x, y]) => inPlace(context, symbol, tensorOf(x), y!)];
}

const abs: Run = (context, [x]) => {
  const tensor = workedOn(context, x);
  if (!tensor.requiresGrad) return mapped(context, tensor, Math.abs);
  return tensor.mul(noGrad(() => mapped(context, tensor, Math.sign)));
};

const pow: Run = (context, [x, y]) => binary(context, '**', x!, y!);

const item: Run = (_, [x]) => itemOf(x instanceof Mask ? x : tensorOf(x));

const tolist: Run = (context, [x]) => {
  const tensor = workedOn(context, x);
  const element = x instanceof Mask ? (n: number) => n !== 0 : tensor.dtype === 'int32' ? BigInt : (n: number) => n;
  const lists = (value: ReturnType<Tensor['tolist']>): Value =>
    Array.isArray(value) ? value.map(lists) : element(value);
  return lists(tensor.tolist());
};

const to: Run = (context, [x, dtype]) => {
  if (dtype === 'cpu') return x!;
  const tensor = workedOn(context, x);
  const wanted = dtypeOf(context, dtype);
  return wanted === undefined || wanted === tensor.dtype ? tensor : tensor.to(wanted);
};

const allclose: Run = (context, [a, b, rtol, atol, equalNan]) => {
  const [x, y] = [workedOn(context, a), workedOn(context, b)];
  expectSameDType(x, y);
  const { shape } = compare(context, '==', x, y) as Mask;
  const array = (tensor: Tensor) => ({ dtype: tensor.dtype, shape, data: elements(tensor, shape) as Tensor['data'] });
  const tolerance = { rtol: numberOf(rtol, 1e-5), atol: numberOf(atol, 1e-8), equalNan: flag(equalNan) };
  return compareValues('', array(x).data, array(y), tolerance).approximate;
};

const table = {
  abs: ['input', abs],
  absolute: ['input', abs],
  add: operator('+'),
  add_: changes('+'),
  all: ['input dim? keepdim?', truthOf(true)],
  allclose: ['input other rtol? atol? equal_nan?', allclose],
  any: ['input dim? keepdim?', truthOf(false)],
  argmax: ['input dim? keepdim?', argmax],
  clone: ['input', (context, [x]) => workedOn(context, x).clone()],
  contiguous: ['input', (_, [x]) => (tensorOf(x).array.isContiguous ? x! : tensorOf(x).clone())],
  copy_: ['input source', (_, [x, y]) => replaced(tensorOf(x), tensorOf(y))],
  cos: ['input', (context, [x]) => unrecorded(context, x, Math.cos, 'cos')],
  cpu: ['input', (_, [x]) => x!],
  detach: ['input', (_, [x]) => tensorOf(x).detach()],
  dim: ['input', (_, [x]) => BigInt(tensorOf(x).ndim)],
  div: operator('/'),
  div_: changes('/'),
  divide: operator('/'),
  double: ['input', (_, [x]) => tensorOf(x).to('float64')],
  eq: comparison('=='),
  exp: unary('exp'),
  expand: ['input *sizes', (_, [x, shape]) => expanded(tensorOf(x), sizes(shape))],
  expand_as: ['input other', (_, [x, y]) => expanded(tensorOf(x), tensorOf(y).shape)],
  fill_: ['input value', (context, [x, value]) => filled(context, tensorOf(x), numberOf(value))],
  flatten: ['input start_dim? end_dim?', (_, [x, start, end]) => flattened(tensorOf(x), int(start, 0), int(end, -1))],
  float: ['input', (context, [x]) => inDType(tensorOf(x), context.dtype)],
  ge: comparison('>='),
  gt: comparison('>'),
  index_add: ['input dim index source alpha?', indexAdd(false)],
  index_add_: ['input dim index source alpha?', indexAdd(true)],
  index_put_: ['input indices values accumulate?', indexPut],
  item: ['input', item],
  le: comparison('<='),
  log: unary('log'),
  long: ['input', (_, [x]) => inDType(tensorOf(x), 'int32')],
  lt: comparison('<'),
  matmul: operator('@'),
  max: ['input dim? keepdim?', max],
  mean: ['input dim? keepdim?', mean],
  min: ['input dim? keepdim?', min],
  mm: operator('@'),
  mul: operator('*'),
  mul_: changes('*'),
  multiply: operator('*'),
  ne: comparison('!='),
  neg: ['input', (context, [x]) => binary(context, '*', x!, -1n)],
  negative: ['input', (context, [x]) => binary(context, '*', x!, -1n)],
  nelement: ['input', (_, [x]) => BigInt(tensorOf(x).size)],
  numel: ['input', (_, [x]) => BigInt(tensorOf(x).size)],
  outer: ['input vec2', (context, [x, y]) => binary(context, '*', unsqueezed(tensorOf(x), 1), tensorOf(y))],
  permute: ['input *dims', (_, [x, order]) => permuted(tensorOf(x), sizes(order))],
  pow: ['input exponent', pow],
  pow_: changes('**'),
  reciprocal: ['input', (context, [x]) => binary(context, '/', 1, x!)],
  repeat: ['input *repeats', (context, [x, times]) => repeated(context, tensorOf(x), sizes(times))],
  reshape: ['input *shape', reshape],
  rsqrt: ['input', (context, [x]) => floating(context, workedOn(context, x)).pow(-0.5)],
  scatter: ['input dim index src', scatter(false, false)],
  scatter_: ['input dim index src', scatter(false, true)],
  scatter_add: ['input dim index src', scatter(true, false)],
  scatter_add_: ['input dim index src', scatter(true, true)],
  sigmoid: [
    'input',
    (context, [x]) => binary(context, '/', 1, binary(context, '+', floating(context, tensorOf(x)).neg().exp(), 1)),
  ],
  sign: ['input', (context, [x]) => unrecorded(context, x, Math.sign, 'sign')],
  sin: ['input', (context, [x]) => unrecorded(context, x, Math.sin, 'sin')],
  size: ['input dim?', (_, [x, dim]) => sizeOf(tensorOf(x), dim)],
  softmax: ['input dim', (context, [x, dim]) => floats(workedOn(context, x), 'softmax').softmax(int(dim))],
  sqrt: unary('sqrt'),
  square: ['input', (context, [x]) => binary(context, '**', x!, 2n)],
  squeeze: ['input dim?', (_, [x, dim]) => squeezed(tensorOf(x), dim === undefined ? undefined : [dims(dim)!].flat())],
  std: ['input dim? unbiased? keepdim? correction?', (context, given) => variance(context, given).sqrt()],
  sub: operator('-'),
  sub_: changes('-'),
  subtract: operator('-'),
  sum: ['input dim? keepdim?', sum],
  t: ['input', (_, [x]) => turned(tensorOf(x))],
  tanh: unary('tanh'),
  to: ['input dtype', to],
  tolist: ['input', tolist],
  transpose: ['input dim0 dim1', (_, [x, a, b]) => tensorOf(x).transpose(int(a), int(b))],
  type_as: ['input other', (_, [x, y]) => inDType(tensorOf(x), tensorOf(y).dtype)],
  unsqueeze: ['input dim', (_, [x, dim]) => unsqueezed(tensorOf(x), int(dim))],
  var: ['input dim? unbiased? keepdim? correction?', (context, given) => variance(context, given)],
  view: ['input *shape', view],
  view_as: ['input other', (_, [x, y]) => tensorOf(x).view(tensorOf(y).shape)],
  zero_: ['input', (context, [x]) => filled(context, tensorOf(x), 0)],
  new_zeros: ['input *size', ({ hg }, [x, shape]) => hg.zeros(sizes(shape), { dtype: tensorOf(x).dtype })],
  new_ones: ['input *size', ({ hg }, [x, shape]) => hg.ones(sizes(shape), { dtype: tensorOf(x).dtype })],
} satisfies Record<string, readonly [string, Run]>;

function filled(context: Context, target: Tensor, value: number): Tensor {
  return replaced(target, context.hg.tensor(value, { dtype: target.dtype }));
}

/** Element by element, without a way back. */
function unrecorded(context: Context, x: Value | undefined, map: (x: number) => number, name: string): Tensor {
  const tensor = workedOn(context, x);
  return withoutWayBack(name, mapped(context, tensor, map), [tensor]);
}

/** Methods that take bools as numbers, or as they are. */
const numericOfBools =
  'add all any dim eq float ge gt item le long lt mul multiply ne nelement numel reshape size sum tolist view'.split(
    ' ',
  );
/** Those that give bools for bools. */
const shapesOfBools = 'clone contiguous expand expand_as flatten permute repeat squeeze t transpose unsqueeze'.split(
  ' ',
);

/** `run` for a tensor that may be one of bools. */
function ofBools(name: string, run: Run): Run {
  if (numericOfBools.includes(name)) return run;
  return (context, given) => {
    const [first, ...rest] = given;
    if (!(first instanceof Mask)) return run(context, given);
    if (shapesOfBools.includes(name)) return new Mask(run(context, [first.tensor, ...rest]) as Tensor);
    throw new Fault(`expected numbers for ${name}, got bools; .float() makes numbers of them`);
  };
}

/** The methods by name; the tensor is their first argument. */
export const methods: ReadonlyMap<string, Native> = natives({
  ...Object.fromEntries(
    Object.entries(table).map(([name, [parameters, run]]) => [name, [parameters, ofBools(name, run)] as const]),
  ),
  backward: [
    'input gradient? retain_graph?',
    ({ graph }, [x, gradient, retain]) => {
      graph.backward(
        tensorOf(x),
        gradient === undefined || gradient === null ? null : tensorOf(gradient),
        flag(retain),
      );
      return null;
    },
  ],
  retain_grad: ['input', none(({ graph }, [x]) => graph.retainGrad(tensorOf(x)))],
  requires_grad_: [
    'input requires_grad?',
    (_, [x, requires]) => {
      tensorOf(x).requiresGrad = flag(requires, true);
      return x!;
    },
  ],
});

const notOfTorch = [
  'repeat',
  'add_',
  'copy_',
  'cpu',
  'contiguous',
  'double',
  'float',
  'item',
  'long',
  'size',
  'to',
  'tolist',
  'view',
];

/** The names that torch has as functions too. */
export const sharedNames: readonly string[] = Object.keys(table).filter(
  (name) => !notOfTorch.includes(name) && !name.endsWith('_'),
);

/** What a tensor has as an attribute; undefined where it has none of that name. */
export function tensorAttribute(context: Context, x: Tensor | Mask, name: string): Value | undefined {
  const tensor = tensorOf(x);
  switch (name) {
    case 'shape':
      return Tuple.size(tensor.shape);
    case 'T':
      return x instanceof Mask ? new Mask(turnedAll(tensor)) : turnedAll(tensor);
    case 'ndim':
      return BigInt(tensor.ndim);
    case 'dtype':
      return x instanceof Mask ? dtypeObjects.get('bool') : dtypeObjects.get(dtypeName(tensor).slice(6));
    case 'data':
      return tensor.detach();
    case 'grad':
      return context.graph.grad(tensor);
    case 'requires_grad':
      return tensor.requiresGrad;
    case 'is_leaf':
      return tensor.isLeaf;
    default:
      return methods.get(name)?.bound(x);
  }
}

/** `tensor.name = value`. Throws Fault. */
export function setTensorAttribute(context: Context, tensor: Tensor, name: string, value: Value): void {
  if (name === 'grad' && (value === null || Tensor.is(value))) context.graph.setGrad(tensor, value);
  else if (name === 'requires_grad' && typeof value === 'boolean') tensor.requiresGrad = value;
  else if (name === 'data' && Tensor.is(value)) {
    if (!value.array.sharesMemoryWith(tensor.array)) noGrad(() => overwrite(tensor, inDType(value, tensor.dtype)));
  } else throw new Fault(`expected an attribute that can be assigned, grad, requires_grad or data, got ${name}`);
}
