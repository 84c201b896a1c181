// The one owner of linear memory: blocks of 16-byte alignment above the module's constant tables, first fit, neighbours merged.

import { CoreError, OutOfMemoryError } from './errors.js';
import { type DType, dtypes, type TypedArray } from './ndarray.js';

const pageBytes = 65536;
const alignment = 16;
/** Bytes that stay readable behind the last block: kernels load the tail of a row as one or two whole vectors. */
const guard = 32;

export class Memory {
  readonly wasm: WebAssembly.Memory;
  readonly #blocks = new Map<number, number>();
  /** Free blocks in the order of their addresses, no two of them adjacent. */
  readonly #free: { pointer: number; bytes: number }[] = [];
  #end: number;
  #used = 0;
  #closed = false;

  /** Owns `wasm` from address `base` on. */
  constructor(wasm: WebAssembly.Memory, base: number) {
    this.wasm = wasm;
    this.#end = align(base);
  }

  /** Bytes in blocks that are allocated now. */
  get usedBytes(): number {
    return this.#used;
  }

  /** Address of a new block of at least `bytes` bytes, contents undefined. Throws OutOfMemoryError and changes nothing. */
  allocate(bytes: number): number {
    this.expectOpen();
    const size = Math.max(align(bytes), alignment);
    const pointer = this.#reuse(size) ?? this.#extend(size);
    this.#blocks.set(pointer, size);
    this.#used += size;
    return pointer;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends its use. */
  close(): void {
    this.#closed = true;
  }

  /** Throws CoreError once it is closed. */
  expectOpen(): void {
    if (this.#closed) throw new CoreError('core: expected one in use, got one disposed of; init() makes a new one');
  }

  /** Gives a block back. */
  release(pointer: number): void {
    const bytes = this.#blocks.get(pointer);
    if (bytes === undefined) throw new RangeError(`pointer: expected the address of a block, got ${pointer}`);
    this.#blocks.delete(pointer);
    this.#used -= bytes;
    this.#insert(pointer, bytes);
  }

  /** A view on `count` elements at `pointer`. Use it at once: it goes stale when memory grows. */
  view(dtype: 'float32', pointer: number, count: number): Float32Array;
  view(dtype: 'float64', pointer: number, count: number): Float64Array;
  view(dtype: 'int32', pointer: number, count: number): Int32Array;
  view(dtype: DType, pointer: number, count: number): TypedArray;
  view(dtype: DType, pointer: number, count: number): TypedArray {
    return new dtypes[dtype].array(this.wasm.buffer, pointer, count);
  }

  #reuse(size: number): number | undefined {
    const index = this.#free.findIndex((block) => block.bytes >= size);
    const block = this.#free[index];
    if (block === undefined) return undefined;
    const { pointer } = block;
    if (block.bytes === size) this.#free.splice(index, 1);
    else {
      block.pointer += size;
      block.bytes -= size;
    }
    return pointer;
  }

  #extend(size: number): number {
    const last = this.#free.at(-1);
    const tail = last !== undefined && last.pointer + last.bytes === this.#end ? last : undefined;
    const pointer = tail?.pointer ?? this.#end;
    const missing = pointer + size + guard - this.wasm.buffer.byteLength;
    if (missing > 0) this.#grow(missing, size);
    if (tail !== undefined) this.#free.pop();
    this.#end = pointer + size;
    return pointer;
  }

  #grow(missing: number, size: number): void {
    try {
      this.wasm.grow(Math.ceil(missing / pageBytes));
    } catch (cause) {
      const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
      throw new OutOfMemoryError(
        `memory: expected room for ${megabytes(size)} more, got none beyond ${megabytes(this.wasm.buffer.byteLength)}`,
        { cause },
      );
    }
  }

  #insert(pointer: number, bytes: number): void {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#free[middle]!.pointer < pointer) low = middle + 1;
      else high = middle;
    }
    const previous = this.#free[low - 1];
    const next = this.#free[low];
    const joinsPrevious = previous !== undefined && previous.pointer + previous.bytes === pointer;
    const joinsNext = next !== undefined && pointer + bytes === next.pointer;
    if (joinsPrevious) {
      previous.bytes += bytes + (joinsNext ? next.bytes : 0);
      if (joinsNext) this.#free.splice(low, 1);
    } else if (joinsNext) {
      next.pointer = pointer;
      next.bytes += bytes;
    } else this.#free.splice(low, 0, { pointer, bytes });
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
