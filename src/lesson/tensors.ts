// Arithmetic of tensors as PyTorch has it: ints and floats, broadcasting, changes in place.

import type { DType, FloatDType } from '../base/ndarray.js';
import { checkedDim, sameShape, showShape } from '../base/shape.js';
import { broadcastShapes } from '../tensor/arrays/layout.js';
import { isRecording, Node, noGrad } from '../tensor/autograd.js';
import { viewed } from '../tensor/operations/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import { type Context, described, type Value } from './values.js';

export type Operand = Tensor | Mask | boolean | bigint | number;

export function isTensor(value: Value): value is Tensor | Mask {
  return Tensor.is(value) || value instanceof Mask;
}

export function isOperand(value: Value): value is Operand {
  return isTensor(value) || ['boolean', 'bigint', 'number'].includes(typeof value);
}

/** The one element of a tensor. Throws ShapeError. */
export function itemOf(value: Tensor | Mask): bigint | number | boolean {
  const element = value.item();
  return Tensor.is(value) && value.dtype === 'int32' ? BigInt(element) : element;
}

/** A tensor of numbers: bools count as ints. */
export function numeric(value: Tensor | Mask): Tensor {
  return Tensor.is(value) ? value : value.tensor;
}

/** Steps that work on so many elements counts as. */
export function cost(elements: number): number {
  return 16 + elements / 2;
}

/** `tensor` in another dtype; itself where it has that. */
export function inDType(tensor: Tensor, dtype: DType): Tensor {
  return tensor.dtype === dtype ? tensor : tensor.to(dtype);
}

/** A float tensor of the same numbers. */
export function floating({ dtype }: Context, value: Tensor | Mask): Tensor {
  const tensor = numeric(value);
  return tensor.dtype === 'int32' ? tensor.to(dtype) : tensor;
}

/** What `run` makes of a tensor; ints, which have fewer operations, go through float64. Throws where a result is no int32. */
export function throughFloats(value: Tensor | Mask, run: (tensor: Tensor) => Tensor): Tensor {
  const tensor = numeric(value);
  return tensor.dtype === 'int32' ? run(tensor.to('float64')).to('int32') : run(tensor);
}

/** The dtype of what two operands give: that of float tensors with axes before others', floats before ints. */
function resultDType(context: Context, a: Operand, b: Operand): DType {
  const sides = [a, b].map((side) => (isTensor(side) ? numeric(side) : side));
  const tensors = sides.filter((side) => Tensor.is(side));
  const floats = tensors.filter(({ dtype }) => dtype !== 'int32');
  const withAxes = floats.filter(({ ndim }) => ndim > 0);
  const chosen = withAxes.length > 0 ? withAxes : floats;
  if (chosen.length > 0) return chosen.some(({ dtype }) => dtype === 'float64') ? 'float64' : 'float32';
  return sides.some((side) => typeof side === 'number') ? context.dtype : 'int32';
}

const names = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div' } as const;

/** `a operator b` for tensors and numbers, at least one of them a tensor. */
export function tensorBinary(context: Context, operator: string, a: Operand, b: Operand): Value {
  if (operator === '@') return product(context, a, b);
  if (operator === '**') return power(context, a, b);
  if (operator === '&' || operator === '|' || operator === '^') return logical(context, operator, a, b);
  if (!(operator in names))
    throw new Fault(`expected an operation of tensors, got ${operator}, which is not part of the lesson's Python`);
  if (operator === '-' && (isBool(a) || isBool(b))) throw new Fault('expected numbers to subtract, got bools');
  if (isBool(a) && isBool(b) && operator !== '/') return ofBools(context, operator, a, b);
  const shape = commonShape(a, b);
  context.spend(cost(shape.reduce((count, size) => count * size, 1)));
  const dtype = resultDType(context, a, b);
  if (dtype !== 'int32') return arithmetic(context, operator as keyof typeof names, a, b, dtype);
  if (operator === '/') return arithmetic(context, '/', a, b, context.dtype);
  return arithmetic(context, operator as keyof typeof names, a, b, 'float64').to('int32');
}

