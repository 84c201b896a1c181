// What tensors can do: methods and attributes under PyTorch's names. Most of them are functions of torch too.

import { ShapeError } from '../base/errors.js';
import { checkedDim, elementCount, showShape } from '../base/shape.js';
import { compareValues } from '../compare/compare.js';
import { isRecording, noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { dims, dtypeObjects, dtypeOf, flag, int, numberOf, sizes, tensorOf, workedOn } from './arguments.js';
import { Fault } from './fault.js';
import { setItem } from './indexing.js';
import { Mask } from './mask.js';
import { type Given, type Native, natives, none, type Run } from './native.js';
import { binary, compare, inPlace } from './operators.js';
import {
  cost,
  dtypeName,
  elements,
  floating,
  inDType,
  isTensor,
  itemOf,
  mapped,
  overwrite,
  permuted,
  replaced,
  squeezed,
  throughFloats,
  unsqueezed,
} from './tensors.js';
import { type Context, described, Tuple, type Value } from './values.js';

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

const keepdim = (given: Value | undefined) => ({ keepdim: flag(given) });

const sum: Run = (context, [x, dim, keep]) =>
  throughFloats(workedOn(context, x), (tensor) => tensor.sum(dims(dim), keepdim(keep)));

const mean: Run = (context, [x, dim, keep]) => floats(workedOn(context, x), 'mean').mean(dims(dim), keepdim(keep));

/** A float tensor; PyTorch takes no ints for `name`. */
function floats(tensor: Tensor, name: string): Tensor {
  if (tensor.dtype !== 'int32') return tensor;
  throw new Fault(`expected floats for ${name}, got ints; .float() makes floats of them`);
}

const max: Run = (context, [x, dim, keep]) => extreme(context, x, dim, keep, 1);
const min: Run = (context, [x, dim, keep]) => extreme(context, x, dim, keep, -1);

/** The largest elements of `sign` times a tensor, times `sign`. */
function extreme(
  context: Context,
  x: Value | undefined,
  dim: Value | undefined,
  keep: Value | undefined,
  sign: 1 | -1,
): Value {
  const tensor = workedOn(context, x);
  const signed = (value: Tensor) => (sign === 1 ? value : value.neg());
  if (dim !== undefined && isTensor(dim)) throw new Fault('expected an axis, got a tensor');
  if (dim === undefined || dim === null) return throughFloats(tensor, (all) => signed(signed(all).max()));
  const axis = int(dim);
  let indices: Tensor | undefined;
  const values = throughFloats(tensor, (all) => {
    const found = signed(all).max(axis, keepdim(keep));
    indices = found.indices;
    return signed(found.values);
  });
  return new Tuple([values, indices!], ['values', 'indices']);
}

const argmax: Run = (context, [x, dim, keep]) => {
  const tensor = workedOn(context, x);
  const wide = tensor.dtype === 'int32' ? tensor.to('float64') : tensor;
  return wide.argmax(dim === undefined || dim === null ? undefined : int(dim), keepdim(keep));
};

/** Variance, divided by n - 1 unless that is switched off. */
function variance(context: Context, [x, dim, unbiased, keep, correction]: Given): Tensor {
  // var(0, True) says that it is unbiased, var(unbiased=False) that it is not.
  const tensor = floats(workedOn(context, x), 'var');
  const axes = dims(dim);
  const listed = axes === undefined ? tensor.shape.map((_, axis) => axis) : typeof axes === 'number' ? [axes] : axes;
  const n = elementCount(listed.map((axis) => tensor.shape[checkedDim('dim', axis, tensor.ndim)]!));
  const less = correction === undefined ? Number(flag(unbiased, true)) : int(correction);
  const squares = tensor.sub(tensor.mean(listed, { keepdim: true })).pow(2);
  return squares.sum(listed, keepdim(keep)).div(n - less);
}

const abs: Run = (context, [x]) => {
  const tensor = workedOn(context, x);
  if (!tensor.requiresGrad) return mapped(context, tensor, Math.abs);
  return tensor.mul(noGrad(() => mapped(context, tensor, Math.sign)));
};

const pow: Run = (context, [x, y]) => binary(context, '**', x!, y!);

const indexAdd =
  (isInPlace: boolean): Run =>
  (context, [x, dim, index, source, alpha]) => {
    const [tensor, added, rows] = [workedOn(context, x), workedOn(context, source), tensorOf(index)];
    expectSameDType(tensor, added);
    if (int(dim) !== 0) throw new Fault(`expected axis 0 for index_add, got ${int(dim)}`);
    if (alpha !== undefined) throw new Fault('expected index_add without alpha, got one');
    expectNoGradient([tensor, added], 'index_add');
    const target = isInPlace ? tensor : tensor.clone();
    changed(target, (copy) => copy.indexPut_([rows], added, { accumulate: true }));
    return target;
  };

const indexPut: Run = (context, [x, indices, values, accumulate]) => {
  const tensor = workedOn(context, x);
  if (!flag(accumulate)) {
    setItem(context, tensor, indices!, values!);
    return tensor;
  }
  const [chosen, added] = [(indices as Tuple).items ?? indices, workedOn(context, values)];
  expectSameDType(tensor, added);
  expectNoGradient([tensor, added], 'index_put_');
  changed(tensor, (copy) =>
    copy.indexPut_(
      (chosen as Value[]).map((one) => tensorOf(one)),
      added,
      { accumulate: true },
    ),
  );
  return tensor;
};

/** `scatter_` and `scatter_add_` along an axis. */
const scatter =
  (adds: boolean, isInPlace: boolean): Run =>
  (context, [x, dim, index, source]) => {
    const [tensor, places] = [workedOn(context, x), workedOn(context, index)];
    const axis = checkedDim('dim', int(dim), tensor.ndim);
    if (places.ndim !== tensor.ndim) {
      throw new Fault(`expected indices of as many axes as ${described(tensor)}, got ${showShape(places.shape)}`);
    }
    const values = isTensor(source!) ? tensorOf(source) : numberOf(source);
    if (typeof values !== 'number') expectSameDType(tensor, values);
    expectNoGradient(typeof values === 'number' ? [tensor] : [tensor, values], 'scatter');
    const { shape } = tensor;
    const [all, given] = [tensor.data, typeof values === 'number' ? null : values];
    if (given !== null && String(given.shape) !== String(places.shape)) {
      throw new Fault(
        `expected values of the shape of the indices, ${showShape(places.shape)}, got ${showShape(given.shape)}`,
      );
    }
    const [at, from] = [places.data, given?.data];
    for (let i = 0; i < at.length; i++) {
      let [rest, flat, stride] = [i, 0, 1];
      const steps = shape.map(() => 0);
      for (let a = shape.length - 1; a >= 0; a--) {
        steps[a] = a === axis ? at[i]! : rest % places.shape[a]!;
        rest = Math.floor(rest / places.shape[a]!);
        if (steps[a]! < 0 || steps[a]! >= shape[a]!)
          throw new Fault(`expected indices from 0 to ${shape[a]! - 1}, got ${steps[a]}`);
        flat += steps[a]! * stride;
        stride *= shape[a]!;
      }
      const value = from?.[i] ?? (values as number);
      all[flat] = adds ? all[flat]! + value : value;
    }
    const target = isInPlace ? tensor : tensor.clone();
    overwrite(target, context.hg.tensor({ dtype: tensor.dtype, shape, data: all }));
    return target;
  };

/** Puts what `change` makes of a row-major copy into `target`. */
function changed(target: Tensor, change: (copy: Tensor) => void): void {
  const copy = target.clone();
  change(copy);
  overwrite(target, copy);
}

function expectSameDType(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new Fault(`expected two tensors of one dtype, got ${dtypeName(a)} and ${dtypeName(b)}`);
  }
}

