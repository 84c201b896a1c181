// A block of linear memory with several users.

import type { Content, Memory } from './memory.js';

/** A block that goes with the last of its users. */
export class Storage {
  readonly pointer: number;
  /** Counts the changes made in place. */
  version = 0;
  readonly #memory: Memory;
  #users = 0;

  /** A new block, contents undefined. Throws OutOfMemoryError. */
  constructor(memory: Memory, bytes: number, content?: Content) {
    this.#memory = memory;
    this.pointer = memory.allocate(bytes, content);
  }

  /** Notes one more user. */
  use(): void {
    this.#users++;
  }

  /** Notes one user less; the last one gives the block back. */
  drop(): void {
    if (--this.#users === 0) this.#memory.release(this.pointer);
  }
}
