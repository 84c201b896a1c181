// Scopes: everything made while one is open belongs to it, and goes when it closes.

import { ScopeError } from '../base/errors.js';
import { disposeSymbol, Identified, textOf } from '../base/identified.js';
import { strictArguments } from '../base/surplus.js';
import { Owned, Owner } from './owner.js';
import { Unscoped } from './unscoped.js';

/** Owns what was made while it was the innermost open scope. `using s = hg.scope()` closes it at the end of its block. */
export class Scope extends Identified {
  readonly #owner: Owner;
  readonly #close: (owner: Owner) => void;

  /** @internal */
  constructor(owner: Owner, close: (owner: Owner) => void) {
    super();
    this.#owner = owner;
    this.#close = close;
  }

  /** `Scope(size=3, closed=false)` */
  override toString(): string {
    const { size, closed } = this;
    return textOf('Scope', { size, closed });
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#owner.closed;
  }

  /** Number of things it owns. */
  get size(): number {
    return this.#owner.size;
  }

  /**
   * Releases everything it owns. Closing it again does nothing. Scopes are a stack: where one that was opened later is still open,
   * as when two asynchronous functions hold one each across an `await`, that one stays open and a ScopeError is thrown.
   */
  close(): void {
    this.#close(this.#owner);
  }

  [disposeSymbol](): void {
    this.close();
  }
}

strictArguments(Scope.prototype);

/** The owners of the scopes of a core that are open, innermost last. The outermost one stays open. */
export class Scopes {
  readonly #open: Owner[] = [new Owner(new Unscoped())];
  /** Watches over those who have a scope apart, which goes when nobody can reach them any more. */
  readonly #apart = new FinalizationRegistry<Owner>((owner) => this.close(owner));
  #current = this.#open[0]!;

  /** The owner of what is made now. */
  get current(): Owner {
    return this.#current;
  }

  /** Opens a scope inside the current one, to be closed by hand. */
  open(): Scope {
    return new Scope(this.#enter(), (owner) => this.close(owner));
  }

  /** See `Scope.close`. */
  close(owner: Owner): void {
    const at = this.#open.lastIndexOf(owner);
    const inside = at < 0 ? 0 : this.#open.length - 1 - at;
    if (at > 0) this.#open.splice(at, 1);
    this.#current = this.#open[this.#open.length - 1]!;
    Owned.releaseAll(owner);
    if (inside > 0) {
      throw new ScopeError(
        `scope: expected the one that was opened last to close first, got one with ${inside} opened after it; ` +
          'asynchronous functions that run side by side must not hold scopes across an await',
      );
    }
  }

  /**
   * What `body` returns, run in a scope of its own; what it passes to `keep` goes to the scope around when it returns, and is
   * released with the rest when it throws. Scopes that it opened and left open are closed too.
   */
  run<Result>(body: (keep: <Kept extends Owned>(owned: Kept) => Kept) => Result): Result {
    const own = this.#enter();
    const kept: Owned[] = [];
    try {
      const result = body((owned) => {
        kept.push(owned);
        return owned;
      });
      this.#closeInside(own);
      const around = this.#open[this.#open.length - 2]!;
      for (const owned of kept) if (owned.owner === own && !owned.released) owned.moveTo(around);
      return result;
    } finally {
      this.#closeInside(own);
      this.close(own);
    }
  }

  /** The owner of what `body` makes, apart from the scopes. `user` closes it, or it goes when nobody can reach `user`. */
  apart(user: object, body: () => void): Owner {
    const owner = this.#enter();
    try {
      body();
    } catch (error) {
      this.close(owner);
      throw error;
    }
    this.#open.pop();
    this.#current = this.#open[this.#open.length - 1]!;
    this.#apart.register(user, owner);
    return owner;
  }

  #enter(): Owner {
    this.#current = new Owner();
    this.#open.push(this.#current);
    return this.#current;
  }

  #closeInside(owner: Owner): void {
    while (this.#current !== owner) this.close(this.#current);
  }
}