function isBool(value: Operand): value is Mask | boolean {
  return value instanceof Mask || typeof value === 'boolean';
}

/** A sum of bools is true where one of them is, a product where both are. */
function ofBools(context: Context, operator: string, a: Mask | boolean, b: Mask | boolean): Mask {
  return compared(context, a, b, operator === '+' ? (x, y) => x | y : (x, y) => x & y);
}

/** The shape that two operands broadcast to. Throws Fault. */
function commonShape(a: Operand, b: Operand): readonly number[] {
  const [left, right] = [shapeOf(a), shapeOf(b)];
  try {
    return broadcastShapes('', left, right);
  } catch {
    throw new Fault(`expected shapes that broadcast, got ${showShape(left)} and ${showShape(right)}`, [left, right]);
  }
}

export function shapeOf(value: Operand): readonly number[] {
  return isTensor(value) ? value.shape : [];
}

function arithmetic(context: Context, operator: keyof typeof names, a: Operand, b: Operand, dtype: FloatDType): Tensor {
  const side = (value: Operand) => (isTensor(value) ? inDType(numeric(value), dtype) : Number(value));
  const [left, right] = [side(a), side(b)];
  if (typeof left !== 'number') return left[names[operator]](right);
  const tensor = right as Tensor;
  if (operator === '-') return tensor.neg().add(left);
  if (operator !== '/') return tensor[names[operator]](left);
  const inverse = context.hg.onesLike(tensor).div(tensor);
  return left === 1 ? inverse : inverse.mul(left);
}

function product(context: Context, a: Operand, b: Operand): Tensor {
  if (!Tensor.is(a) || !Tensor.is(b))
    throw new Fault(`expected two tensors for @, got ${described(a)} and ${described(b)}`);
  const [left, right] = [a.shape, b.shape];
  const fits = left.length >= 1 && right.length >= 1 && left.at(-1) === right.at(right.length === 1 ? 0 : -2);
  if (!fits)
    throw new Fault(`expected [m, k] @ [k, n], got ${showShape(left)} @ ${showShape(right)}${turned(left, right)}`);
  const [x, y] = [a, b];
  if (x.dtype !== y.dtype)
    throw new Fault(`expected two tensors of one dtype for @, got ${dtypeName(x)} and ${dtypeName(y)}`);
  context.spend(cost((x.size * y.size) / Math.max(1, left.at(-1)!)));
  const multiply = (p: Tensor) => p.matmul(inDType(y, p.dtype));
  if (left.length <= 2 && right.length <= 2) return throughFloats(x, multiply);
  if (right.length > 2) throw new Fault(`expected at most two axes on the right of @, got ${showShape(right)}`);
  // Rows of rows, by one matrix.
  const rows = throughFloats(x.reshape(-1, left.at(-1)!), multiply);
  return rows.reshape([...left.slice(0, -1), ...right.slice(1)]);
}

/** Which transpose would fit. */
function turned(left: readonly number[], right: readonly number[]): string {
  if (left.length !== 2 || right.length !== 2) return '';
  if (left[1] === right[1]) return `; the right one's .T would fit`;
  return left[0] === right[0] ? `; the left one's .T would fit` : '';
}

function power(context: Context, a: Operand, b: Operand): Tensor {
  if (!isTensor(a))
    throw new Fault(`expected a tensor to the power of a number, got ${described(a)} to that of a tensor`);
  const exponent = Tensor.is(b) && b.ndim === 0 && !b.requiresGrad ? itemOf(b) : b;
  if (isTensor(exponent)) throw new Fault(`expected a number as the exponent, got ${described(exponent)}`);
  const base = numeric(a);
  context.spend(cost(base.size));
  if (base.dtype !== 'int32') return base.pow(Number(exponent));
  if (typeof exponent === 'number') return base.to(context.dtype).pow(exponent);
  if (Number(exponent) < 0)
    throw new Fault(
      'expected an exponent of at least 0 for a tensor of ints, got a negative one; .float() makes floats of it',
    );
  return throughFloats(base, (x) => x.pow(Number(exponent)));
}

