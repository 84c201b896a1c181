import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

describeKernels('softmax', ({ core, kernels, eps, zeros, from, numbers }) => {
  const softmax = (a: naive.Floats, rows: number, n: number) =>
    call(core, { out: zeros(rows * n) }, { a }, (p) => kernels.softmax(p.out, p.a, rows, n)).out;
  const backward = (out: naive.Floats, dout: naive.Floats, rows: number, n: number) =>
    call(core, { da: zeros(rows * n) }, { out, dout }, (p) => kernels.softmaxBackward(p.da, p.out, p.dout, rows, n)).da;

  // a - max is rounded once (|a - max| eps/2 in the exponent), exp once, the sum about 20 + log2 n times, the quotient once.
  test('is within (32 + |a - max|) eps of its naive twin, relative, for every width', () => {
    for (const n of widths) {
      for (const rows of [0, 1, 3]) {
        const a = numbers(rows * n, n).map((x) => 10 * x);
        const want = new Float64Array(rows * n);
        naive.softmax(want, a, rows, n);
        expectWithin(softmax(a, rows, n), want, (i) => (32 + 40) * eps * want[i]!, `[${rows}, ${n}]`);
      }
    }
  });

  test('rows sum to 1, however large the elements are', () => {
    const a = from([1000, 1001, 999, -1000, -1001, -1002]);
    const probs = softmax(a, 2, 3);
    const want = new Float64Array(6);
    naive.softmax(want, a, 2, 3);
    expectWithin(probs, want, () => 8 * eps);
    expect(softmax(from([5]), 1, 1)[0]).toBe(1);
    expect([...softmax(from([-Infinity, 3]), 1, 2)]).toEqual([0, 1]);
  });

  test('NaN, +Infinity and nothing but -Infinity make their own row NaN, as in PyTorch, and no other', () => {
    for (const n of widths) {
      const a = numbers(4 * n, 2);
      const clean = softmax(a, 4, n);
      a[n + (n >> 1)] = NaN;
      a[2 * n] = Infinity;
      a.fill(-Infinity, 3 * n);
      expectWithin(
        softmax(a, 4, n),
        clean.map((x, i) => (i < n ? x : NaN)),
        undefined,
        `n ${n}`,
      );
    }
  });

  test('backward is within (24 + log2 n) eps Σ|out dout| of its naive twin, for every width', () => {
    for (const n of widths) {
      for (const rows of [0, 1, 3]) {
        const out = softmax(numbers(rows * n, 3), rows, n);
        const dout = numbers(rows * n, 4);
        const want = new Float64Array(rows * n);
        naive.softmaxBackward(want, out, dout, rows, n);
        // |dout| <= 2 and Σ out = 1, so that both terms of the difference are at most 2 out.
        const bound = (24 + Math.log2(n)) * eps;
        expectWithin(backward(out, dout, rows, n), want, (i) => bound * 4 * out[i]! + n * 2 ** -52, `[${rows}, ${n}]`);
      }
    }
  });

  test('writes over its argument', () => {
    const a = numbers(3 * 27, 5);
    expect(call(core, { a }, {}, (p) => kernels.softmax(p.a, p.a, 3, 27)).a).toEqual(softmax(a, 3, 27));
  });
});
