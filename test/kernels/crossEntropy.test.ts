import { expect, test } from 'vitest';
import * as naive from '../../reference/naive.js';
import { call, describeKernels, expectWithin, widths } from '../support/kernels.js';

describeKernels('crossEntropy', ({ core, kernels, eps, zeros, from, numbers }) => {
  const forward = (logits: naive.Floats, targets: Int32Array, rows: number, classes: number) =>
    call(core, { loss: zeros(1), probs: zeros(rows * classes), losses: zeros(rows) }, { logits, targets }, (p) =>
      kernels.crossEntropy(p.loss, p.probs, p.losses, p.logits, p.targets, rows, classes),
    );
  const oracle = (logits: naive.Floats, targets: Int32Array, rows: number, classes: number) => {
    const want = { loss: new Float64Array(1), probs: new Float64Array(rows * classes), losses: new Float64Array(rows) };
    naive.crossEntropy(want.loss, want.probs, want.losses, logits, targets, rows, classes);
    return want;
  };
  const someTargets = (rows: number, classes: number) => Int32Array.from({ length: rows }, (_, i) => (7 * i) % classes);

  // The terms of a row's loss are log counts_sum, rounded about 24 + log2 n times relative to counts_sum, and the shifted logit.
  test('is within 72 eps (1 + |logits|) of its naive twin, for every width', () => {
    for (const classes of widths) {
      for (const rows of [1, 2, 3, 32]) {
        const [logits, targets] = [numbers(rows * classes, classes), someTargets(rows, classes)];
        const [got, want] = [forward(logits, targets, rows, classes), oracle(logits, targets, rows, classes)];
        const what = `[${rows}, ${classes}]`;
        expectWithin(got.probs, want.probs, (i) => 72 * eps * want.probs[i]!, `probs ${what}`);
        expectWithin(got.losses, want.losses, () => 72 * eps * 5, `losses ${what}`);
        expectWithin(got.loss, want.loss, () => 72 * eps * 5, `loss ${what}`);
      }
    }
  });

  test('writes probs over the logits', () => {
    const [logits, targets] = [numbers(5 * 27, 1), someTargets(5, 27)];
    const apart = forward(logits, targets, 5, 27);
    const over = call(core, { loss: zeros(1), logits, losses: zeros(5) }, { targets }, (p) =>
      kernels.crossEntropy(p.loss, p.logits, p.losses, p.logits, p.targets, 5, 27),
    );
    expect(over).toEqual({ loss: apart.loss, logits: apart.probs, losses: apart.losses });
  });

  test('a sure and right prediction costs nothing, a sure and wrong one its margin; equal logits cost log classes', () => {
    const logits = from([100, 0, 0, 0, 100, 0]);
    expectWithin(forward(logits, Int32Array.of(0, 0), 2, 3).losses, [0, 100], () => 200 * eps);
    expectWithin(forward(zeros(27), Int32Array.of(3), 1, 27).loss, [Math.log(27)], () => 8 * eps);
    expect(forward(from([0, -Infinity]), Int32Array.of(1), 1, 2).loss[0]).toBe(Infinity);
  });

  test('NaN in a row makes its loss NaN, and no other', () => {
    const [logits, targets] = [numbers(3 * 9, 2), someTargets(3, 9)];
    const clean = forward(logits, targets, 3, 9);
    logits[9 + 4] = NaN;
    const { loss, losses } = forward(logits, targets, 3, 9);
    expectWithin(losses, [clean.losses[0]!, NaN, clean.losses[2]!]);
    expect(loss[0]).toBeNaN();
  });

  // One difference of terms of at most 1, one quotient, one product.
  test('backward is within 2 eps |dloss| / rows of its naive twin, for every width', () => {
    for (const classes of widths) {
      for (const rows of [1, 3, 32]) {
        const targets = someTargets(rows, classes);
        const { probs } = forward(numbers(rows * classes, 3), targets, rows, classes);
        for (const scale of [1, -2.5, 0]) {
          const dloss = from([scale]);
          const want = new Float64Array(rows * classes);
          naive.crossEntropyBackward(want, probs, targets, dloss, rows, classes);
          const { dlogits } = call(core, { dlogits: zeros(rows * classes) }, { probs, targets, dloss }, (p) =>
            kernels.crossEntropyBackward(p.dlogits, p.probs, p.targets, p.dloss, rows, classes),
          );
          const bound = (2 * eps * Math.abs(scale)) / rows;
          if (scale !== 0) expectWithin(dlogits, want, () => bound, `[${rows}, ${classes}]`);
          else expect([...dlogits].every((x) => x === 0)).toBe(true);
          const over = call(core, { probs }, { targets, dloss }, (p) =>
            kernels.crossEntropyBackward(p.probs, p.probs, p.targets, p.dloss, rows, classes),
          );
          expect(over.probs).toEqual(dlogits);
        }
      }
    }
  });
});
