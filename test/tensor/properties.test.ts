import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elementCount } from '../../src/base/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { hg, leaf } from '../support/handgrad.js';
import { expectWithin } from '../support/kernels.js';

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });

/** Two shapes that broadcast with each other: axes of one made 1, or left out in front. */
const broadcasting = fc
  .tuple(shape, fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 4, maxLength: 4 }), fc.nat(4), fc.nat(4))
  .map(([full, ones, aSkip, bSkip]) => {
    const shapeOf = (side: 0 | 1, skip: number) => full.map((size, axis) => (ones[axis]![side] ? 1 : size)).slice(skip);
    return [shapeOf(0, aSkip), shapeOf(1, bSkip)] as const;
  });

/** Every index of `shape`, row-major. */
function* indicesOf(shape: readonly number[]): Generator<number[]> {
  for (let i = 0; i < elementCount(shape); i++) {
    let rest = i;
    yield shape.reduceRight<number[]>((index, size) => {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
      return index;
    }, []);
  }
}

/** The element of x that broadcasting puts at `index`. */
function elementAt(x: { data: ArrayLike<number>; shape: readonly number[] }, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return x.data[x.shape.reduce((offset, size, axis) => offset * size + (size === 1 ? 0 : own[axis]!), 0)]!;
}

const plain = (x: Tensor) => ({ data: x.data, shape: x.shape });

describe('for any shapes that broadcast', () => {
  test.each([
    ['add', (x: number, y: number) => x + y],
    ['sub', (x: number, y: number) => x - y],
    ['mul', (x: number, y: number) => x * y],
    ['div', (x: number, y: number) => x / y],
  ] as const)('%s equals its naive twin', (name, op) => {
    fc.assert(
      fc.property(broadcasting, ([aShape, bShape]) =>
        hg.scope(() => {
          const [a, b] = [leaf(aShape, 1), leaf(bShape, 2)];
          const out = a[name](b);
          const rank = Math.max(aShape.length, bShape.length);
          const [x, y] = [plain(a), plain(b)];
          const want = [...indicesOf(out.shape)].map((index) => op(elementAt(x, index), elementAt(y, index)));
          expect(out.shape).toHaveLength(rank);
          expectWithin(out.data, want);
        }),
      ),
    );
  });

  test('the gradient has the shape of the operand, and each element that of the sum of its copies', () => {
    fc.assert(
      fc.property(broadcasting, ([aShape, bShape]) =>
        hg.scope(() => {
          const [a, b] = [leaf(aShape, 1), leaf(bShape, 2)];
          const out = a.mul(b);
          out.sum().backward();
          const x = plain(a);
          for (const [input, other] of [
            [a, plain(b)],
            [b, x],
          ] as const) {
            const want = new Map([...indicesOf(input.shape)].map((index) => [index.join(), 0]));
            for (const index of indicesOf(out.shape)) {
              const own = index.slice(index.length - input.shape.length);
              const key = input.shape.map((size, axis) => (size === 1 ? 0 : own[axis]!)).join();
              want.set(key, want.get(key)! + elementAt(other, index));
            }
            expect(input.grad!.shape).toEqual(input.shape);
            // Sums of at most 256 terms of at most 2, multiples of 2^-6: exact.
            expect([...input.grad!.data].map((value) => value + 0)).toEqual(
              [...want.values()].map((value) => value + 0),
            );
          }
        }),
      ),
    );
  });
});

