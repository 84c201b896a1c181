// Whether a core is as it should be: its tables of constants, tensors that nothing may touch, its allocator, its numbers.

import { isDeepStrictEqual } from 'node:util';
import { equals, iterableEquality } from '@vitest/expect';
import type { Handgrad, Tensor } from '../../src/index.js';
import { library } from './library.js';

interface Span {
  readonly what: string;
  readonly start: number;
  readonly words: Uint32Array;
}

export class Health {
  readonly #hg: Handgrad;
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  readonly #spans: Span[] = [];
  /** What nobody refers to may be released. */
  readonly #held: object[] = [];
  #view: Uint32Array;

  constructor(hg: Handgrad) {
    this.#hg = hg;
    const { core } = hg.zeros([0]).array;
    this.#memory = core.memory.wasm;
    this.#base = core.exports.heapBase();
    this.#view = new Uint32Array(this.#memory.buffer);
    this.#watch('the tables of constants', 0, this.#base);
    this.guard();
    const generator = hg.generator().manualSeed(7);
    this.#held.push(generator);
    this.#watch('a generator', generator.pointer, 2512);
  }

  /** Allocates tensors that must stay as they are. */
  guard(): void {
    for (const dtype of ['float32', 'float64', 'int32'] as const) {
      const tensor = this.#hg.tensor([1, -2, 3, -4, 5, -6, 7], { dtype, name: 'guard' });
      this.#held.push(tensor);
      this.#watch(`a guard of ${dtype}`, tensor.array.pointer, tensor.data.byteLength);
    }
  }

  #watch(what: string, start: number, bytes: number): void {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new Uint32Array(this.#memory.buffer);
    this.#spans.push({ what, start: start / 4, words: this.#view.slice(start / 4, (start + bytes) / 4) });
  }

  /** What has changed that must not; undefined where nothing has. Takes a microsecond. */
  wrong(): string | undefined {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new Uint32Array(this.#memory.buffer);
    const view = this.#view;
    for (const { what, start, words } of this.#spans) {
      for (let i = 0; i < words.length; i++) if (view[start + i] !== words[i]) return `${what} changed`;
    }
    const { usedBytes } = this.#hg;
    return Number.isSafeInteger(usedBytes) && usedBytes >= 0 ? undefined : `usedBytes is ${usedBytes}`;
  }

  /** The same, and whether it still allocates, computes, records and draws as it should. */
  wrongAnywhere(): string | undefined {
    const changed = this.wrong();
    const hg = this.#hg;
    if (changed !== undefined || hg.disposed) return changed;
    const scope = hg.scope();
    try {
      return this.#allocates(hg.full([7], 9)) ?? computes(hg);
    } catch (error) {
      const full = error instanceof library.OutOfMemoryError && hg.usedBytes > 2 ** 22;
      return full ? undefined : `a plain use throws ${error}`;
    } finally {
      scope.close();
    }
  }

  #allocates(tensor: Tensor): string | undefined {
    const { pointer } = tensor.array;
    const end = pointer + 28;
    const fits = Number.isInteger(pointer) && pointer % 16 === 0 && pointer >= this.#base;
    if (!fits || end > this.#memory.buffer.byteLength) return `a new tensor is at ${pointer}`;
    const over = this.#spans.find(({ start, words }) => pointer < 4 * (start + words.length) && end > 4 * start);
    if (over !== undefined) return `a new tensor lies over ${over.what}`;
    return tensor.tolist().toString() === '9,9,9,9,9,9,9' ? this.wrong() : 'a new tensor holds other values';
  }
}

function computes(hg: Handgrad): string | undefined {
  for (const dtype of ['float32', 'float64'] as const) {
    const x = hg.tensor([0.5, 1, 2, 3], { dtype });
    const tolerance = { rtol: dtype === 'float32' ? 1e-6 : 1e-14 };
    for (const name of ['exp', 'log', 'tanh'] as const) {
      const want = hg.tensor([0.5, 1, 2, 3].map(Math[name]), { dtype });
      if (!library.allclose(x[name](), want, tolerance)) return `${name} of ${dtype} gives other values`;
    }
  }
  if (!hg.ones([1], { requiresGrad: true }).mul(2).requiresGrad) return 'operations are recorded no longer';
  const generator = hg.generator().manualSeed(42);
  const { data } = generator.randint(0, 1000, [4]);
  generator.dispose();
  // torch.randint(0, 1000, (4,), generator=torch.Generator().manual_seed(42))
  return `${data}` === '542,67,876,414' ? undefined : `a generator gives other numbers: ${data}`;
}

/** What takes two tensors for equal that are not. */
export function takenForEqual(a: Tensor, b: Tensor): string | undefined {
  if (isDeepStrictEqual(a, b)) return 'isDeepStrictEqual takes two tensors for equal';
  return equals(a, b, [iterableEquality]) ? 'expect().toEqual takes two tensors for equal' : undefined;
}
