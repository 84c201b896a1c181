import { expect, test } from 'vitest';
import type * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, specials, widths } from '../support/kernels.js';

const exact = { neg: (x: number) => -x, sqrt: Math.sqrt };
const rounded = { exp: Math.exp, log: Math.log, tanh: Math.tanh };
const exponents = [0, 1, 2, 3, 0.5, -0.5, -1, -2, 1.5, -3, 0.3];

describeKernels('functions of one argument', ({ core, dtype, kernels, eps, zeros, from, numbers }) => {
  const run = (name: keyof typeof exact | keyof typeof rounded, a: naive.Floats) =>
    call(core, { out: zeros(a.length) }, { a }, (p) => kernels[name](p.out, p.a, a.length)).out;
  const positive = (n: number) => numbers(n, 1).map((x) => x + 2.25);

  test.each(Object.entries(exact))('%s is correctly rounded, for every width', (name, op) => {
    for (const n of [0, ...widths]) {
      const a = positive(n);
      expectWithin(run(name as keyof typeof exact, a), from(a).map(op), undefined, `${n}`);
    }
    expectWithin(run(name as keyof typeof exact, from(specials)), from(specials).map(op));
  });

  // 2 ulp: the kernel's bound of 1 and as much again for V8's Math, which is the oracle here; 1 ulp(x) <= eps |x|.
  test.each(Object.entries(rounded))('%s is within 2 ulp of that in Math, for every width', (name, op) => {
    for (const n of [0, ...widths]) {
      const a = name === 'log' ? positive(n) : numbers(n, 2);
      const want = Float64Array.from(a, op);
      const got = run(name as keyof typeof rounded, a);
      expectWithin(got, want, (i) => 2 * eps * Math.abs(want[i]!) + 2 ** -1070, `${n}`);
    }
  });

  test.each(Object.entries(rounded))('%s of zeros, infinities and NaN is that in Math', (name, op) => {
    const a = from([0, -0, Infinity, -Infinity, NaN]);
    expectWithin(run(name as keyof typeof rounded, a), from(a).map(op));
  });

  test.each(exponents)('pow with exponent %f is within 4 ulp of Math.pow, for every width', (exponent) => {
    const y = dtype === 'float32' ? Math.fround(exponent) : exponent;
    for (const n of [0, ...widths]) {
      const a = positive(n);
      const want = Float64Array.from(a, (x) => x ** y);
      const { out } = call(core, { out: zeros(n) }, { a }, (p) => kernels.pow(p.out, p.a, exponent, n));
      expectWithin(out, want, (i) => 4 * eps * want[i]!, `${n}`);
    }
  });

  test('every function writes over its argument', () => {
    const a = positive(67);
    for (const name of ['neg', 'sqrt', 'exp', 'log', 'tanh'] as const) {
      const over = call(core, { a }, {}, (p) => kernels[name](p.a, p.a, 67)).a;
      expect(over).toEqual(run(name, a));
    }
    for (const exponent of exponents) {
      const apart = call(core, { out: zeros(67) }, { a }, (p) => kernels.pow(p.out, p.a, exponent, 67)).out;
      expect(call(core, { a }, {}, (p) => kernels.pow(p.a, p.a, exponent, 67)).a).toEqual(apart);
    }
  });
});
