import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, specials, widths } from '../support/kernels.js';

const choices = [[], [0], [2, 2, 2], [4, 0, 3, 0, 1, 4, 4]].map((list) => Int32Array.from(list));

describeKernels('indexing', ({ core, kernels, zeros, from, numbers }) => {
  test('gather equals its naive twin, for every width and repeated indices', () => {
    for (const width of [0, ...widths]) {
      for (const indices of choices) {
        const a = numbers(5 * width, 1);
        const want = zeros(indices.length * width);
        naive.gather(want, a, indices, indices.length, width);
        const { out } = call(core, { out: zeros(want.length) }, { a, indices }, (p) =>
          kernels.gather(p.out, p.a, p.indices, indices.length, width),
        );
        expect(out).toEqual(want);
      }
    }
  });

  test('scatterAdd equals its naive twin to the bit: the sums run in the order of the indices', () => {
    for (const width of [0, ...widths]) {
      for (const indices of choices) {
        const [a, before] = [numbers(indices.length * width, 2), numbers(5 * width, 3)];
        const want = before.slice();
        naive.scatterAdd(want, indices, a, indices.length, width);
        const { out } = call(core, { out: before }, { a, indices }, (p) =>
          kernels.scatterAdd(p.out, p.indices, p.a, indices.length, width),
        );
        expectWithin(out, want, undefined, `width ${width}`);
      }
    }
  });

  test('NaN and infinities are copied and added where they stand', () => {
    const [a, indices] = [from(specials), Int32Array.of(10, 9, 0)];
    const gathered = call(core, { out: zeros(3) }, { a, indices }, (p) =>
      kernels.gather(p.out, p.a, p.indices, 3, 1),
    ).out;
    expect([...gathered]).toEqual([NaN, -Infinity, 0]);
    const rows = Int32Array.of(1, 1, 0);
    const added = call(core, { out: from([1, 2]) }, { rows, a: from([Infinity, -Infinity, 5]) }, (p) =>
      kernels.scatterAdd(p.out, p.rows, p.a, 3, 1),
    ).out;
    expect([...added]).toEqual([6, NaN]);
  });

  test('oneHot equals its naive twin and overwrites what was there', () => {
    for (const classes of widths) {
      for (const indices of [new Int32Array(0), Int32Array.of(0), Int32Array.of(classes - 1, 0, classes >> 1)]) {
        const want = zeros(indices.length * classes);
        naive.oneHot(want, indices, indices.length, classes);
        const { out } = call(core, { out: numbers(want.length, 4) }, { indices }, (p) =>
          kernels.oneHot(p.out, p.indices, indices.length, classes),
        );
        expect(out).toEqual(want);
      }
    }
  });
});
