import { describe, expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { Core } from '../../src/core/core.js';
import { matmul as matmulArrays } from '../../src/tensor/arrays/matmul.js';
import { StridedArray } from '../../src/tensor/arrays/strided.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9];

describeKernels('matmul', ({ core, build, kernels, eps, zeros, from, numbers }) => {
  const multiply = (a: naive.Floats, b: naive.Floats, m: number, n: number, k: number, aRow = k, aCol = 1) =>
    call(core, { out: zeros(m * n) }, { a, b }, (p) => kernels.matmul(p.out, p.a, p.b, m, n, k, aRow, aCol)).out;

  const check = (m: number, n: number, k: number, aRow: number, aCol: number) => {
    const [a, b] = [numbers(m * k, m + 1), numbers(k * n, n + 2)];
    const [want, terms] = [new Float64Array(m * n), new Float64Array(m * n)];
    naive.matmul(want, a, b, m, n, k, aRow, aCol);
    naive.matmul(terms, a.map(Math.abs), b.map(Math.abs), m, n, k, aRow, aCol);
    const got = multiply(a, b, m, n, k, aRow, aCol);
    expectWithin(got, want, (i) => k * eps * terms[i]!, `[${m}, ${k}] by [${k}, ${n}]`);
  };

  // Sums of k products one after the other, each of two roundings of at most eps/2.
  test('is within k eps Σ|a b| of its naive twin for every width, rows and transposed', () => {
    for (const m of sizes) {
      for (const n of [0, ...widths]) {
        for (const k of [0, 1, 3, 10]) {
          check(m, n, k, k, 1);
          check(m, n, k, 1, m);
        }
      }
    }
    for (const m of widths) for (const n of [1, 3, 4, 27, 30]) check(m, n, 65, 65, 1);
  });

  test.skipIf(build === 'relaxed')(
    'adds the products of a row and a column in order, whatever the tile or block',
    () => {
      for (const [m, k] of [1, 3, 4, 6, 9].flatMap((m) => [30, 150].map((k) => [m, k] as const))) {
        for (const n of widths) {
          const [a, b, aT] = [numbers(m * k, 5), numbers(k * n, 6), zeros(m * k)];
          naive.copy(aT, a, k, m, 1, k);
          const [cell, product] = [zeros(1), zeros(1)];
          const want = zeros(m * n).map((_, i) => {
            cell[0] = 0;
            for (let l = 0; l < k; l++) {
              product[0] = a[Math.floor(i / n) * k + l]! * b[l * n + (i % n)]!;
              cell[0] = cell[0]! + product[0]!;
            }
            return cell[0]!;
          });
          expectWithin(multiply(a, b, m, n, k), want, undefined, `[${m}, ${k}] by [${k}, ${n}]`);
          expectWithin(multiply(aT, b, m, n, k, 1, m), want, undefined, `[${k}, ${m}] transposed by [${k}, ${n}]`);
        }
      }
    },
  );

  test('of integers is exact, transposed too', () => {
    const [m, n, k] = [6, 11, 17];
    const [a, b] = [numbers(m * k, 7).map((x) => Math.round(100 * x)), numbers(k * n, 8).map((x) => Math.round(9 * x))];
    const [aT, want] = [zeros(m * k), zeros(m * n)];
    naive.copy(aT, a, k, m, 1, k);
    naive.matmul(want, a, b, m, n, k, k, 1);
    expectWithin(multiply(a, b, m, n, k), want);
    expectWithin(multiply(aT, b, m, n, k, 1, m), want);
  });

  test('a row repeated with stride 0 gives the same row of products', () => {
    const [a, b] = [numbers(5, 9), numbers(35, 10)];
    const row = multiply(a, b, 1, 7, 5);
    expect([...multiply(a, b, 6, 7, 5, 0, 1)]).toEqual(Array.from({ length: 6 }, () => [...row]).flat());
  });

  test('NaN and infinities reach the row or column they stand in, and no other', () => {
    for (const n of [1, 3, 4, 9, 30]) {
      const [m, k] = [6, 5];
      const [a, b] = [numbers(m * k, 11), numbers(k * n, 12)];
      const clean = multiply(a, b, m, n, k);
      a[2 * k + 1] = NaN;
      b[3 * n + (n >> 1)] = Infinity;
      const got = multiply(a, b, m, n, k);
      const want = from(clean);
      naive.matmul(want, a, b, m, n, k, k, 1);
      clean.forEach((x, i) => {
        if (Number.isFinite(want[i])) want[i] = x;
      });
      expectWithin(got, want, undefined, `n ${n}`);
    }
  });
});

const core = await Core.create({ build: 'strict' });

describe('matmul of views', () => {
  const matrix = (rows: number, cols: number, seed: number) =>
    StridedArray.from(
      core,
      'float64',
      [rows, cols],
      Array.from({ length: rows * cols }, (_, i) => ((i * seed) % 17) - 8),
    );

  test('either side transposed equals the product of copies', () => {
    for (const [m, k, n] of [
      [3, 4, 5],
      [1, 7, 2],
      [9, 5, 27],
    ] as const) {
      const [a, aT, b, bT] = [matrix(m, k, 5), matrix(k, m, 5), matrix(k, n, 7), matrix(n, k, 7)];
      const product = (x: StridedArray, y: StridedArray) => [...matmulArrays(x, y).elements()];
      expect(product(aT.transpose(0, 1), b)).toEqual(product(aT.transpose(0, 1).clone(), b));
      expect(product(a, bT.transpose(0, 1))).toEqual(product(a, bT.transpose(0, 1).clone()));
      expect(product(aT.transpose(0, 1), bT.transpose(0, 1))).toEqual(
        product(aT.transpose(0, 1).clone(), bT.transpose(0, 1).clone()),
      );
    }
  });
});