function logical(context: Context, operator: string, a: Operand, b: Operand): Value {
  if (!(a instanceof Mask && b instanceof Mask)) {
    throw new Fault(`expected two tensors of bools for ${operator}, got ${described(a)} and ${described(b)}`);
  }
  const choose = { '&': (x: number, y: number) => x & y, '|': (x: number, y: number) => x | y }[operator];
  return compared(context, a, b, choose ?? ((x, y) => x ^ y));
}

const comparisons: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  '==': (x, y) => x === y,
  '!=': (x, y) => x !== y,
  '<': (x, y) => x < y,
  '>': (x, y) => x > y,
  '<=': (x, y) => x <= y,
  '>=': (x, y) => x >= y,
};

/** A tensor of bools: how each element of `a` compares with that of `b`. */
export function tensorCompare(context: Context, operator: string, a: Operand, b: Operand): Mask {
  return compared(context, a, b, comparisons[operator]!);
}

function compared(context: Context, a: Operand, b: Operand, test: (x: number, y: number) => boolean | number): Mask {
  const shape = commonShape(a, b);
  const dtype = resultDType(context, a, b);
  const round = dtype === 'float32' ? Math.fround : (x: number) => x;
  const values = (side: Operand): ((i: number) => number) => {
    if (!isTensor(side)) return () => round(Number(side));
    const data = elements(numeric(side), shape);
    return (i) => round(data[i]!);
  };
  const [x, y] = [values(a), values(b)];
  const count = shape.reduce((product, size) => product * size, 1);
  context.spend(cost(count));
  const bits = Int32Array.from({ length: count }, (_, i) => Number(test(x(i), y(i))));
  return new Mask(context.hg.tensor(bits, { shape }));
}

/** The elements of a tensor, repeated to `shape`. */
export function elements(tensor: Tensor, shape: readonly number[]): ArrayLike<number> {
  return sameShape(tensor.shape, shape) ? tensor.data : noGrad(() => tensor.expand(shape).data);
}

/** A tensor of `map` of each element, without a gradient. */
export function mapped({ hg }: Context, tensor: Tensor, map: (x: number) => number): Tensor {
  const { dtype, shape, data } = tensor;
  return hg.tensor({ dtype, shape, data: data.map(map) });
}

// Changes in place

/**
 * `target operator= value`. What shares the memory of `target` changes too. Recorded where a gradient is required, as PyTorch does it.
 * Throws Fault where the result does not fit into `target`.
 */
export function tensorInPlace(
  context: Context,
  operator: string,
  target: Tensor,
  value: Operand,
  isPart: boolean = false,
): Tensor {
  const shape = commonShape(target, value);
  if (!sameShape(shape, target.shape)) {
    throw new Fault(
      `expected a value that broadcasts to ${showShape(target.shape)} to change in place, got one of shape ${showShape(shapeOf(value))}`,
      [shapeOf(value)],
    );
  }
  const isInt = target.dtype === 'int32';
  if (isInt && (operator === '/' || resultDType(context, target, value) !== 'int32')) {
    throw new Fault(
      'expected ints to change a tensor of ints in place, got floats; write x = x … instead, or .float()',
    );
  }
  const operand = isTensor(value) && !isInt ? inDType(numeric(value), target.dtype) : value;
  const records = isRecording() && (target.requiresGrad || (Tensor.is(operand) && operand.requiresGrad));
  const isPlain =
    !records && !isInt && operator in names && target.array.isContiguous && Object.hasOwn(names, operator);
  if (operator === '-' && isBool(value)) throw new Fault('expected numbers to subtract, got bools');
  if (isPlain) {
    context.spend(cost(target.size));
    target[`${names[operator as keyof typeof names]}_`](isTensor(operand) ? numeric(operand) : Number(operand));
    return target;
  }
  if (records) expectChangeable(target, isPart);
  const result = tensorBinary(context, operator, target, operand) as Tensor;
  overwrite(target, inDType(result, target.dtype));
  if (records) Tensor.place(target, result.node);
  return target;
}

const views = ['view', 'transpose', 'expand', 'slice', 'row', 'diagonal'];

