// The block of linear memory that holds one MT19937 state; its layout stands in assembly/random/mt19937.ts.

import type { Core } from '../core/core.js';
import { ReleasedError } from '../core/errors.js';

const blockBytes = 2512;

/** Words of the state vector. */
export const stateWords = 624;

export class Mt19937 {
  readonly core: Core;
  readonly #name: string;
  #pointer: number | undefined;

  /** `name` is the owner's, for error messages. The state is undefined until it is seeded. */
  constructor(core: Core, name: string) {
    this.core = core;
    this.#name = name;
    this.#pointer = core.memory.allocate(blockBytes);
  }

  /** Address of the block. */
  get pointer(): number {
    if (this.#pointer === undefined) {
      throw new ReleasedError(`${this.#name}: expected one in use, got one that was disposed of`);
    }
    this.core.memory.expectOpen();
    return this.#pointer;
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

  dispose(): void {
    if (this.#pointer !== undefined) this.core.memory.release(this.#pointer);
    this.#pointer = undefined;
  }

  #kept(): [Uint32Array, Float64Array] {
    const { buffer } = this.core.memory.wasm;
    return [new Uint32Array(buffer, this.pointer + 2500, 1), new Float64Array(buffer, this.pointer + 2504, 1)];
  }
}
