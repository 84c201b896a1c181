// Who releases what. Everything in linear memory has an owner, which releases all that it owns at once.

import type { Remains, Unscoped } from './unscoped.js';

/** What can be owned. Links and owner are private, so that printing or comparing one never walks over what others own. */
export abstract class Owned {
  #owner: Owner;
  #before: Owned | undefined;
  #after: Owned | undefined;
  #released = false;

  /** Its memory, which goes too when nobody can reach it any more. */
  abstract readonly storage: Remains;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  get owner(): Owner {
    return this.#owner;
  }

  /** Whether its memory has been given back. */
  get released(): boolean {
    return this.#released;
  }

  /** Begins to be owned, by the owner that it was made with. */
  protected enter(): void {
    const owner = this.#owner;
    if (owner.unscoped !== undefined) {
      owner.unscoped.add(this);
      return;
    }
    this.#before = undefined;
    this.#after = owner.first;
    if (owner.first !== undefined) owner.first.#before = this;
    owner.first = this;
    owner.size++;
  }

  /** Makes it the property of `owner`. */
  moveTo(owner: Owner): void {
    this.#leave();
    this.#owner = owner;
    this.enter();
  }

  /** Gives its memory back. Called twice, the second call does nothing. */
  release(): void {
    if (this.#released) return;
    this.#leave();
    this.#free();
  }

  /** Releases everything that `owner` owns. */
  static releaseAll(owner: Owner): void {
    let owned = owner.first;
    owner.first = undefined;
    owner.size = 0;
    owner.closed = true;
    while (owned !== undefined) {
      const after: Owned | undefined = owned.#after;
      owned.#before = undefined;
      owned.#after = undefined;
      owned.#free();
      owned = after;
    }
  }

  #free(): void {
    this.#released = true;
    this.storage.drop();
  }

  #leave(): void {
    const owner = this.#owner;
    if (owner.unscoped !== undefined) {
      owner.unscoped.delete(this);
      return;
    }
    if (this.#before !== undefined) this.#before.#after = this.#after;
    else if (owner.first === this) owner.first = this.#after;
    if (this.#after !== undefined) this.#after.#before = this.#before;
    owner.size--;
  }
}

/** The head of the list of what belongs together; or, for what belongs to no scope, a set that holds it weakly. */
export class Owner {
  first: Owned | undefined = undefined;
  size = 0;
  closed = false;
  readonly unscoped: Unscoped | undefined;

  constructor(unscoped?: Unscoped) {
    this.unscoped = unscoped;
  }
}
