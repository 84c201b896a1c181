// The one owner of linear memory: blocks of 16-byte alignment above the module's constant tables.
//
// Free blocks hang in lists by size, eight sizes to a power of two; which lists hold any stands in a bit map. Allocating and
// releasing therefore take a bounded number of steps, however many blocks there are. Neighbours merge when they are released.

import { CoreError, OutOfMemoryError } from '../base/errors.js';
import { type ArrayOf, type DType, dtypes } from '../base/ndarray.js';
import { showShape } from '../base/shape.js';
import { show } from '../base/show.js';

const pageBytes = 65536;
/** Bytes that 32-bit addresses reach. */
export const addressable = 2 ** 32;
const alignment = 16;
/** Bytes that stay readable behind the last block: kernels load the tail of a row as one or two whole vectors. */
const guard = 32;
/** Blocks of the list of its own size that a request looks at before it takes a larger one. */
const blocksLookedAt = 8;

/** How many addresses of released blocks the map may keep. */
const fewKeys = 1024;

/** What a block is for, in the message of a full memory. */
export interface Content {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A stretch of memory, in use or free. */
class Block {
  pointer = 0;
  bytes = 0;
  content: Content | undefined = undefined;
  free = false;
  /** Its neighbours in memory. */
  before: Block | undefined = undefined;
  after: Block | undefined = undefined;
  /** Its neighbours in the list of free blocks of its size. */
  previous: Block | undefined = undefined;
  next: Block | undefined = undefined;
}

export class Memory {
  readonly wasm: WebAssembly.Memory;
  /**
   * The blocks in use, by address; undefined for an address where there was one. Deleting a key and setting it again would make
   * engines search through all that was deleted.
   */
  #blocks = new Map<number, Block | undefined>();
  #inUse = 0;
  readonly #base: number;
  /** The block with the highest address. */
  #last: Block | undefined;
  /** Blocks that became part of their neighbours, to be used again: making objects costs more than all else here. */
  readonly #spare: Block[] = [];
  /** The first free block of each size. */
  readonly #lists: (Block | undefined)[] = [];
  /** Bit i mod 32 of word i / 32 says whether list i has a block. */
  readonly #filled = new Int32Array(8);
  #used = 0;
  #closed = false;

  /** Owns `wasm` from address `base` on. */
  constructor(wasm: WebAssembly.Memory, base: number) {
    this.wasm = wasm;
    this.#base = align(natural('base', base));
  }

  /** Bytes in blocks that are allocated now. */
  get usedBytes(): number {
    return this.#used;
  }

