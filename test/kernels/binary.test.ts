import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, specials, widths } from '../support/kernels.js';

const operations = {
  add: (x: number, y: number) => x + y,
  sub: (x: number, y: number) => x - y,
  mul: (x: number, y: number) => x * y,
  div: (x: number, y: number) => x / y,
};
const names = Object.keys(operations) as (keyof typeof operations)[];

describeKernels('binary', ({ core, kernels, zeros, from, numbers }) => {
  // float32: the float64 result of two float32 numbers, rounded to float32, is the correctly rounded one (53 >= 2 * 24 + 2).
  test.each(names)('%s equals its naive twin for every pair of strides and every width', (name) => {
    for (const cols of [0, ...widths]) {
      for (const rows of cols === 33 || cols === 67 ? [0, 1, 3, 35] : [0, 1, 3]) {
        // Row-major, a row repeated, a column repeated, one scalar, transposed, every second element.
        const strides = [
          [cols, 1],
          [0, 1],
          [1, 0],
          [0, 0],
          [1, rows],
          [2 * cols, 2],
        ] as const;
        for (const [aRow, aCol] of strides) {
          for (const [bRow, bCol] of strides) {
            const size = 2 * rows * cols + 1;
            const [a, b] = [numbers(size, 1), numbers(size, 2)];
            const want = zeros(rows * cols);
            naive.binary(operations[name], want, a, b, rows, cols, aRow, aCol, bRow, bCol);
            const { out } = call(core, { out: zeros(rows * cols) }, { a, b }, (p) =>
              kernels[name](p.out, p.a, p.b, rows, cols, aRow, aCol, bRow, bCol),
            );
            expectWithin(out, want, undefined, `${rows}x${cols} a ${aRow},${aCol} b ${bRow},${bCol}`);
          }
        }
      }
    }
  });

  test.each(names)('%s of zeros, subnormals, infinities and NaN is as in IEEE 754', (name) => {
    const n = specials.length;
    const a = from(specials);
    const [want, size] = [zeros(n * n), n * n];
    naive.binary(operations[name], want, a, a, n, n, 1, 0, 0, 1);
    const { out } = call(core, { out: zeros(size) }, { a }, (p) => kernels[name](p.out, p.a, p.a, n, n, 1, 0, 0, 1));
    expectWithin(out, want);
  });

  test.each(names)('%s writes over either operand where that one is contiguous', (name) => {
    const [rows, cols] = [5, 27];
    for (const [otherRow, otherCol] of [
      [cols, 1],
      [0, 1],
      [1, 0],
      [1, rows],
    ] as const) {
      const [a, b] = [numbers(rows * cols, 3), numbers(rows * cols, 4)];
      const want = zeros(rows * cols);
      naive.binary(operations[name], want, a, b, rows, cols, cols, 1, otherRow, otherCol);
      const overA = call(core, { a }, { b }, (p) =>
        kernels[name](p.a, p.a, p.b, rows, cols, cols, 1, otherRow, otherCol),
      );
      expectWithin(overA.a, want, undefined, 'over a');
      naive.binary(operations[name], want, a, b, rows, cols, otherRow, otherCol, cols, 1);
      const overB = call(core, { b }, { a }, (p) =>
        kernels[name](p.b, p.a, p.b, rows, cols, otherRow, otherCol, cols, 1),
      );
      expectWithin(overB.b, want, undefined, 'over b');
    }
  });

  test('copy reads through any strides', () => {
    for (const cols of [0, ...widths]) {
      for (const [rows, aRow, aCol] of [
        [3, cols, 1],
        [3, 0, 1],
        [3, 1, 0],
        [3, 1, 3],
        [37, 1, 37],
        [37, 1, 40],
        [37, 2 * cols, 2],
        [1, 0, 0],
        [0, cols, 1],
      ] as const) {
        const a = numbers(rows * Math.max(aRow, 1) + cols * Math.max(aCol, 1), 5);
        const want = zeros(rows * cols);
        naive.copy(want, a, rows, cols, aRow, aCol);
        const { out } = call(core, { out: zeros(rows * cols) }, { a }, (p) =>
          kernels.copy(p.out, p.a, rows, cols, aRow, aCol),
        );
        expect(out).toEqual(want);
      }
    }
  });

  test('copy of int32 keeps all 32 bits', () => {
    const a = Int32Array.of(0x7fa00000, -1, 0x7f800001, 2 ** 31 - 1, -(2 ** 31), 16777217);
    const { out } = call(core, { out: new Int32Array(6) }, { a }, (p) =>
      core.kernels.float32.copy(p.out, p.a, 3, 2, 1, 3),
    );
    expect([...out]).toEqual([a[0], a[3], a[1], a[4], a[2], a[5]]);
  });
});