function expectNoGradient(tensors: readonly Tensor[], name: string): void {
  const open = tensors.find(({ requiresGrad }) => requiresGrad);
  if (open !== undefined && isRecording()) {
    throw new Fault(
      `expected tensors that require no gradient for ${name}, got ${described(open)} that does; use "with torch.no_grad():"`,
    );
  }
}

const item: Run = (_, [x]) => itemOf(x instanceof Mask ? x : tensorOf(x));

const tolist: Run = (context, [x]) => {
  const tensor = workedOn(context, x);
  const element = x instanceof Mask ? (n: number) => n !== 0 : tensor.dtype === 'int32' ? BigInt : (n: number) => n;
  const lists = (value: ReturnType<Tensor['tolist']>): Value =>
    Array.isArray(value) ? value.map(lists) : element(value);
  return lists(tensor.tolist());
};

const to: Run = (context, [x, dtype]) => {
  if (typeof dtype === 'string') return x!;
  const tensor = workedOn(context, x);
  const wanted = dtypeOf(context, dtype);
  return wanted === undefined || wanted === tensor.dtype ? tensor : tensor.to(wanted);
};

/** Of all elements, or along an axis: whether all of them, or any, are other than 0. */
const truthOf =
  (isAll: boolean): Run =>
  (context, [x, dim, keep]) => {
    const tensor = workedOn(context, x);
    const bits = mapped(context, tensor, (value) => Number(isAll === (value === 0)));
    const counts = throughFloats(bits, (ones) => ones.sum(dims(dim), keepdim(keep)));
    const found = counts.dtype === 'int32' ? counts : counts.to('int32');
    return new Mask(
      context.hg.tensor({
        dtype: 'int32',
        shape: found.shape,
        data: found.data.map((n) => Number((n === 0) === isAll)),
      }),
    );
  };