describe('for any shape', () => {
  const shapeAndAxes = shape.chain((sizes) => fc.tuple(fc.constant(sizes), fc.subarray(sizes.map((_, axis) => axis))));
  /** The axes that a list means: an empty one all of them, as in PyTorch. */
  const meant = (axes: number[], sizes: readonly number[]) => (axes.length > 0 ? axes : sizes.map((_, axis) => axis));

  test('the sum over axes is the sum over each of them, one after the other', () => {
    fc.assert(
      fc.property(shapeAndAxes, fc.boolean(), ([sizes, axes], keepdim) =>
        hg.scope(() => {
          const x = leaf(sizes);
          const nested = meant(axes, sizes)
            .reverse()
            .reduce<Tensor>((sum, axis) => sum.sum(axis, { keepdim }), x);
          const sum = x.sum(axes, { keepdim });
          expect(sum.shape).toEqual(nested.shape);
          // Multiples of 2^-6 of at most 2: exact in any order.
          expect(sum.tolist()).toEqual(nested.tolist());
        }),
      ),
    );
  });

  test('no axes in a list are all axes, as in PyTorch', () => {
    const x = hg.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([x.sum([]).tolist(), x.mean([]).tolist()]).toEqual([21, 3.5]);
    expect(x.sum([], { keepdim: true }).shape).toEqual([1, 1]);
    expect(hg.tensor(5).sum([]).item()).toBe(5);
  });

  test('neighbouring axes are summed as one, bit for bit', () => {
    hg.scope(() => {
      // One axis after the other would round otherwise.
      const x = hg.randn([3, 5, 7, 6], { generator: hg.generator() });
      expect(x.sum([1, 2]).tolist()).toEqual(x.view(3, 35, 6).sum(1).tolist());
      expect(x.sum([0, 2, 3]).tolist()).toEqual(x.view(3, 5, 42).sum(2).sum(0).tolist());
      expect(x.sum([1, 2]).tolist()).not.toEqual(x.sum(2).sum(1).tolist());
    });
  });

  test('mean times the number of elements is the sum', () => {
    fc.assert(
      fc.property(shapeAndAxes, ([sizes, axes]) =>
        hg.scope(() => {
          const x = leaf(sizes);
          const n = elementCount(meant(axes, sizes).map((axis) => sizes[axis]!));
          if (n === 0) return;
          expectWithin(x.mean(axes).mul(n).data, x.sum(axes).data, () => 2 ** -44);
        }),
      ),
    );
  });

  test('view and reshape to a vector and back change nothing, nor do two transposes', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), (sizes, i, j) =>
        hg.scope(() => {
          const x = leaf(sizes);
          expect(x.view(-1).view(sizes).tolist()).toEqual(x.tolist());
          expect(x.reshape(x.size).reshape(sizes).data).toEqual(x.data);
          if (sizes.length === 0) return;
          const [a, b] = [i % sizes.length, j % sizes.length];
          const y = x.transpose(a, b);
          expect(y.transpose(a, b).data).toEqual(x.data);
          expect(y.clone().data).toEqual(y.data);
          const swapped = (index: number[]) => {
            [index[a], index[b]] = [index[b]!, index[a]!];
            return index;
          };
          const from = plain(x);
          const element = (index: number[]) =>
            from.data[sizes.reduce((offset, size, axis) => offset * size + index[axis]!, 0)];
          expect([...y.data]).toEqual([...indicesOf(y.shape)].map((index) => element(swapped(index))));
          expect(y.reshape(-1).data).toEqual(y.data);
        }),
      ),
    );
  });

  test('tensor(x.tolist()) is x', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 }), (sizes) =>
        hg.scope(() => {
          const x = leaf(sizes);
          const again = hg.tensor(x.tolist(), { dtype: 'float64' });
          expect(again.shape).toEqual(sizes);
          expect(again.data).toEqual(x.data);
          expect(hg.tensor(x).data).toEqual(x.data);
        }),
      ),
    );
  });

  test('max over the last axis is the largest of each row, at the index given', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (values, n) =>
        hg.scope(() => {
          const rows = Math.floor(values.length / n);
          if (rows === 0) return;
          const data = Float64Array.from(values.slice(0, rows * n));
          const { values: largest, indices } = hg.tensor(data, { shape: [rows, n] }).max(1);
          for (let r = 0; r < rows; r++) {
            const row = [...data.subarray(r * n, (r + 1) * n)];
            const want = Math.max(...row);
            const first = row.findIndex((x) => x === want || (Number.isNaN(x) && Number.isNaN(want)));
            expect(indices.data[r]).toBe(first);
            expect(largest.data[r]).toBe(row[first]);
          }
        }),
      ),
    );
  });
});
