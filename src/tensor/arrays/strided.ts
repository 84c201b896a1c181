// Arrays in linear memory, and views on them: the values behind tensors, without gradients.

import { CoreError, DTypeError, ReleasedError, ShapeError } from '../../base/errors.js';
import { type DType, dtypes, type FloatDType, type TypedArray } from '../../base/ndarray.js';
import { elementCount, showShape } from '../../base/shape.js';
import { escapeControls } from '../../base/show.js';
import type { Core } from '../../core/core.js';
import type { Kernels } from '../../core/exports.js';
import { Owned } from '../../core/owner.js';
import { Storage } from '../../core/storage.js';
import { broadcastStrides, contiguousStrides, fitShape, isContiguous, walk } from './layout.js';

/** A view on a block of memory: element [i, j, …] stands `offset + i * strides[0] + j * strides[1] + …` elements into it. */
export class StridedArray extends Owned {
  readonly core: Core;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  /** What error messages call it. */
  name: string | undefined = undefined;
  readonly storage: Storage;

  private constructor(core: Core, layout: Layout, storage: Storage) {
    super(core.scopes.current);
    this.core = core;
    this.dtype = layout.dtype;
    this.shape = layout.shape;
    this.strides = layout.strides;
    this.offset = layout.offset ?? 0;
    this.storage = storage;
    storage.use();
    this.enter();
  }

  /** A new contiguous array, contents undefined, owned by the current scope. */
  static allocate(core: Core, dtype: DType, shape: readonly number[]): StridedArray {
    const layout = { dtype, shape, strides: contiguousStrides(shape) };
    return new StridedArray(core, layout, new Storage(core.memory, elementCount(shape) * dtypes[dtype].bytes, layout));
  }

  /** A new contiguous array of `value`. */
  static full(core: Core, dtype: DType, shape: readonly number[], value: number): StridedArray {
    const array = StridedArray.allocate(core, dtype, shape);
    array.elements().fill(value);
    return array;
  }

  /** A new contiguous array that holds `data`. */
  static from(core: Core, dtype: DType, shape: readonly number[], data: ArrayLike<number>): StridedArray {
    const array = StridedArray.allocate(core, dtype, shape);
    // One whose buffer has been given away has no elements, and can't be read.
    if (data.length > 0) array.elements().set(data);
    return array;
  }

  get count(): number {
    return elementCount(this.shape);
  }

  get isContiguous(): boolean {
    return isContiguous(this.shape, this.strides);
  }

  /** Whether its memory has been given back, with the whole core's perhaps. */
  override get released(): boolean {
    return super.released || this.core.memory.closed;
  }

  /** Throws ReleasedError unless it is in memory still. */
  expectInMemory(): void {
    if (this.released) throw new ReleasedError(`${this.describe()}: expected a tensor in memory, got one released`);
  }

  /** Throws CoreError, about the argument `name`, unless it is in the memory of `core`. */
  expectCore(core: Core, name: string): void {
    if (this.core !== core) {
      throw new CoreError(`${name}: expected a tensor of the same core, got ${this.describe()} of another`);
    }
  }

  /** Address of its first element. Throws ReleasedError. */
  get pointer(): number {
    this.expectInMemory();
    return this.storage.pointer + this.offset * dtypes[this.dtype].bytes;
  }

  /** How often the memory behind it has been changed in place. */
  get version(): number {
    return this.storage.version;
  }

  /** Notes that the memory behind it has been changed in place. */
  touch(): void {
    this.storage.version++;
  }

  sharesMemoryWith(other: StridedArray): boolean {
    return this.storage === other.storage;
  }

  /** Its name, or "tensor", with dtype and shape. */
  describe(): string {
    return `${escapeControls((this.name ?? 'tensor').slice(0, 60))} (${this.dtype} ${showShape(this.shape)})`;
  }

  /** Its elements in memory, for a contiguous array. Use the view at once: it goes stale when memory grows. */
  elements(): TypedArray {
    return this.core.memory.view(this.dtype, this.pointer, this.count);
  }

  /** What reads the element so many elements behind the first. Use it at once, as `elements()`. */
  reader(): (offset: number) => number {
    const last = this.shape.reduce((offset, size, axis) => offset + (size - 1) * this.strides[axis]!, 0);
    const elements = this.core.memory.view(this.dtype, this.pointer, this.count === 0 ? 0 : last + 1);
    return (offset) => elements[offset]!;
  }

