// Who releases what: everything made while a scope is open belongs to it, and goes when it closes.
/// <reference lib="esnext.disposable" preserve="true" />

import { strictArguments } from './check.js';
import { ScopeError } from './errors.js';
import { type Remains, Unscoped } from './unscoped.js';

/** What a scope can own. */
export interface Owned {
  /** The scope that owns it. */
  scope: Scope;
  /** Its memory, which goes too when nobody can reach the owner any more. */
  readonly storage: Remains;
  /** Gives its memory back. Called twice, the second call does nothing. */
  release(): void;
}

const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Makes `owned` the property of `scope`, whoever's it was. */
export let adopt: (scope: Scope, owned: Owned) => void;
/** Takes `owned` from its scope; nothing is released. */
export let forget: (owned: Owned) => void;
/** Releases everything that `scope` owns. */
let releaseOwned: (scope: Scope) => void;

/** Owns what was made while it was the innermost open scope. `using s = hg.scope()` closes it at the end of its block. */
export class Scope {
  readonly #scopes: Scopes;
  readonly #owned: Set<Owned> | Unscoped;
  #closed = false;

  static {
    adopt = (scope, owned) => {
      if (owned.scope !== scope) forget(owned);
      owned.scope = scope;
      scope.#owned.add(owned);
    };
    forget = (owned) => {
      owned.scope.#owned.delete(owned);
    };
    releaseOwned = (scope) => {
      const owned = scope.#owned;
      if (owned instanceof Unscoped) return;
      scope.#closed = true;
      for (const each of owned) each.release();
      owned.clear();
    };
    strictArguments(Scope.prototype);
  }

  constructor(scopes: Scopes, owned: Set<Owned> | Unscoped = new Set()) {
    this.#scopes = scopes;
    this.#owned = owned;
  }

  /** Whether it has been closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Number of things it owns. */
  get size(): number {
    return this.#owned.size;
  }

  /**
   * Releases everything it owns. Closing it again does nothing. Scopes are a stack: where one that was opened later is still open,
   * as when two asynchronous functions hold one each across an `await`, that one stays open and a ScopeError is thrown.
   */
  close(): void {
    this.#scopes.close(this);
  }

  [disposeSymbol](): void {
    this.close();
  }
}

/** The scopes of a core that are open, innermost last. The outermost one stays open. */
export class Scopes {
  readonly outermost: Scope = new Scope(this, new Unscoped());
  readonly #open: Scope[] = [this.outermost];
  /** Of owners with a scope apart, which goes when nobody can reach its owner any more. */
  readonly #apart = new FinalizationRegistry<Scope>((scope) => scope.close());
  #current = this.outermost;

  /** The innermost open scope. */
  get current(): Scope {
    return this.#current;
  }

  /** Opens a scope inside the current one. */
  open(): Scope {
    this.#current = new Scope(this);
    this.#open.push(this.#current);
    return this.#current;
  }

  /** See `Scope.close`. */
  close(scope: Scope): void {
    const at = this.#open.lastIndexOf(scope);
    const inside = at < 0 ? 0 : this.#open.length - 1 - at;
    if (at > 0) this.#open.splice(at, 1);
    this.#current = this.#open[this.#open.length - 1]!;
    releaseOwned(scope);
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
    const scope = this.open();
    const kept: Owned[] = [];
    const closeInside = () => {
      while (this.#current !== scope) this.close(this.#current);
    };
    try {
      const result = body((owned) => {
        kept.push(owned);
        return owned;
      });
      closeInside();
      const around = this.#open[this.#open.length - 2]!;
      for (const owned of kept) if (owned.scope === scope) adopt(around, owned);
      return result;
    } finally {
      closeInside();
      this.close(scope);
    }
  }

  /** A scope apart from the open ones that owns what `body` makes. `owner` closes it, or it goes when nobody can reach `owner`. */
  apart(owner: object, body: () => void): Scope {
    const scope = this.open();
    try {
      body();
    } catch (error) {
      scope.close();
      throw error;
    }
    this.#open.pop();
    this.#current = this.#open[this.#open.length - 1]!;
    this.#apart.register(owner, scope);
    return scope;
  }
}