  /**
   * Address of a new block of at least `bytes` bytes, contents undefined. Throws RangeError for what is no number of bytes,
   * OutOfMemoryError, and changes nothing then.
   */
  allocate(bytes: number, content?: Content): number {
    this.expectOpen();
    // A shape may have more elements than a number can count.
    const size = bytes === Infinity ? bytes : Math.max(align(natural('bytes', bytes)), alignment);
    if (size > addressable) throw new OutOfMemoryError(this.#full(size));
    const block = this.#take(size) ?? this.#extend(size);
    block.content = content;
    this.#blocks.set(block.pointer, block);
    this.#inUse++;
    this.#used += size;
    return block.pointer;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Ends its use; every block is given back. */
  close(): void {
    this.#closed = true;
    this.#blocks.clear();
    this.#used = 0;
  }

  /** Throws CoreError once it is closed. */
  expectOpen(): void {
    if (this.#closed) throw new CoreError('core: expected one in use, got one disposed of; init() makes a new one');
  }

  /** Gives a block back; once memory is closed, there is none. Throws RangeError for what is no block. */
  release(pointer: number): void {
    if (this.#closed) return;
    const block = this.#blocks.get(pointer);
    if (block === undefined) throw new RangeError(`pointer: expected the address of a block, got ${show(pointer)}`);
    this.#blocks.set(pointer, undefined);
    if (this.#blocks.size > 2 * --this.#inUse + fewKeys) this.#forgetAddresses();
    this.#used -= block.bytes;
    block.content = undefined;
    this.#free(this.#merged(block));
  }

  /** Drops the addresses where there is no block any more. */
  #forgetAddresses(): void {
    const blocks = new Map<number, Block>();
    for (const [pointer, block] of this.#blocks) if (block !== undefined) blocks.set(pointer, block);
    this.#blocks = blocks;
  }

  /** A view on `count` elements at `pointer`. Use it at once: it goes stale when memory grows. Throws RangeError. */
  view<Name extends DType>(dtype: Name, pointer: number, count: number): ArrayOf<Name> {
    const { array, bytes } = dtypes[dtype];
    const end = this.address(pointer) + natural('count', count) * bytes;
    if (end > this.wasm.buffer.byteLength) throw new RangeError(`count: expected elements in memory, got ${count}`);
    return new array(this.wasm.buffer, pointer, count) as ArrayOf<Name>;
  }

  /** `pointer`, when something may be written there: not below the first block, where the module's tables are. */
  address(pointer: number): number {
    if (natural('pointer', pointer) < this.#base) {
      throw new RangeError(`pointer: expected an address of at least ${this.#base}, got ${pointer}`);
    }
    return pointer;
  }

  /** A free block cut to `size` bytes, where there is one that large. */
  #take(size: number): Block | undefined {
    const block = this.#fitting(size) ?? this.#first(listOf(size) + 1);
    if (block === undefined) return undefined;
    this.#unlist(block);
    if (block.bytes > size) this.#free(this.#insertAfter(block, block.pointer + size, block.bytes - size));
    block.bytes = size;
    return block;
  }

  /** One of the first blocks of the list of `size`, where one is large enough. */
  #fitting(size: number): Block | undefined {
    let block = this.#lists[listOf(size)];
    for (let i = 1; i < blocksLookedAt && block !== undefined && block.bytes < size; i++) block = block.next;
    return block !== undefined && block.bytes >= size ? block : undefined;
  }

  /** The first block of the first list from `list` on that has one: each is larger than those of the lists before. */
  #first(list: number): Block | undefined {
    for (let word = list >>> 5, bits = this.#filled[word]! & (-1 << (list & 31)); word < this.#filled.length; ) {
      if (bits !== 0) return this.#lists[word * 32 + 31 - Math.clz32(bits & -bits)];
      bits = this.#filled[++word] ?? 0;
    }
    return undefined;
  }

  /** A block of `size` bytes at the end, of which the last free block becomes a part. */
  #extend(size: number): Block {
    const tail = this.#last?.free ? this.#last : undefined;
    const end = this.#last === undefined ? this.#base : this.#last.pointer + this.#last.bytes;
    const pointer = tail?.pointer ?? end;
    const missing = pointer + size + guard - this.wasm.buffer.byteLength;
    if (missing > 0) this.#grow(missing, size);
    if (tail === undefined) return this.#insertAfter(this.#last, pointer, size);
    this.#unlist(tail);
    tail.bytes = size;
    return tail;
  }

  /** Grows by half of what there is, so that growing often costs little; by what is missing where the engine gives no more. */
  #grow(missing: number, size: number): void {
    const pages = Math.ceil(missing / pageBytes);
    const generous = Math.max(pages, this.wasm.buffer.byteLength / pageBytes / 2) >>> 0;
    if (generous > pages && this.#grown(generous) === undefined) return;
    const cause = this.#grown(pages);
    if (cause !== undefined) throw new OutOfMemoryError(this.#full(size), { cause });
  }

  /** What the engine throws when it is asked for more pages. */
  #grown(pages: number): unknown {
    try {
      this.wasm.grow(pages);
      return undefined;
    } catch (cause) {
      return cause;
    }
  }

  #full(size: number): string {
    const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    const begin = `memory: expected room for ${megabytes(size)} more, got none beyond ${megabytes(this.wasm.buffer.byteLength)}`;
    const tensors = [...this.#blocks.values()].filter((block) => block?.content !== undefined) as Block[];
    if (tensors.length === 0) return begin;
    const { bytes, content } = tensors.reduce((largest, block) => (block.bytes > largest.bytes ? block : largest));
    const what = `${content!.dtype} ${showShape(content!.shape)} of ${megabytes(bytes)}`;
    return `${begin}; ${tensors.length} tensors are alive, the largest ${what}; hg.scope(() => …) releases what is made in it`;
  }

  /** A block that is released, and the free ones next to it, as one. */
  #merged(block: Block): Block {
    const { before, after } = block;
    if (after?.free) {
      this.#unlist(after);
      this.#absorb(block, after);
    }
    if (!before?.free) return block;
    this.#unlist(before);
    this.#absorb(before, block);
    return before;
  }

  /** Makes `block` reach over its neighbour `after`. */
  #absorb(block: Block, after: Block): void {
    block.bytes += after.bytes;
    block.after = after.after;
    if (after.after === undefined) this.#last = block;
    else after.after.before = block;
    this.#spare.push(after);
  }

  #insertAfter(before: Block | undefined, pointer: number, bytes: number): Block {
    const block = this.#spare.pop() ?? new Block();
    const after = before?.after;
    block.pointer = pointer;
    block.bytes = bytes;
    block.before = before;
    block.after = after;
    if (before !== undefined) before.after = block;
    if (after === undefined) this.#last = block;
    else after.before = block;
    return block;
  }

  /** Puts a block into the list of its size. */
  #free(block: Block): void {
    const list = listOf(block.bytes);
    const next = this.#lists[list];
    block.free = true;
    block.next = next;
    if (next !== undefined) next.previous = block;
    this.#lists[list] = block;
    this.#filled[list >>> 5]! |= 1 << (list & 31);
  }

  /** Takes a block out of the list of its size. */
  #unlist(block: Block): void {
    const { previous, next } = block;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else {
      const list = listOf(block.bytes);
      this.#lists[list] = next;
      if (next === undefined) this.#filled[list >>> 5]! &= ~(1 << (list & 31));
    }
    block.free = false;
    block.previous = undefined;
    block.next = undefined;
  }
}

/**
 * The list of blocks of `bytes` bytes. With n = bytes / 16, the blocks of list n for n < 16; from there on eight lists to a power
 * of two, each from a multiple of its eighth on.
 */
function listOf(bytes: number): number {
  const n = bytes / alignment;
  if (n < 16) return n;
  const power = 31 - Math.clz32(n);
  return (power - 3) * 8 + (n >>> (power - 3));
}

function align(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

/** `value` when it is an integer of at least 0, the last check before memory is touched. */
function natural(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) {
    throw new RangeError(`${name}: expected an integer of at least 0, got ${show(value)}`);
  }
  return value;
}
