import { test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

describeKernels('tanhBackward', ({ core, kernels, eps, zeros, from, numbers }) => {
  const oracle = (out: naive.Floats, dout: naive.Floats) => {
    const want = new Float64Array(out.length);
    naive.tanhBackward(want, out, dout, out.length);
    return want;
  };

  // Three roundings: out² and 1 - out² on terms of at most 1 + out², and the product.
  test('is within 2 eps (1 + out²) |dout| of its naive twin, for every width', () => {
    for (const n of [0, ...widths]) {
      const [out, dout] = [numbers(n, 1).map(Math.tanh), numbers(n, 2)];
      const { da } = call(core, { da: zeros(n) }, { out, dout }, (p) => kernels.tanhBackward(p.da, p.out, p.dout, n));
      expectWithin(da, oracle(out, dout), (i) => 2 * eps * (1 + out[i]! ** 2) * Math.abs(dout[i]!), `${n}`);
    }
  });

  test('writes over either argument', () => {
    const [out, dout] = [numbers(67, 3).map(Math.tanh), numbers(67, 4)];
    const want = call(core, { da: zeros(67) }, { out, dout }, (p) => kernels.tanhBackward(p.da, p.out, p.dout, 67)).da;
    expectWithin(call(core, { out }, { dout }, (p) => kernels.tanhBackward(p.out, p.out, p.dout, 67)).out, want);
    expectWithin(call(core, { dout }, { out }, (p) => kernels.tanhBackward(p.dout, p.out, p.dout, 67)).dout, want);
  });

  test('a saturated unit passes no gradient, NaN and infinities pass as products do', () => {
    const out = from([1, -1, 0, 0, NaN, 1]);
    const dout = from([5, 5, Infinity, NaN, 1, Infinity]);
    const { da } = call(core, { da: zeros(6) }, { out, dout }, (p) => kernels.tanhBackward(p.da, p.out, p.dout, 6));
    expectWithin(da, oracle(out, dout));
  });
});
