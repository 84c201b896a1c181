// The tensor: an array of numbers with a shape that remembers how it came about.

import { boolean, finite, list, number, oneOf, string } from '../base/check.js';
import { DTypeError, GraphError, OutOfMemoryError, ShapeError } from '../base/errors.js';
import { Identified } from '../base/identified.js';
import {
  checkedElement,
  type DType,
  dtypeNames,
  type JsonArray,
  mostNested,
  type NdArray,
  type TypedArray,
  toJsonNumber,
} from '../base/ndarray.js';
import { options } from '../base/options.js';
import { printed } from '../base/print.js';
import { checkedDim, checkedShape, elementCount, sameShape, showShape } from '../base/shape.js';
import { show } from '../base/show.js';
import { strictArguments } from '../base/surplus.js';
import type { Core } from '../core/core.js';
import { type BinaryName, binaryInPlace } from './arrays/binary.js';
import { indexPut } from './arrays/indexing.js';
import { axesOf } from './arrays/layout.js';
import { argmax } from './arrays/reduce.js';
import { StridedArray } from './arrays/strided.js';
import { accumulate, backward, isRecording, Node } from './autograd.js';
import type { Operand } from './operate.js';
import { batchNorm } from './operations/batchNorm.js';
import { binary } from './operations/binary.js';
import { crossEntropy } from './operations/crossEntropy.js';
import { index } from './operations/indexing.js';
import { matmul } from './operations/matmul.js';
import { maximum, maxOfAll, mean, sum } from './operations/reduce.js';
import { clone, contiguous, expand, reshape, to, transpose, view } from './operations/shape.js';
import { softmax } from './operations/softmax.js';
import { pow, unary } from './operations/unary.js';

/** Indices along one axis: an int32 tensor of any shape, or a list. */
export type Indices = Tensor | Int32Array | readonly number[];

/** Numbers in nested arrays, as `tolist()` gives them. */
export type Nested = number | Nested[];

/** Options of a reduction. */
export interface ReduceOptions {
  /** Keep the reduced axes, with size 1. Default false. */
  keepdim?: boolean;
}

const notice = Symbol('handgrad: String(tensor) shows its values, toArray() gives what can be cloned and posted');

/**
 * Numbers of one dtype with a shape, in linear memory, row-major or a view. Operations leave a tape where an input requires a
 * gradient. Made by the functions of a `Handgrad`; lives until its scope closes or `dispose()`. Used after that, it throws a
 * ReleasedError. Assertions such as toEqual and deepStrictEqual can't see its values, and find no two tensors equal; give them
 * `tolist()`.
 *
 * @example
 * const x = hg.tensor([[1, 2], [3, 4]], { requiresGrad: true });
 * x.tanh().sum().backward();
 * x.grad?.tolist();
 */
export class Tensor extends Identified implements NdArray {
  readonly #array: StridedArray;
  #node: Node | null;
  #grad: Tensor | null = null;
  /** Whether `backward()` made `grad`. */
  #ownsGrad = false;

  /** @internal */
  constructor({ array, node }: Operand) {
    super(notice);
    this.#array = array;
    this.#node = node;
  }

  /** A tensor of the values of `array`, which requires no gradient. @internal */
  static of(array: StridedArray): Tensor {
    return new Tensor({ array, node: null });
  }

  /** Gives `tensor` another place in the graph, for a change in place that is recorded as an operation. @internal */
  static place(tensor: Tensor, node: Node | null): void {
    tensor.#node = node;
  }

  /** Its values in linear memory. @internal */
  get array(): StridedArray {
    return this.#array;
  }

  /**
   * `value` when it is a tensor, of `core` where that is given; otherwise a TypeError or CoreError that names the argument.
   * @internal
   */
  static checked(name: string, value: unknown, core?: Core): Tensor {
    if (!Tensor.is(value)) throw new TypeError(`${name}: expected a tensor, got ${show(value)}`);
    if (core !== undefined) value.array.expectCore(core, name);
    return value;
  }

  /** Whether `value` is a tensor. @internal */
  static is(value: unknown): value is Tensor {
    return #node in Object(value);
  }

  /** The arrays that it keeps in memory. @internal */
  get owned(): readonly StridedArray[] {
    return this.#grad === null ? [this.array] : [this.array, this.#grad.array];
  }

  // What it is

  get dtype(): DType {
    return this.#array.dtype;
  }

