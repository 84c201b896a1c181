// The block of linear memory that holds one MT19937 state; its layout stands in assembly/random/mt19937.ts.

import { CoreError, ReleasedError } from '../base/errors.js';
import type { Core } from '../core/core.js';
import { Owned } from '../core/owner.js';
import { Storage } from '../core/storage.js';

const blockBytes = 2512;

/** Words of the state vector. */
export const stateWords = 624;

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
    this.storage = new Storage(core.memory, blockBytes);
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

  /** A view on the state vector and, behind it, the index of the next word. Use it at once. */
  get words(): Uint32Array {
    return new Uint32Array(this.core.memory.wasm.buffer, this.pointer, stateWords + 1);
  }

  /** The normal number kept for the next draw. */
  get normal(): number | undefined {
    const [flag, value] = this.#kept();
    return flag[0] === 0 ? undefined : value[0];
  }

  set normal(normal: number | undefined) {
    const [flag, value] = this.#kept();
    flag[0] = normal === undefined ? 0 : 1;
    value[0] = normal ?? 0;
  }

  /** The next 32-bit output, unsigned. */
  next(): number {
    return this.core.exports.genrandUint32(this.pointer) >>> 0;
  }

  #kept(): [Uint32Array, Float64Array] {
    const { buffer } = this.core.memory.wasm;
    return [new Uint32Array(buffer, this.pointer + 2500, 1), new Float64Array(buffer, this.pointer + 2504, 1)];
  }
}
