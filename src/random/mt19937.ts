// The block of linear memory that holds one MT19937 state: a struct, and the words behind it.

import { CoreError, ReleasedError } from '../base/errors.js';
import type { Core } from '../core/core.js';
import { Owned } from '../core/owner.js';
import { Storage } from '../core/storage.js';
import { Struct } from '../core/struct.js';

/** Words of the state vector. */
export const stateWords = 624;

/** What stands in front of the words. */
export const stateStruct = new Struct([
  ['index', 'u32'],
  ['kept', 'u32'],
  ['normal', 'f64'],
]);

/** A state in linear memory. It belongs to the scope that is open when it is made. */
export class Mt19937 extends Owned {
  readonly core: Core;
  readonly storage: Storage;
  readonly #name: string;

  /** `name` is the owner's, for error messages. The state is undefined until it is seeded. */
  constructor(core: Core, name: string) {
    super(core.scopes.current);
    this.core = core;
    this.#name = name;
    this.storage = new Storage(core.memory, stateStruct.bytes + 4 * stateWords);
    this.storage.use();
    this.enter();
  }

  /** Address of the block. Throws ReleasedError, or CoreError once the core is disposed of. */
  get pointer(): number {
    if (this.released) {
      throw new ReleasedError(
        `${this.#name}: expected one in use, got one whose scope has ended or that was disposed of`,
      );
    }
    this.core.memory.expectOpen();
    return this.storage.pointer;
  }

  /** Throws CoreError, about the argument `name`, unless it is in the memory of `core`. */
  expectCore(core: Core, name: string): void {
    if (this.core !== core) throw new CoreError(`${name}: expected one of the same core, got another's`);
  }

  /** A copy of the words and, behind them, the index of the next one. */
  get words(): Uint32Array {
    const words = new Uint32Array(stateWords + 1);
    words.set(this.#vector);
    words[stateWords] = this.#get('index');
    return words;
  }

  set words(words: Uint32Array) {
    this.#vector.set(words.subarray(0, stateWords));
    stateStruct.write(this.core.memory, this.pointer, { index: words[stateWords]! });
  }

  /** The normal number kept for the next draw. */
  get normal(): number | undefined {
    return this.#get('kept') === 0 ? undefined : this.#get('normal');
  }

  set normal(normal: number | undefined) {
    const kept = normal === undefined ? 0 : 1;
    stateStruct.write(this.core.memory, this.pointer, { kept, normal: normal ?? 0 });
  }

  /** The next 32-bit output, unsigned. */
  next(): number {
    return this.core.exports.genrandUint32(this.pointer) >>> 0;
  }

  /** A view on the words. Use it at once. */
  get #vector(): Uint32Array {
    return new Uint32Array(this.core.memory.wasm.buffer, this.pointer + stateStruct.bytes, stateWords);
  }

  #get(name: 'index' | 'kept' | 'normal'): number {
    return stateStruct.read(this.core.memory, this.pointer, name);
  }
}