  /** A copy: changing it changes nothing. */
  get shape(): readonly number[] {
    return this.#array.shape.slice();
  }

  /** Number of axes. */
  get ndim(): number {
    return this.#array.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.#array.count;
  }

  /** What error messages call it. */
  get name(): string | undefined {
    return this.#array.name;
  }

  set name(name: string | undefined) {
    this.#array.name = name === undefined ? undefined : string('name', name);
  }

  /** A copy of its elements, row-major. */
  get data(): TypedArray {
    return this.#array.toTypedArray();
  }

  /** Its one element. Throws ShapeError where it has more or none. */
  item(): number {
    if (this.size !== 1) throw new ShapeError(`${this.#label}: expected one element, got ${this.size}`);
    return this.data[0]!;
  }

  /** Its elements in nested arrays; a number for a scalar. */
  tolist(): Nested {
    const { data } = this;
    const { shape } = this.#array;
    if (elementCount(shape.filter((size) => size > 0)) > mostNested) {
      throw new OutOfMemoryError(`${this.#label}: expected at most ${mostNested} arrays and numbers, got more`);
    }
    const columns = shape.at(-1);
    if (columns === undefined) return data[0]!;
    let next = 0;
    // A loop of numbers alone, of which the engine makes an array without an object for each: four times as fast.
    const row = (): number[] => {
      const numbers: number[] = [];
      for (let i = 0; i < columns; i++) numbers.push(data[next++]!);
      return numbers;
    };
    const nest = (axis: number): Nested[] =>
      axis === shape.length - 1 ? row() : Array.from({ length: shape[axis]! }, () => nest(axis + 1));
    return nest(0);
  }

  /** A copy of its values as a plain array: what `postMessage` sends and `hg.tensor()` makes the same tensor of. */
  toArray(): NdArray {
    const { dtype, shape, data } = this;
    return { dtype, shape, data };
  }

  /**
   * What JSON.stringify writes, and `hg.tensor()` makes the same tensor of once JSON.parse has read it. JSON has no NaN, no
   * infinities and no -0: they are the strings 'NaN', 'Infinity', '-Infinity' and '-0'.
   *
   * @example hg.tensor(JSON.parse(JSON.stringify(hg.ones([2, 3]))));
   */
  override toJSON(): JsonArray {
    const { dtype, shape, data } = this;
    return { dtype, shape, data: Array.from(data, toJsonNumber) };
  }

