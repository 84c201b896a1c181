// What belongs to no scope but the outermost: released when nobody can reach it any more.

/** What remains of an owner that nobody can reach. */
export interface Remains {
  drop(): void;
}

interface Member {
  readonly storage: Remains;
}

const many = 10_000;

/**
 * A set that holds its members weakly, and drops the remains of those that the engine finds unreachable. It does so between turns
 * of the event loop, when the engine collects garbage.
 */
export class Unscoped {
  readonly #registry = new FinalizationRegistry<Remains>((remains) => {
    this.#size--;
    remains.drop();
  });
  #size = 0;
  #warned = false;

  /** Members that have not been deleted or found unreachable. */
  get size(): number {
    return this.#size;
  }

  add(member: Member): void {
    this.#registry.register(member, member.storage, member);
    if (++this.#size === many && !this.#warned) {
      this.#warned = true;
      console.warn(
        `handgrad: ${many} tensors live outside any scope; hg.scope(() => …) releases what is made in it as soon as it ends`,
      );
    }
  }

  delete(member: Member): void {
    if (this.#registry.unregister(member)) this.#size--;
  }
}
