// Who releases what: everything made while a scope is open belongs to it, and goes when it closes.
/// <reference lib="esnext.disposable" preserve="true" />

/** What a scope can own. */
export interface Owned {
  /** The scope that owns it. */
  scope: Scope;
  /** Gives its memory back. Called twice, the second call does nothing. */
  release(): void;
}

const disposeSymbol: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** Owns what was made while it was the innermost open scope. `using s = hg.scope()` closes it at the end of its block. */
export class Scope {
  readonly #scopes: Scopes;
  /** The scope around this one; null for the outermost. */
  readonly parent: Scope | null;
  readonly #owned = new Set<Owned>();

  constructor(scopes: Scopes, parent: Scope | null) {
    this.#scopes = scopes;
    this.parent = parent;
  }

  /** Number of things it owns. */
  get size(): number {
    return this.#owned.size;
  }

  /** Makes `owned` this scope's, whoever's it was. */
  adopt(owned: Owned): void {
    owned.scope.forget(owned);
    owned.scope = this;
    this.#owned.add(owned);
  }

  /** Owns `owned` no longer; nothing is released. */
  forget(owned: Owned): void {
    this.#owned.delete(owned);
  }

  /** Releases everything it owns, and closes the scopes opened inside it that are still open. Closing it again does nothing. */
  close(): void {
    this.#scopes.leave(this);
    for (const owned of this.#owned) owned.release();
    this.#owned.clear();
  }

  [disposeSymbol](): void {
    this.close();
  }
}

/** The scopes that are open, innermost last. The outermost one stays open. */
export class Scopes {
  readonly outermost: Scope = new Scope(this, null);
  #current = this.outermost;

  /** The innermost open scope. */
  get current(): Scope {
    return this.#current;
  }

  /** Opens a scope inside the current one. */
  open(): Scope {
    this.#current = new Scope(this, this.#current);
    return this.#current;
  }

  /**
   * What `body` returns, run in a scope of its own; what it passes to `keep` goes to the scope around when it returns, and is
   * released with the rest when it throws.
   */
  run<Result>(body: (keep: <Kept extends Owned>(owned: Kept) => Kept) => Result): Result {
    const outer = this.#current;
    const scope = this.open();
    const kept: Owned[] = [];
    try {
      const result = body((owned) => {
        kept.push(owned);
        return owned;
      });
      for (const owned of kept) if (owned.scope === scope) outer.adopt(owned);
      return result;
    } finally {
      scope.close();
    }
  }

  /** A scope that owns what `body` makes, outlives every open one, and is closed by its owner. */
  detached(body: () => void): Scope {
    const scope = this.open();
    try {
      body();
    } catch (error) {
      scope.close();
      throw error;
    }
    this.leave(scope);
    return scope;
  }

  /** Makes the parent of `scope` the current one, where `scope` is open. */
  leave(scope: Scope): void {
    if (scope.parent === null || !this.#isOpen(scope)) return;
    while (this.#current !== scope) this.#current.close();
    this.#current = scope.parent;
  }

  #isOpen(scope: Scope): boolean {
    for (let open: Scope | null = this.#current; open !== null; open = open.parent) if (open === scope) return true;
    return false;
  }
}