  /**
   * Its values as PyTorch prints them, with `requires_grad=True` on a leaf that requires a gradient. On an operation's output
   * `grad_fn` has the name of the operation here, which may not be PyTorch's: `grad_fn=<TanhBackward0>`, but `<MatmulBackward0>` where
   * PyTorch has `<MmBackward0>`. `console.log(tensor)` prints this in Node, Bun and Deno; for a browser's console write
   * `console.log(String(tensor))`. `setPrintOptions` changes how. Released, it has no values: `tensor(..., size=(2, 3), released)`.
   */
  override toString(): string {
    const { dtype, shape, strides, released } = this.#array;
    const notes = released ? ['released'] : [];
    if (!this.isLeaf) {
      const { operation } = this.#node!;
      notes.push(`grad_fn=<${operation[0]!.toUpperCase()}${operation.slice(1)}Backward0>`);
    } else if (this.requiresGrad) notes.push('requires_grad=True');
    return printed({ dtype, shape, strides, at: released ? null : this.#array.reader() }, notes);
  }

  // Gradients

  /** Its place in the graph; null when it requires no gradient. @internal */
  get node(): Node | null {
    return this.#node;
  }

  /** Whether it is no recorded operation's output. */
  get isLeaf(): boolean {
    return this.#node === null || this.#node.isLeaf;
  }

  /** Whether operations on it are recorded. May be set on leaves of a floating-point dtype. */
  get requiresGrad(): boolean {
    return this.#node !== null;
  }

  set requiresGrad(requires: boolean) {
    if (!this.isLeaf)
      throw new GraphError(`${this.#label}: expected a leaf to set requiresGrad on, got an operation's output`);
    if (boolean('requiresGrad', requires)) this.#array.floatDType();
    if (requires === this.requiresGrad) return;
    this.#node = requires ? new Node('leaf') : null;
    if (this.#node !== null) this.#node.sink = this;
  }

  /**
   * The gradient that `backward()` has accumulated here; null before. Set it to null to begin anew: the one that was accumulated
   * then belongs to the current scope.
   */
  get grad(): Tensor | null {
    return this.#grad;
  }

  set grad(gradient: Tensor | null) {
    if (gradient !== null) this.#checkGradient('grad', gradient).expectInMemory();
    if (gradient !== null && !gradient.array.isContiguous) {
      throw new ShapeError(`grad: expected a contiguous tensor, got ${gradient.array.describe()}`);
    }
    const former = this.#grad;
    if (gradient === former) return;
    if (this.#ownsGrad && former !== null && !former.array.released) {
      former.array.moveTo(this.#array.core.scopes.current);
    }
    this.#grad = gradient;
    this.#ownsGrad = false;
  }

  /** Keeps the gradient of an operation's output too. Returns this. */
  retainGrad(): this {
    this.#recorded().sink = this;
    return this;
  }

  /** Adds `gradient` to `grad`, which lives as long as this tensor does, when what it returns is called. @internal */
  [accumulate](gradient: StridedArray): () => void {
    const former = this.#grad;
    if (former !== null) {
      return () => binaryInPlace('add', former.#array, gradient);
    }
    const array = gradient.clone();
    if (this.name !== undefined) array.name = `d${this.name}`;
    return () => {
      array.moveTo(this.#array.owner);
      this.#grad = Tensor.of(array);
      this.#ownsGrad = true;
    };
  }

  /**
   * Adds the gradient of this tensor to `grad` of every leaf that it depends on, and of every tensor with `retainGrad()`.
   * Without `gradient` it must have one element. The graph is freed, unless `retainGraph` is set.
   * Throws GraphError, ShapeError, ReleasedError.
   */
  backward(gradient?: Tensor | null, settings?: { retainGraph?: boolean }): void {
    const { retainGraph = false } = options('options', settings, ['retainGraph']);
    boolean('retainGraph', retainGraph);
    this.#array.expectInMemory();
    const node = this.#recorded();
    const given = gradient ?? null;
    if (given === null && this.size !== 1) {
      throw new ShapeError(
        `gradient: expected one of shape ${showShape(this.#array.shape)} for ${this.#label}, got none`,
      );
    }
    const { core, dtype, shape } = this.#array;
    // A copy: what is given may be a gradient that this changes.
    const dout =
      given === null ? StridedArray.full(core, dtype, shape, 1) : this.#checkGradient('gradient', given).clone();
    try {
      backward(core, node, dout, retainGraph);
    } finally {
      dout.release();
    }
  }

  /** A view of the same memory that requires no gradient. */
  detach(): Tensor {
    return Tensor.of(this.#array.alias());
  }

  // Memory

  /** Releases its memory, once no view on it is left, and its gradient's. */
  dispose(): void {
    const disposed = new Set<Tensor>();
    for (let tensor: Tensor | null = this; tensor !== null && !disposed.has(tensor); tensor = tensor.#grad) {
      disposed.add(tensor);
      if (!tensor.#array.released) tensor.#node?.drop();
      tensor.#array.release();
    }
  }

  // Elementwise, with NumPy's broadcasting. A number counts as a scalar of this dtype.

  /** this + other */
  add(other: Tensor | number): Tensor {
    return this.#binary('add', other);
  }

  /** this - other */
  sub(other: Tensor | number): Tensor {
    return this.#binary('sub', other);
  }

  /** this * other */
  mul(other: Tensor | number): Tensor {
    return this.#binary('mul', other);
  }

  /** this / other */
  div(other: Tensor | number): Tensor {
    return this.#binary('div', other);
  }

  /** -this */
  neg(): Tensor {
    return new Tensor(unary('neg', this));
  }

  /** e to the power of this; error bound in docs/accuracy.md. */
  exp(): Tensor {
    return new Tensor(unary('exp', this));
  }

  /** Natural logarithm; error bound in docs/accuracy.md. */
  log(): Tensor {
    return new Tensor(unary('log', this));
  }

  /** Hyperbolic tangent; error bound in docs/accuracy.md. */
  tanh(): Tensor {
    return new Tensor(unary('tanh', this));
  }

  /** Square root. */
  sqrt(): Tensor {
    return new Tensor(unary('sqrt', this));
  }

  /** this to a scalar power. 2, 3, 0.5, -0.5, -1 and -2 are computed from products, quotients and square roots. */
  pow(exponent: number): Tensor {
    return new Tensor(pow(this, number('exponent', exponent)));
  }

  // In place, on tensors that no graph needs

  /** Adds `other`, which broadcasts to this. Returns this. */
  add_(other: Tensor | number): this {
    return this.#inPlace('add', other);
  }

  /** Subtracts `other`, which broadcasts to this. Returns this. */
  sub_(other: Tensor | number): this {
    return this.#inPlace('sub', other);
  }

  /** Multiplies by `other`, which broadcasts to this. Returns this. */
  mul_(other: Tensor | number): this {
    return this.#inPlace('mul', other);
  }

  /** Divides by `other`, which broadcasts to this. Returns this. */
  div_(other: Tensor | number): this {
    return this.#inPlace('div', other);
  }

  /** Sets every element to `value`. Returns this. */
  fill_(value: number): this {
    this.#writable()
      .elements()
      .fill(checkedElement('value', value, this.dtype));
    this.#array.touch();
    return this;
  }

  /** Sets every element to 0. Returns this. */
  zero_(): this {
    return this.fill_(0);
  }

  /**
   * Sets, or with `accumulate` adds to, the elements that `index(...indices)` selects; `values` is a number or of that shape.
   * Returns this.
   */
  indexPut_(indices: readonly Indices[], values: Tensor | number, settings?: { accumulate?: boolean }): this {
    const { accumulate: adds = false } = options('options', settings, ['accumulate']);
    boolean('accumulate', adds);
    if (!Array.isArray(indices)) throw new TypeError(`indices: expected a list of indices, got ${show(indices)}`);
    const array = this.#writable();
    const source = this.#operand('values', values);
    this.#expectNoGradient('values', source);
    if (typeof source === 'number') checkedElement('values', source, this.dtype);
    this.#withIndices(indices, (chosen) =>
      indexPut(array, chosen, typeof source === 'number' ? source : source.array, adds),
    );
    return this;
  }

  // Reductions

  /** Sum over the axes `dim`, or over all; an empty list means all, as in PyTorch. */
  sum(dim?: number | readonly number[], options?: ReduceOptions): Tensor {
    return new Tensor(sum(this, axesOf('dim', dim, this.ndim), keepdimOf(options)));
  }

  /** Mean over the axes `dim`, or over all; an empty list means all. */
  mean(dim?: number | readonly number[], options?: ReduceOptions): Tensor {
    return new Tensor(mean(this, axesOf('dim', dim, this.ndim), keepdimOf(options)));
  }

  /** The largest element; its gradient is shared evenly by equal ones. NaN where one is. */
  max(): Tensor;
  /**
   * The largest elements along the axis `dim`, and the indices (int32) where each stands first, to which the gradient goes.
   * NaN counts as the largest.
   */
  max(dim: number, options?: ReduceOptions): { values: Tensor; indices: Tensor };
  max(dim?: number, options?: ReduceOptions): Tensor | { values: Tensor; indices: Tensor } {
    if (dim === undefined) {
      if (keepdimOf(options)) throw new TypeError('keepdim: expected an axis dim to keep, got none');
      return new Tensor(maxOfAll(this));
    }
    const { values, indices } = maximum(this, checkedDim('dim', dim, this.ndim), keepdimOf(options));
    return { values: new Tensor(values), indices: Tensor.of(indices) };
  }

  /** Index (int32) of the first largest element, along the axis `dim` or of all elements in row-major order. */
  argmax(dim?: number, options?: ReduceOptions): Tensor {
    const axis = dim === undefined ? undefined : checkedDim('dim', dim, this.ndim);
    const keepdim = keepdimOf(options);
    return this.#withoutGradient(() => argmax(this.#array, axis, keepdim));
  }

  // Shapes

  /** The elements of a contiguous tensor in another shape, as a view; one size may be -1. Throws ShapeError. */
  view(...shape: number[] | [readonly number[]]): Tensor {
    return new Tensor(view(this, sizesOf(shape)));
  }

  /** The elements in another shape, as a view where that is possible; one size may be -1. Throws ShapeError. */
  reshape(...shape: number[] | [readonly number[]]): Tensor {
    return new Tensor(reshape(this, sizesOf(shape)));
  }

  /** The view in which axes `dim0` and `dim1` have changed places. */
  transpose(dim0: number, dim1: number): Tensor {
    return new Tensor(transpose(this, checkedDim('dim0', dim0, this.ndim), checkedDim('dim1', dim1, this.ndim)));
  }

  /** The transpose of a matrix. */
  get T(): Tensor {
    if (this.ndim !== 2) throw new ShapeError(`${this.#label}: expected a matrix to transpose, got ${this.ndim} axes`);
    return this.transpose(0, 1);
  }

  /** The view that repeats axes of size 1, and adds axes in front, up to `shape`. Throws ShapeError. */
  expand(...shape: number[] | [readonly number[]]): Tensor {
    const sizes = checkedShape('shape', sizesOf(shape));
    checkBroadcast('shape', this.#array.shape, sizes);
    return new Tensor(expand(this, sizes));
  }

  /** A view of this where it is row-major already, otherwise a row-major copy. */
  contiguous(): Tensor {
    return new Tensor(contiguous(this));
  }

  /** A row-major copy. */
  clone(): Tensor {
    return new Tensor(clone(this));
  }

  /**
   * A copy in another dtype. To int32, numbers are cut towards 0; throws RangeError for one that int32 does not reach, NaN among
   * them, which PyTorch turns into anything.
   */
  to(dtype: DType): Tensor {
    oneOf('dtype', dtype, dtypeNames);
    if (dtype !== 'int32') return new Tensor(to(this, dtype));
    return this.#withoutGradient(() => StridedArray.from(this.#array.core, dtype, this.#array.shape, this.#integers()));
  }

  // Products and choices

  /** this @ other for [m, k] and [k, n]; a vector counts as a row on the left and as a column on the right. */
  matmul(other: Tensor): Tensor {
    return new Tensor(matmul(this, this.#tensor('other', other)));
  }

  /**
   * this[i], rows of the first axis, for indices of any shape; or this[i, j], (row, column) pairs, for two of one shape.
   * Negative indices count from the end. The gradient is added up in the order of the indices.
   *
   * @example
   * const emb = C.index(Xb); // [V, E] by [B, T] gives [B, T, E]
   * const chosen = logprobs.index(hg.arange(B), Yb); // [B]
   */
  index(...indices: [Indices] | [Indices, Indices]): Tensor {
    return this.#withIndices(indices, (arrays) => new Tensor(index(this, arrays)));
  }

  /** Softmax along the axis `dim`, by default the last. */
  softmax(dim?: number): Tensor {
    return new Tensor(softmax(this, checkedDim('dim', dim === undefined ? -1 : dim, this.ndim)));
  }

  /** The mean cross-entropy [] of these logits [n, classes] with the target classes (int32 [n]). */
  crossEntropy(targets: Tensor): Tensor {
    return new Tensor(crossEntropy(this, this.#tensor('targets', targets)));
  }

  /**
   * Batch norm over the rows of [n, features], n >= 2, with Bessel's correction as the notebook has it:
   * gain * (this - mean) / sqrt(variance + eps) + bias, for gain and bias of [features] or [1, features].
   */
  batchNorm(gain: Tensor, bias: Tensor, settings?: { eps?: number }): Tensor {
    const { eps = 1e-5 } = options('options', settings, ['eps']);
    finite('eps', eps, 0);
    return new Tensor(batchNorm(this, this.#tensor('gain', gain), this.#tensor('bias', bias), eps));
  }

  /** The array of `gradient`, when it has this core, dtype and shape. */
  #checkGradient(name: string, gradient: Tensor): StridedArray {
    const { array } = this.#tensor(name, gradient);
    if (array.dtype !== this.dtype) throw new DTypeError(`${name}: expected ${this.dtype}, got ${array.dtype}`);
    if (!sameShape(array.shape, this.#array.shape)) {
      throw new ShapeError(`${name}: expected ${showShape(this.#array.shape)}, got ${showShape(array.shape)}`);
    }
    return array;
  }

  /** Its place in the graph. Throws GraphError where it has none. */
  #recorded(): Node {
    if (this.#node !== null) return this.#node;
    throw new GraphError(`${this.#label}: expected a tensor that requires a gradient, got one that does not`);
  }

  /** What error messages say of it: its name, or "tensor", with dtype and shape. */
  get #label(): string {
    return this.#array.describe();
  }

  /** `value` when it is a tensor of the same core. */
  #tensor(name: string, value: unknown): Tensor {
    return Tensor.checked(name, value, this.#array.core);
  }

  /** `value` when it is a number or a tensor of the same core. */
  #operand(name: string, value: Tensor | number): Tensor | number {
    return typeof value === 'number' ? value : this.#tensor(name, value);
  }

  /** Its elements, cut towards 0, when int32 reaches all of them. */
  #integers(): TypedArray {
    const { data } = this;
    const outside = data.findIndex((value) => !(value > -(2 ** 31) - 1 && value < 2 ** 31));
    if (outside >= 0) {
      throw new RangeError(
        `${this.#label}: expected numbers that int32 reaches, got ${data[outside]} at element ${outside}`,
      );
    }
    return data;
  }

  /** A tensor that requires no gradient, of the array that `make` returns; what else it allocates is released. */
  #withoutGradient(make: () => StridedArray): Tensor {
    return Tensor.of(this.#array.core.scopes.run((keep) => keep(make())));
  }

  /** What `use` returns for the indices as arrays; those made from lists are released afterwards. */
  #withIndices<Result>(indices: readonly Indices[], use: (arrays: StridedArray[]) => Result): Result {
    const { core } = this.#array;
    const made: StridedArray[] = [];
    try {
      return use(
        list('indices', indices, (name, along) => {
          if (Tensor.is(along)) return this.#tensor(name, along).array;
          const values = indexList(name, along);
          const array = StridedArray.from(core, 'int32', [values.length], values);
          made.push(array);
          return array;
        }),
      );
    } finally {
      for (const array of made) array.release();
    }
  }

  #binary(name: BinaryName, other: Tensor | number): Tensor {
    return new Tensor(binary(name, this, this.#operand('other', other)));
  }

  #inPlace(name: BinaryName, other: Tensor | number): this {
    const array = this.#writable();
    const source = this.#operand('other', other);
    this.#expectNoGradient('other', source);
    if (typeof source === 'number') binaryInPlace(name, array, source);
    else {
      if (source.dtype !== this.dtype) throw new DTypeError(`other: expected ${this.dtype}, got ${source.dtype}`);
      checkBroadcast('other', source.array.shape, this.#array.shape);
      binaryInPlace(name, array, source.array);
    }
    return this;
  }

  /** Throws GraphError for an operand in place whose gradient would be lost. */
  #expectNoGradient(name: string, operand: Tensor | number): void {
    if (typeof operand === 'number' || !operand.requiresGrad || !isRecording()) return;
    throw new GraphError(
      `${name}: expected an operand that requires no gradient, for changes in place are not recorded, got ${operand.array.describe()}; use noGrad, detach() or an operation that makes a tensor`,
    );
  }

  /** Its array, when it may be changed in place. */
  #writable(): StridedArray {
    if (this.#node !== null && isRecording()) {
      const origin = this.isLeaf
        ? 'a leaf that requires one'
        : `the output of ${this.#node.operation}, which is recorded because an operand requires a gradient`;
      throw new GraphError(
        `${this.#label}: expected a tensor that requires no gradient to change in place, got ${origin}; ` +
          'write gradients and updates inside hg.noGrad(() => { … })',
      );
    }
    if (!this.#array.isContiguous)
      throw new ShapeError(`${this.#label}: expected a contiguous tensor to change in place`);
    return this.#array;
  }
}

// JSON.stringify gives toJSON a key.
strictArguments(Tensor.prototype, ['view', 'reshape', 'expand', 'index', 'toJSON']);

function keepdimOf(settings: ReduceOptions | undefined): boolean {
  return boolean('keepdim', options('options', settings, ['keepdim']).keepdim ?? false);
}

/** The sizes of a shape that was given as one list or as arguments. */
function sizesOf(shape: readonly (number | readonly number[])[]): readonly number[] {
  return (shape.length === 1 && Array.isArray(shape[0]) ? shape[0] : shape) as readonly number[];
}

function indexList(name: string, indices: unknown): ArrayLike<number> {
  if (!Array.isArray(indices) && !(indices instanceof Int32Array)) {
    throw new TypeError(`${name}: expected an int32 tensor or a list of integers, got ${show(indices)}`);
  }
  return list(name, indices, (item, index) => checkedElement(item, index, 'int32'));
}

/** Throws ShapeError unless `from` broadcasts to `shape`. */
function checkBroadcast(name: string, from: readonly number[], shape: readonly number[]): void {
  const added = shape.length - from.length;
  if (added < 0 || from.some((size, axis) => size !== 1 && size !== shape[axis + added])) {
    throw new ShapeError(`${name}: expected shapes where ${showShape(from)} broadcasts to ${showShape(shape)}`);
  }
}
