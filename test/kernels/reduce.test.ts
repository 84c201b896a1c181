import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

/** [outer, n, inner] */
const layouts = [
  ...widths.flatMap((width) => [
    [3, width, 1],
    [1, width, 5],
    [2, 3, width],
    [1, 1, width],
    [width, 1, 1],
  ]),
  [1, 1000, 1],
  [1, 4099, 1],
  [1, 1000, 7],
] as [number, number, number][];

describeKernels('sum', ({ core, kernels, eps, zeros, from, numbers }) => {
  const sum = (a: naive.Floats, outer: number, n: number, inner: number) =>
    call(core, { out: zeros(outer * inner) }, { a }, (p) => kernels.sum(p.out, p.a, outer, n, inner)).out;

  // Pairwise: at most 20 + log2 n roundings a term; the oracle, in float64, one a term.
  test('is within (20 + log2 n) eps/2 Σ|a| of its naive twin, for every layout', () => {
    for (const [outer, n, inner] of layouts) {
      const a = numbers(outer * n * inner, n);
      const [want, terms] = [new Float64Array(outer * inner), new Float64Array(outer * inner)];
      naive.sum(want, a, outer, n, inner);
      naive.sum(terms, a.map(Math.abs), outer, n, inner);
      const bound = ((20 + Math.log2(n)) * eps + n * 2 ** -52) / 2;
      expectWithin(sum(a, outer, n, inner), want, (i) => bound * terms[i]!, `[${outer}, ${n}, ${inner}]`);
    }
  });

  test('runs in the stated order, to the bit', () => {
    const vector = 16 / zeros(1).BYTES_PER_ELEMENT;
    const [cell] = [zeros(1)];
    const add = (x: number, y: number) => {
      cell[0] = x + y;
      return cell[0]!;
    };
    /** sumVectors for one lane. */
    const lane = (terms: naive.Floats): number => {
      if (terms.length > 64) {
        const first = Math.max(Math.floor(terms.length / 2 / 64) * 64, 64);
        return add(lane(terms.subarray(0, first)), lane(terms.subarray(first)));
      }
      const partial = [0, 0, 0, 0];
      terms.forEach((term, i) => {
        partial[i % 4] = add(partial[i % 4]!, term);
      });
      return add(add(partial[0]!, partial[1]!), add(partial[2]!, partial[3]!));
    };
    for (const n of [...widths, 1000, 4099]) {
      const row = numbers(n, n).map((x) => x ** 3);
      const whole = n - (n % vector);
      const lanes = Array.from({ length: vector }, (_, l) => {
        const sum = lane(row.subarray(0, whole).filter((_, i) => i % vector === l));
        return n > whole ? add(sum, row[whole + l] ?? 0) : sum;
      });
      const pairs = vector === 4 ? [add(lanes[0]!, lanes[2]!), add(lanes[1]!, lanes[3]!)] : lanes;
      expect(sum(row, 1, n, 1)[0]).toBe(add(pairs[0]!, pairs[1]!));
      for (const inner of [3, 37]) {
        const columns = numbers(n * inner, n);
        const want = Array.from({ length: inner }, (_, c) => lane(columns.filter((_, i) => i % inner === c)));
        expect([...sum(columns, 1, n, inner)]).toEqual(want);
      }
    }
  });

  test('of integers is exact', () => {
    const a = from(Array.from({ length: 1000 }, (_, i) => i));
    expect(sum(a, 1, 1000, 1)[0]).toBe(499500);
    expect([...sum(a, 10, 10, 10)]).toEqual(
      Array.from({ length: 100 }, (_, i) => 10 * (100 * Math.floor(i / 10) + 45 + (i % 10))),
    );
  });

  test('over no elements is 0, and without outer or inner elements nothing is written', () => {
    expect([...sum(zeros(0), 3, 0, 1), ...sum(zeros(0), 2, 0, 3)]).toEqual(new Array(9).fill(0));
    expect(sum(zeros(0), 0, 5, 1)).toHaveLength(0);
    expect(sum(zeros(0), 2, 5, 0)).toHaveLength(0);
  });

  test('a NaN or infinity makes its own sum NaN or infinite, and no other', () => {
    for (const n of widths) {
      for (const [value, inner] of [
        [NaN, 1],
        [Infinity, 1],
        [NaN, 6],
        [-Infinity, 6],
      ] as const) {
        const a = numbers(3 * n * inner, 1);
        a[n * inner] = value;
        const want = sum(
          a.map((x) => (x === value || Number.isNaN(x) ? 0 : x)),
          3,
          n,
          inner,
        );
        want[inner] = value;
        expectWithin(sum(a, 3, n, inner), want);
      }
    }
    expect(sum(from([Infinity, 1, -Infinity]), 1, 3, 1)[0]).toBeNaN();
  });
});

describeKernels('maximum', ({ core, kernels, zeros, from, numbers }) => {
  const maximum = (a: naive.Floats, outer: number, n: number, inner: number) => {
    const size = outer * inner;
    return call(core, { values: zeros(size), indices: new Int32Array(size) }, { a }, (p) =>
      kernels.maximum(p.values, p.indices, p.a, outer, n, inner),
    );
  };
  const check = (a: naive.Floats, outer: number, n: number, inner: number) => {
    const [values, indices] = [zeros(outer * inner), new Int32Array(outer * inner)];
    naive.maximum(values, indices, a, outer, n, inner);
    const got = maximum(a, outer, n, inner);
    expectWithin(got.values, values, undefined, `values [${outer}, ${n}, ${inner}]`);
    expectWithin(got.indices, indices, undefined, `indices [${outer}, ${n}, ${inner}]`);
  };

  test('equals its naive twin, ties included, for every layout', () => {
    for (const [outer, n, inner] of layouts) {
      check(numbers(outer * n * inner, n), outer, n, inner);
      check(numbers(outer * n * inner, n).map(Math.round), outer, n, inner);
    }
  });

  test('takes the first of equal elements, and the first NaN over everything', () => {
    expect(maximum(from([1, 7, 7, 3]), 1, 4, 1).indices[0]).toBe(1);
    expect(maximum(from([1, NaN, Infinity, NaN]), 1, 4, 1)).toMatchObject({ indices: Int32Array.of(1) });
    expect(maximum(from([NaN, Infinity]), 1, 2, 1).values[0]).toBeNaN();
    expect(maximum(from([-Infinity, -Infinity]), 1, 2, 1).values[0]).toBe(-Infinity);
    check(from([NaN, 1, 2, 3, NaN, 5, 6, 7, NaN]), 1, 3, 3);
  });
});
