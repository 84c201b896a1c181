import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

const eps5 = 1e-5;

describeKernels('batchNorm', ({ core, kernels, eps, zeros, numbers }) => {
  const forward = (x: naive.Floats, gain: naive.Floats, bias: naive.Floats, rows: number, columns: number) =>
    call(
      core,
      { out: zeros(x.length), raw: zeros(x.length), mean: zeros(columns), inv: zeros(columns) },
      { x, gain, bias },
      (p) => kernels.batchNorm(p.out, p.raw, p.mean, p.inv, p.x, p.gain, p.bias, rows, columns, eps5),
    );

  // |x| <= 2. mean: (20 + log2 n) eps/2 Σ|x|/n <= 40 eps. That moves raw by 40 eps inv; the variance's own sum, of n terms of at
  // most (4 + |mean|)², moves inv by as many eps relative.
  test('is within 64 eps (1 + inv²) of its naive twin, for every width', () => {
    for (const columns of [0, ...widths]) {
      for (const rows of [2, 3, 5, 32, 130]) {
        const [x, gain, bias] = [numbers(rows * columns, columns), numbers(columns, 1), numbers(columns, 2)];
        const want = {
          out: new Float64Array(x.length),
          raw: new Float64Array(x.length),
          mean: new Float64Array(columns),
          inv: new Float64Array(columns),
        };
        naive.batchNorm(want.out, want.raw, want.mean, want.inv, x, gain, bias, rows, columns, eps5);
        const got = forward(x, gain, bias, rows, columns);
        const what = `[${rows}, ${columns}]`;
        const bound = (c: number) => 64 * eps * (1 + want.inv[c]! ** 2);
        expectWithin(got.mean, want.mean, () => 40 * eps, `mean ${what}`);
        expectWithin(got.inv, want.inv, (c) => bound(c) * want.inv[c]!, `inv ${what}`);
        expectWithin(got.raw, want.raw, (i) => bound(i % columns) * (1 + Math.abs(want.raw[i]!)), `raw ${what}`);
        const slope = (i: number) => 1 + Math.abs(gain[i % columns]!) * (1 + Math.abs(want.raw[i]!));
        expectWithin(got.out, want.out, (i) => bound(i % columns) * slope(i), `out ${what}`);
      }
    }
  });

  test('a column of one value is all bias', () => {
    const x = zeros(4 * 3).fill(7.5);
    const { out, raw, inv } = forward(x, numbers(3, 1), zeros(3).fill(0.25), 4, 3);
    expect([...out]).toEqual(new Array(12).fill(0.25));
    expect([...raw]).toEqual(new Array(12).fill(0));
    expectWithin(inv, new Array(3).fill(1 / Math.sqrt(1e-5)), () => 1000 * eps);
  });

  // x is near 1e4, where the mean is off by up to 1e4 eps; raw is x less its mean over a deviation of 1. Twice subtracted, what is left
  // are the roundings of the sum and of each raw.
  test('raw sums to nothing, also where the mean is much larger than the deviation', () => {
    const [rows, columns] = [130, 21];
    const x = numbers(rows * columns, 12).map((value) => 1e4 + value);
    const { raw } = forward(x, numbers(columns, 13), numbers(columns, 14), rows, columns);
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += raw[r * columns + c]!;
      expect(Math.abs(sum) / rows).toBeLessThan(8 * eps);
    }
  });

  test('writes out over x', () => {
    const [x, gain, bias] = [numbers(5 * 7, 3), numbers(7, 4), numbers(7, 5)];
    const apart = forward(x, gain, bias, 5, 7);
    const over = call(core, { x, raw: zeros(35), mean: zeros(7), inv: zeros(7) }, { gain, bias }, (p) =>
      kernels.batchNorm(p.x, p.raw, p.mean, p.inv, p.x, p.gain, p.bias, 5, 7, eps5),
    );
    expect(over).toEqual({ x: apart.out, raw: apart.raw, mean: apart.mean, inv: apart.inv });
  });

  test('NaN and infinities stay in their column', () => {
    for (const columns of widths) {
      const [x, gain, bias] = [numbers(3 * columns, 6), numbers(columns, 7), numbers(columns, 8)];
      const clean = forward(x, gain, bias, 3, columns);
      const column = columns >> 1;
      for (const value of [NaN, Infinity]) {
        x[columns + column] = value;
        const { out } = forward(x, gain, bias, 3, columns);
        expectWithin(
          out,
          clean.out.map((y, i) => (i % columns === column ? NaN : y)),
          undefined,
          `${columns}`,
        );
      }
    }
  });

  // The terms of dx are gain inv dout, its mean, and raw times the mean of dout raw with |raw| <= sqrt(n); |dout|, |gain| <= 2.
  test('backward is within 128 eps inv (1 + raw²) of its naive twin, for every width', () => {
    for (const columns of [0, ...widths]) {
      for (const rows of [2, 3, 32, 67]) {
        const size = rows * columns;
        const gain = numbers(columns, 9);
        const { raw, inv } = forward(numbers(size, 10), gain, gain, rows, columns);
        const dout = numbers(size, 11);
        const want = { dx: new Float64Array(size), dgain: new Float64Array(columns), dbias: new Float64Array(columns) };
        naive.batchNormBackward(want.dx, want.dgain, want.dbias, raw, inv, gain, dout, rows, columns);
        const run = { dgain: zeros(columns), dbias: zeros(columns) };
        const got = call(core, { dx: zeros(size), ...run }, { raw, inv, gain, dout }, (p) =>
          kernels.batchNormBackward(p.dx, p.dgain, p.dbias, p.raw, p.inv, p.gain, p.dout, rows, columns),
        );
        const what = `[${rows}, ${columns}]`;
        expectWithin(got.dbias, want.dbias, () => 32 * eps * rows, `dbias ${what}`);
        expectWithin(got.dgain, want.dgain, () => 32 * eps * rows * 2, `dgain ${what}`);
        const bound = (i: number) => 128 * eps * inv[i % columns]! * (1 + raw[i]! ** 2);
        expectWithin(got.dx, want.dx, bound, `dx ${what}`);
        const over = call(core, { dout, ...run }, { raw, inv, gain }, (p) =>
          kernels.batchNormBackward(p.dout, p.dgain, p.dbias, p.raw, p.inv, p.gain, p.dout, rows, columns),
        );
        expect(over.dout).toEqual(got.dx);
      }
    }
  });
});
