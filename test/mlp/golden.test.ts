// The three passes against PyTorch's (test/golden/passes.py).

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FloatDType } from '../../src/base/ndarray.js';
import { compare } from '../../src/compare/compare.js';
import {
  differentiatedNames,
  type Handgrad,
  init,
  intermediateNames,
  type Model,
  type Tensor,
} from '../../src/index.js';
import { builds } from '../support/builds.js';
import { cases, type Golden, goldenBatch, goldenModel, largest, sampled, tensorsOf } from '../support/golden.js';

const passes = ['autograd', 'stepwise', 'fused'] as const;

const allowed: Record<FloatDType, number> = { float32: 2, float64: 4 };

/**
 * Our largest error in units of PyTorch's own, which is at least one epsilon of the tensor's largest magnitude; float64 rounds
 * 2^29 times finer.
 */
function errorRatio(golden: Golden, tensor: Tensor): number {
  const { expected, got } = sampled(golden, tensor);
  const error = largest(got.map((value, i) => value - expected[i]!));
  const unit = Math.max(golden.error32, 2 ** -23 * largest(expected)) * (tensor.dtype === 'float64' ? 2 ** -29 : 1);
  return error === 0 ? 0 : error / unit;
}

const runs = cases.flatMap(({ sizes, runs }) =>
  runs.map(({ eps, tensors }) => ({
    title: `${Object.entries(sizes).flat().join(' ')}, eps ${eps}`,
    sizes,
    eps,
    tensors,
  })),
);

test('the fixtures hold the 20 intermediates and the 26 gradients of eight sizes with both epsilons', () => {
  const names = [...intermediateNames, ...differentiatedNames.map((name) => `d${name}`)];
  expect(names.length).toBe(46);
  expect(runs.length).toBe(16);
  for (const { tensors } of runs) expect(Object.keys(tensors).sort()).toEqual([...names].sort());
});

for (const { build, label, skipped } of builds) {
  describe.skipIf(skipped)(label, () => {
    const worst: Record<string, { ratio: number; tensor: string; sizes: string }> = {};
    let hg: Handgrad;
    beforeAll(async () => {
      hg = await init({ build });
    });
    afterAll(() => console.table(worst));

    for (const { title, sizes, eps, tensors } of runs) {
      const run = (dtype: FloatDType, check: (model: Model, Xb: Tensor, Yb: Tensor) => void) =>
        hg.scope(() => check(goldenModel(hg, sizes, eps, dtype), ...goldenBatch(hg, sizes)));

      for (const [dtype, bound] of [
        ['float32', "twice PyTorch float32's own"],
        ['float64', "4 * 2^-29 of PyTorch float32's own"],
      ] as const) {
        test(`${title}: in ${dtype} the error against PyTorch float64 is at most ${bound}`, () => {
          run(dtype, (model, Xb, Yb) => {
            for (const pass of passes) {
              const key = `${pass}, ${dtype}`;
              for (const [tensor, got] of Object.entries(tensorsOf(model[pass](Xb, Yb)))) {
                const ratio = errorRatio(tensors[tensor]!, got);
                if (ratio > (worst[key]?.ratio ?? 0)) worst[key] = { ratio, tensor, sizes: title };
                expect(ratio, `${pass}: ${tensor}`).toBeLessThanOrEqual(allowed[dtype]);
              }
            }
          });
        });

        test(`${title}: in ${dtype} stepwise equals autograd, 26 of 26 exact and the 20 intermediates too`, () => {
          run(dtype, (model, Xb, Yb) => {
            const reference = tensorsOf(model.autograd(Xb, Yb));
            const compared = Object.entries(tensorsOf(model.stepwise(Xb, Yb))).map(([name, tensor]) =>
              compare(name, tensor, reference[name]!),
            );
            expect(compared.length).toBe(46);
            expect(compared.filter(({ exact }) => !exact)).toEqual([]);
          });
        });
      }

      test(`${title}: in float64 fused equals autograd to 1e-12 of the largest magnitude, or 8 * 2^-29 of PyTorch float32's error`, () => {
        run('float64', (model, Xb, Yb) => {
          const reference = tensorsOf(model.autograd(Xb, Yb));
          for (const [name, tensor] of Object.entries(tensorsOf(model.fused(Xb, Yb)))) {
            const { error32 } = tensors[name]!;
            const atol = Math.max(1e-12 * largest(reference[name]!.data), 8 * 2 ** -29 * error32);
            expect(tensor, name).toBeAllclose(reference[name]!, { rtol: 0, atol });
          }
        });
      });
    }
  });
}