const allclose: Run = (context, [a, b, rtol, atol, equalNan]) => {
  const [x, y] = [workedOn(context, a), workedOn(context, b)];
  expectSameDType(x, y);
  const { shape } = compare(context, '==', x, y) as Mask;
  const array = (tensor: Tensor) => ({ dtype: tensor.dtype, shape, data: elements(tensor, shape) as Tensor['data'] });
  const tolerance = { rtol: numberOf(rtol, 1e-5), atol: numberOf(atol, 1e-8), equalNan: flag(equalNan) };
  return compareValues('', array(x).data, array(y), tolerance).approximate;
};

const reshape: Run = (_, [x, ...shape]) => ofShape(x, shape, 'reshape');
const view: Run = (_, [x, ...shape]) => ofShape(x, shape, 'view');

function ofShape(x: Value | undefined, [shape]: Given, how: 'reshape' | 'view'): Value {
  const change = (tensor: Tensor) => {
    if (how === 'view' && !tensor.array.isContiguous) {
      throw new Fault(
        `expected a tensor whose elements stand in order for view, got ${described(x!)} that was transposed or sliced; .reshape copies it`,
      );
    }
    try {
      return tensor[how](sizes(shape));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      throw new Fault(
        `expected a shape of ${tensor.size} elements for ${described(x!)}, got ${showShape(sizes(shape))}`,
      );
    }
  };
  return x instanceof Mask ? new Mask(change(x.tensor)) : change(tensorOf(x));
}

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

/** Element by element, where no gradient is asked for. */
function unrecorded(context: Context, x: Value | undefined, map: (x: number) => number, name: string): Tensor {
  const tensor = workedOn(context, x);
  expectNoGradient([tensor], name);
  return mapped(context, tensor, map);
}

function expanded(tensor: Tensor, shape: readonly number[]): Tensor {
  const added = shape.length - tensor.ndim;
  return tensor.expand(shape.map((size, axis) => (size === -1 && axis >= added ? tensor.shape[axis - added]! : size)));
}

function flattened(tensor: Tensor, start: number, end: number): Tensor {
  const { shape, ndim } = tensor;
  if (ndim === 0) return tensor.reshape(1);
  const [from, to] = [checkedDim('start_dim', start, ndim), checkedDim('end_dim', end, ndim)];
  if (from > to) throw new Fault(`expected start_dim up to end_dim, got ${from} and ${to}`);
  return tensor.reshape(shape.toSpliced(from, to - from + 1, elementCount(shape.slice(from, to + 1))));
}

function repeated(context: Context, tensor: Tensor, times: readonly number[]): Tensor {
  const added = times.length - tensor.ndim;
  if (added < 0 || times.some((n) => n < 0)) {
    throw new Fault(`expected a number of at least 0 for each axis of ${described(tensor)}, got ${showShape(times)}`);
  }
  const shape = [...Array.from({ length: added }, () => 1), ...tensor.shape];
  const whole = shape.map((size, axis) => size * times[axis]!);
  context.spend(cost(elementCount(whole)));
  const apart = tensor.reshape(shape.flatMap((size) => [1, size]));
  return apart.expand(shape.flatMap((size, axis) => [times[axis]!, size])).reshape(whole);
}

function turned(tensor: Tensor): Tensor {
  if (tensor.ndim > 2) throw new Fault(`expected at most two axes for t(), got ${showShape(tensor.shape)}`);
  return tensor.ndim < 2 ? tensor : tensor.T;
}

function sizeOf({ shape, ndim }: Tensor, dim: Value | undefined): Value {
  return dim === undefined ? Tuple.size(shape) : BigInt(shape[checkedDim('dim', int(dim), ndim)]!);
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

function turnedAll(tensor: Tensor): Tensor {
  return permuted(
    tensor,
    tensor.shape.map((_, axis) => tensor.ndim - 1 - axis),
  );
}

/** `tensor.name = value`. Throws Fault. */
export function setTensorAttribute(context: Context, tensor: Tensor, name: string, value: Value): void {
  if (name === 'grad' && (value === null || Tensor.is(value))) context.graph.setGrad(tensor, value);
  else if (name === 'requires_grad' && typeof value === 'boolean') tensor.requiresGrad = value;
  else if (name === 'data' && Tensor.is(value)) {
    if (!value.array.sharesMemoryWith(tensor.array)) noGrad(() => overwrite(tensor, inDType(value, tensor.dtype)));
  } else throw new Fault(`expected an attribute that can be assigned, grad, requires_grad or data, got ${name}`);
}