/** Throws Fault where a change in place of `target` would be lost to gradients. `isPart` of x[i] in `x[i] += …`, which sees to x itself. */
export function expectChangeable(target: Tensor, isPart: boolean = false): void {
  if (!isRecording()) return;
  if (target.requiresGrad && target.isLeaf && !isPart) {
    throw new Fault(
      'expected no change in place of a leaf that requires a gradient, got one; use "with torch.no_grad():"',
    );
  }
  if (!isPart && views.includes(target.node?.operation ?? '')) {
    throw new Fault(
      'expected no change in place of a view whose gradient is recorded, got one; clone it, or use "with torch.no_grad():"',
    );
  }
}

/** Gives `target` the elements of `values`, as a statement that PyTorch records; no gradient goes back through it from then on. */
export function replaced(target: Tensor, values: Tensor): Tensor {
  expectChangeable(target);
  overwrite(target, inDType(values, target.dtype));
  return withoutWayBack('assignment', target, [target, values]);
}

/** Puts the elements of `values`, which broadcast to `target`, into its memory. */
export function overwrite(target: Tensor, values: Tensor): void {
  const { array } = target;
  if (array.shape.some((size, axis) => size > 1 && array.strides[axis] === 0)) {
    throw new Fault(
      'expected a tensor whose elements stand apart to change in place, got one that expand() made; clone it',
    );
  }
  array.overwrite(elements(values, target.shape) as Tensor['data']);
  array.touch();
}

/**
 * `result`, which `name` has computed from `sources` without a tape. Where one of them requires a gradient, it requires one too, and no
 * gradient goes back through it.
 */
export function withoutWayBack(name: string, result: Tensor, sources: readonly Value[]): Tensor {
  if (!isRecording() || !sources.some((source) => Tensor.is(source) && source.requiresGrad)) return result;
  const node = new Node(name, {
    inputs: [],
    saved: [],
    backward: () => {
      throw new Fault(
        `expected no ${name} on the way back from the loss, got one, whose gradient is not part of the lesson`,
      );
    },
  });
  Tensor.place(result, node);
  return result;
}

/** The view that `look` takes of a tensor. */
export function viewOf(name: string, tensor: Tensor, look: Parameters<typeof viewed>[2]): Tensor {
  return new Tensor(viewed(name, tensor, look));
}

/** The view without axes of size 1 (`dims`, or all of them). */
export function squeezed(tensor: Tensor, dims?: readonly number[]): Tensor {
  const { shape } = tensor;
  const axes = dims?.map((dim) => checkedDim('dim', dim, tensor.ndim)) ?? shape.map((_, axis) => axis);
  const isKept = (axis: number) => shape[axis] !== 1 || !axes.includes(axis);
  return viewOf('view', tensor, (array) =>
    array.viewAs(
      array.shape.filter((_, axis) => isKept(axis)),
      array.strides.filter((_, axis) => isKept(axis)),
    ),
  );
}

/** The view with an axis of size 1 before `dim`. */
export function unsqueezed(tensor: Tensor, dim: number): Tensor {
  const axis = checkedDim('dim', dim, tensor.ndim + 1);
  return viewOf('view', tensor, (array) =>
    array.viewAs(array.shape.toSpliced(axis, 0, 1), array.strides.toSpliced(axis, 0, 0)),
  );
}

/** The view with the axes in another order. */
export function permuted(tensor: Tensor, dims: readonly number[]): Tensor {
  const axes = dims.map((dim) => checkedDim('dims', dim, tensor.ndim));
  if (new Set(axes).size !== tensor.ndim || axes.length !== tensor.ndim) {
    throw new Fault(`expected each of ${tensor.ndim} axes once, got ${showShape(dims)}`);
  }
  return viewOf('transpose', tensor, (array) =>
    array.viewAs(
      axes.map((axis) => array.shape[axis]!),
      axes.map((axis) => array.strides[axis]!),
    ),
  );
}

/** What PyTorch calls the dtype of a tensor; ints are int64 there. */
export function dtypeName({ dtype }: Tensor): string {
  return `torch.${dtype === 'int32' ? 'int64' : dtype}`;
}