  /** A copy of its elements, row-major. */
  toTypedArray(): TypedArray {
    if (this.isContiguous) return this.elements().slice();
    const copy = this.clone();
    const data = copy.elements().slice();
    copy.release();
    return data;
  }

  /** Its dtype, when it is a floating-point one. Throws DTypeError. */
  floatDType(): FloatDType {
    if (this.dtype === 'int32') throw new DTypeError(`${this.describe()}: expected float32 or float64, got int32`);
    return this.dtype;
  }

  /** Some of its elements in a new order, from the one `offset` elements behind its first on: another view of the same memory. */
  viewAs(shape: readonly number[], strides: readonly number[], offset: number = 0): StridedArray {
    this.expectInMemory();
    const layout = { dtype: this.dtype, shape, strides, offset: this.offset + offset };
    return new StridedArray(this.core, layout, this.storage);
  }

  /** The view of every `step`-th element along `axis`, `length` of them, from `start` on. */
  slice(axis: number, start: number, length: number, step: number = 1): StridedArray {
    const stride = this.strides[axis]!;
    const shape = this.shape.map((size, i) => (i === axis ? length : size));
    const strides = this.strides.map((own, i) => (i === axis ? own * step : own));
    return this.viewAs(shape, strides, stride * start);
  }

  /** A view of the same array. */
  alias(): StridedArray {
    return this.viewAs(this.shape, this.strides);
  }

  /** A contiguous array seen with another shape; one size may be -1. Throws ShapeError. */
  view(shape: readonly number[]): StridedArray {
    const fitting = fitShape('shape', shape, this.count);
    if (!this.isContiguous) {
      throw new ShapeError(`shape: expected a contiguous tensor to view, got ${this.describe()}; reshape copies it`);
    }
    return this.viewAs(fitting, contiguousStrides(fitting));
  }

  /** The view in which axes `a` and `b` have changed places. */
  transpose(a: number, b: number): StridedArray {
    const swap = (values: readonly number[]) =>
      values.map((value, axis) => (axis === a ? values[b]! : axis === b ? values[a]! : value));
    return this.viewAs(swap(this.shape), swap(this.strides));
  }

  /** The view that repeats it to a larger shape that it broadcasts to. */
  expand(shape: readonly number[]): StridedArray {
    return this.viewAs(shape, broadcastStrides(this.shape, this.strides, shape));
  }

  /** Itself where it is contiguous, a contiguous copy otherwise. */
  contiguous(): StridedArray {
    return this.isContiguous ? this : this.clone();
  }

  /** A contiguous copy. */
  clone(): StridedArray {
    const out = StridedArray.allocate(this.core, this.dtype, this.shape);
    out.copyFrom(this);
    return out;
  }

  /** Writes `values`, row-major, to its elements, however they stand; one that repeats elements stays as it is. */
  overwrite(values: TypedArray): void {
    const { shape, strides } = this;
    if (this.isContiguous) {
      this.elements().set(values);
      return;
    }
    if (shape.some((size, axis) => size > 1 && strides[axis] === 0)) return;
    const last = shape.reduce((at, size, axis) => at + (size - 1) * strides[axis]!, 0);
    const memory = this.core.memory.view(this.dtype, this.pointer, values.length === 0 ? 0 : last + 1);
    for (let i = 0; i < values.length; i++) {
      let [at, rest] = [0, i];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += (rest % shape[axis]!) * strides[axis]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      memory[at] = values[i]!;
    }
  }

  /** The kernels that move elements of its size bit by bit, whatever they mean. */
  get movers(): Pick<Kernels, 'copy' | 'gather'> {
    return this.core.kernels[this.dtype === 'int32' ? 'float32' : this.dtype];
  }

  /** Copies `from`, of the same shape and dtype, into this contiguous array. */
  copyFrom(from: StridedArray): void {
    const { bytes } = dtypes[this.dtype];
    const { copy } = this.movers;
    const plan = walk(this.shape, [from.strides]);
    const source = from.pointer;
    let to = this.pointer;
    plan.forEachPlane(([offset]) => {
      const { rows, columns, rowStrides, columnStrides } = plan;
      copy(to, source + offset! * bytes, rows, columns, rowStrides[0]!, columnStrides[0]!);
      to += rows * columns * bytes;
    });
  }
}

interface Layout {
  dtype: DType;
  shape: readonly number[];
  strides: readonly number[];
  offset?: number;
}
