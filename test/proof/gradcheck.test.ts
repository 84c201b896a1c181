// gradcheck: how exact its differences are and whether they know it, the faults that it finds, and what it can't tell.

import { describe, expect, test } from 'vitest';
import { CoreError, DTypeError, ProofError, ReleasedError } from '../../src/base/errors.js';
import { create } from '../../src/handgrad.js';
import { type GradcheckOptions, type GradcheckResult, gradcheck } from '../../src/proof/gradcheck.js';
import type { Differentiable } from '../../src/proof/subject.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { expectNoLeak, hg, leaf } from '../support/handgrad.js';
import { knownFunctions } from './known.js';

const float64 = (data: Parameters<typeof hg.tensor>[0], name?: string): Tensor =>
  hg.tensor(data, { dtype: 'float64', requiresGrad: true, ...(name === undefined ? {} : { name }) });

/** The result, whatever it is. */
const checked = (fn: Differentiable, inputs: Tensor | Tensor[], options: GradcheckOptions = {}): GradcheckResult =>
  gradcheck(fn, inputs, { raiseException: false, ...options });

/** max(x, 0), of tensors. */
const relu = (x: Tensor): Tensor => {
  const flat = x.reshape(-1, 1);
  const both = flat.matmul(hg.tensor([[1, 0]], { dtype: 'float64' }));
  return (both.max(1) as { values: Tensor }).values.view(x.shape);
};

const known = Object.entries(knownFunctions(hg));

describe('differences, held against closed forms', () => {
  test('of at least 50 functions', () => expect(known.length).toBeGreaterThanOrEqual(50));

  // What is measured is 7e-13, relative to the largest element of each gradient.
  test.each(known)(
    '%s: within 1e-11 of the largest element, and within the estimated error',
    (_, { fn, inputs, gradients }) => {
      const {
        ok,
        inputs: found,
        weights,
      } = checked(
        fn,
        inputs.map((data) => float64(data as number[])),
      );
      expect(ok).toBe(true);
      gradients(weights).forEach((gradient, i) => {
        const scale = Math.max(...gradient.map(Math.abs));
        gradient.forEach((value, j) => {
          const error = Math.abs(found[i]!.numerical[j]! - value);
          expect(error).toBeLessThanOrEqual(1e-11 * scale);
          expect(found[i]!.estimatedError[j]!).toBeLessThanOrEqual(1e-10 * scale);
          // The closed form itself has rounding of a unit or two in the last place.
          expect(error).toBeLessThanOrEqual(found[i]!.estimatedError[j]! + 2 ** -51 * Math.abs(value));
        });
      });
    },
  );

  test('badly scaled elements keep their own precision: log from 1e-6 to 1e6 within 1e-11 of each', () => {
    const values = [1e-6, 1e-3, 1, 1e3, 1e6];
    const { weights, inputs } = checked((x) => x.log(), float64(values));
    values.forEach((x, i) => {
      expect(Math.abs(inputs[0]!.numerical[i]! * x - weights[i]!)).toBeLessThan(1e-11);
    });
  });

  test('of 600 random elements of a network, the estimated error covers at least 99 %', () => {
    const generator = hg.generator().manualSeed(3);
    const random = (shape: number[], scale: number) =>
      float64({
        dtype: 'float64',
        shape,
        data: generator.randn(shape, { dtype: 'float64' }).data.map((x) => x * scale),
      });
    const targets = hg.randint(0, 5, [12], { generator });
    const { ok, inputs } = checked(
      (x, W1, gain, bias, W2) => x.matmul(W1).batchNorm(gain, bias).tanh().matmul(W2).crossEntropy(targets),
      [random([12, 20], 1), random([20, 15], 0.3), random([15], 1), random([15], 0.1), random([15, 5], 0.5)],
    );
    expect(ok).toBe(true);
    const within = inputs.flatMap(({ analytical, numerical, estimatedError }) =>
      Array.from(analytical, (x, i) => Math.abs(x - numerical[i]!) <= estimatedError[i]!),
    );
    expect(within.length).toBeGreaterThan(600);
    expect(within.filter((isWithin) => isWithin).length).toBeGreaterThanOrEqual(0.99 * within.length);
  });

  test('a function that is exact in large steps only: x + 1e16, and x + 1e12 - 1e12', () => {
    const inputs = leaf([9]);
    expect(checked((x) => x.add(1e16), inputs).ok).toBe(true);
    expect(checked((x) => x.add(1e12).sub(1e12).pow(2), inputs).ok).toBe(true);
  });

  test('a function that rounds to float32 inside is neither wrong nor exact', () => {
    const { inputs } = checked((x) => x.to('float32').exp().tanh().to('float64'), leaf([40]));
    expect(inputs[0]!.wrong).toEqual([]);
    expect(Math.max(...inputs[0]!.estimatedError)).toBeGreaterThan(1e-8);
    const sum = (x: Tensor) => x.to('float32').exp().tanh().to('float64').mul(0.7).sum();
    const x = hg.randn([60], { generator: hg.generator().manualSeed(1), requiresGrad: true });
    expect(checked(sum, x).inputs[0]).toMatchObject({ verdict: 'right', kinks: [] });
  });

  test('a steep function: tanh(10,000 x)', () => {
    expect(checked((x) => x.mul(1e4).tanh(), float64([1e-5, -1e-4, 3e-4])).ok).toBe(true);
  });

  test('a gradient that is zero but for rounding is right', () => {
    const { inputs } = checked(
      (x, b) =>
        x
          .add(b)
          .batchNorm(float64([2, 3]), float64([0, 1]))
          .tanh()
          .sum(),
      [leaf([5, 2]), float64([0.25, 4])],
    );
    expect(inputs.map(({ verdict }) => verdict)).toEqual(['right', 'right']);
    for (let seed = 1; seed <= 20; seed++) expect(checked((x) => x.softmax().sum(), leaf([6], seed)).ok).toBe(true);
  });
});

describe('what is wrong is found', () => {
  test('a branch cut off, with its index', () => {
    const W = float64(
      [
        [1, 2],
        [3, 4],
      ],
      'W',
    );
    const fn = (x: Tensor, W: Tensor) =>
      x
        .matmul(W)
        .sum()
        .add(W.index([1], [0]).detach().exp().sum());
    const { ok, inputs } = checked(fn, [leaf([3, 2]), W]);
    expect(ok).toBe(false);
    expect(inputs.map(({ verdict }) => verdict)).toEqual(['right', 'wrong']);
    expect(inputs[1]).toMatchObject({ name: 'W', position: 1, shape: [2, 2], wrong: [2], kinks: [], undecided: [] });
    expect(inputs[1]!.worst).toMatchObject({ index: [1, 0], analytical: inputs[1]!.analytical[2] });
    expect(inputs[1]!.worst!.numerical - inputs[1]!.worst!.analytical).toBeCloseTo(Math.exp(3), 9);
    expect(() => gradcheck(fn, [leaf([3, 2]), W])).toThrow(
      /^W at \[1, 0\]: expected the gradient \S+ ± \S+ of differences, got \S+ of autograd; 1 of 4 elements are wrong$/,
    );
    expect(() => gradcheck(fn, [leaf([3, 2]), W])).toThrow(ProofError);
  });

  test('an error of one part in 10^9', () => {
    const fn = (x: Tensor) => x.exp().add(x.detach().exp().mul(1e-9));
    expect(checked(fn, float64([0.3, 1, 2])).inputs[0]!.wrong).toEqual([0, 1, 2]);
  });

  test('one output of several, in an array or an object', () => {
    const broken = (x: Tensor) => x.detach().tanh();
    expect(checked((x) => [x.exp(), broken(x)], leaf([3])).inputs[0]!.wrong).toEqual([0, 1, 2]);
    expect(checked((x) => ({ a: x.exp(), b: broken(x) }), leaf([3])).inputs[0]!.wrong).toEqual([0, 1, 2]);
    expect(checked((x) => ({ a: x.exp(), b: x.tanh() }), leaf([3])).ok).toBe(true);
  });

  test('no tape at all', () => {
    expect(checked((x) => x.detach().exp(), leaf([2])).inputs[0]!.wrong).toEqual([0, 1]);
  });

  test('NaN from autograd where the function is smooth', () => {
    const { inputs } = checked((x) => x.pow(2).pow(2).sqrt(), float64([1, 0, 2]));
    expect(inputs[0]).toMatchObject({ wrong: [1], kinks: [], undecided: [] });
  });

  test('each element of the Jacobian: one place of a matrix', () => {
    const fn = (x: Tensor) => x.pow(2).add(x.index([4], [3]).detach());
    const { inputs } = checked(fn, leaf([6, 5]));
    expect(inputs[0]!.wrong).toEqual([4 * 5 + 3]);
  });

  test('along directions, and which element it is', () => {
    const fn = (x: Tensor) =>
      x
        .tanh()
        .sum()
        .add(x.index([30], [7]).detach().exp().sum());
    const { mode, inputs } = checked(fn, leaf([50, 50]));
    expect(mode).toBe('directions');
    expect(inputs[0]).toMatchObject({ verdict: 'wrong', wrong: [0, 1, 2, 3, 4, 5], worst: { index: [30, 7] } });
    expect(() => gradcheck(fn, leaf([50, 50]))).toThrow(/^leaf1 at \[30, 7\]: .*6 of 6 directions are wrong$/);
  });

  test('NaN along directions, and which element it is', () => {
    const x = leaf([2500]);
    const data = x.data.map((value, i) => (i === 1234 ? 0 : value || 1));
    const { inputs } = checked((x) => x.pow(2).pow(2).sqrt().sum(), float64({ dtype: 'float64', shape: [2500], data }));
    expect(inputs[0]).toMatchObject({ verdict: 'wrong', worst: { index: [1234], analytical: Number.NaN } });
  });

  test('atol and rtol excuse what they are as large as', () => {
    const fn = (x: Tensor) => x.exp().add(x.detach().exp().mul(1e-6));
    for (const options of [{ rtol: 2e-6 }, { atol: 2e-5 }]) expect(checked(fn, float64([0, 1]), options).ok).toBe(true);
    for (const options of [{ rtol: 5e-7 }, { atol: 1e-9 }])
      expect(checked(fn, float64([0, 1]), options).ok).toBe(false);
  });
});

describe('what differences cannot tell is undecided', () => {
  test('a kink: max(x, 0) at 0', () => {
    const fn = (x: Tensor) => relu(x).mul(3);
    const { ok, inputs } = checked(fn, float64([1, 0, -2, 0.5, 0]));
    expect(ok).toBe(false);
    expect(inputs[0]).toMatchObject({ verdict: 'undecided', kinks: [1, 4], wrong: [], undecided: [] });
    expect(() => gradcheck(fn, float64([1, 0]))).toThrow(/^inputs\[0\] at \[1\]: .*a kink .*undecided$/);
  });

  test('a kink: max() and max(dim) of equal elements', () => {
    expect(checked((x) => x.max(), float64([1, 3, 3, 2])).inputs[0]).toMatchObject({
      verdict: 'undecided',
      kinks: [1, 2],
    });
    const { inputs } = checked(
      (x) => (x.max(1) as { values: Tensor }).values,
      float64([
        [1, 3, 3],
        [2, 1, 0],
      ]),
    );
    expect(inputs[0]).toMatchObject({ kinks: [1, 2], wrong: [] });
  });

  test('a kink of one ten-thousandth of the slope', () => {
    expect(checked((x) => x.exp().add(relu(x.sub(0.5)).mul(1e-4)), float64([0.5, 0.7])).inputs[0]!.kinks).toEqual([0]);
  });

  test('a cusp', () => {
    expect(checked((x) => x.pow(2).pow(1 / 3), float64([0, 1])).inputs[0]).toMatchObject({ kinks: [0], wrong: [] });
  });

  test('near a kink, but not at it, all is right', () => {
    expect(checked((x) => relu(x.sub(1)), float64([1 + 1e-9, 1 - 1e-6, 1 + 1e-3, 2])).ok).toBe(true);
  });

  test('2,000 smooth elements have no kink', () => {
    const x = hg.randn([2000], { dtype: 'float64', generator: hg.generator(), requiresGrad: true });
    expect(checked((x) => x.tanh().sum(), x)).toMatchObject({ ok: true, mode: 'full' });
    // Here the extrapolated gap was taken for exact: 2.3e-9, said to be within 2.3e-10.
    expect(checked((x) => x.tanh(), float64([1.1986653804779053])).ok).toBe(true);
  });

  test('values that are not finite', () => {
    expect(checked((x) => x.log(), float64([0, 1])).inputs[0]).toMatchObject({ undecided: [0], wrong: [] });
    // NaN may depend on anything.
    expect(checked((x) => x.log(), float64([-1, 1])).inputs[0]).toMatchObject({ undecided: [0, 1], wrong: [] });
    expect(checked((x) => x.sqrt(), float64([0, 1])).inputs[0]).toMatchObject({ undecided: [0], wrong: [] });
  });

  test('rounding that carries values anywhere', () => {
    const lost = (x: Tensor) => x.add(1e13).sub(1e13).exp();
    expect(checked(lost, leaf([20])).inputs[0]).toMatchObject({ verdict: 'undecided', wrong: [] });
    expect(checked((x) => lost(x).sum(), leaf([20])).inputs[0]).toMatchObject({ verdict: 'undecided', wrong: [] });
    const some = (x: Tensor) => x.add(1e9).sub(1e9).tanh();
    const x = hg.randn([60], { generator: hg.generator().manualSeed(1), requiresGrad: true });
    expect(checked(some, x).inputs[0]).toMatchObject({ wrong: [], kinks: [] });
  });

  test('a step too long or too short', () => {
    for (const eps of [4, 1e-15]) {
      expect(checked((x) => x.exp(), float64([1, 2]), { eps }).inputs[0]).toMatchObject({
        undecided: [0, 1],
        wrong: [],
      });
    }
    const { ok, inputs } = checked((x) => x.exp(), float64([1, 2]), { eps: 1e-3 });
    expect(ok).toBe(true);
    expect(inputs[0]!.estimatedError[0]! / Math.abs(inputs[0]!.analytical[0]!)).toBeCloseTo(6.667e-7, 10);
  });
});

describe('a function that is not deterministic', () => {
  const counting = (by: number) => {
    let calls = 0;
    return (x: Tensor) => x.mul(1 + by * calls++);
  };

  test('is reported, with by how much it differs', () => {
    const { ok, inputs, nondeterministic } = checked(counting(1e-3), float64([1, 2]));
    expect({ ok, inputs }).toEqual({ ok: false, inputs: [] });
    expect(nondeterministic!.values).toBeCloseTo(2e-3, 12);
    expect(nondeterministic!.gradients).toBeGreaterThan(0);
    expect(() => gradcheck(counting(1e-3), float64([1, 2]))).toThrow(/^fn: expected the same each time, got values/);
  });

  test('is taken up to nondetTol', () => {
    expect(checked(counting(1e-13), float64([1, 2]), { nondetTol: 1e-12 }).nondeterministic).toBeNull();
    expect(checked(counting(1e-11), float64([1, 2]), { nondetTol: 1e-12 }).nondeterministic).not.toBeNull();
  });

  test('one that is gives the same result each time', () => {
    const run = () => checked((x, y) => x.matmul(y).tanh(), [leaf([3, 4]), leaf([4, 2], 2)]);
    expect(run()).toEqual(run());
  });
});

describe('inputs', () => {
  test('are widened, copied and left alone', () => {
    const x = leaf([4], 1, 'float32');
    const indices = hg.tensor([0, 2, 2], { dtype: 'int32' });
    const scale = hg.tensor([1.5, 2, 3]);
    const before = x.tolist();
    const seen: string[][] = [];
    const result = hg.noGrad(() =>
      checked(
        (...tensors) => {
          seen.push(tensors.map(({ dtype }) => dtype));
          return tensors[0]!.index(tensors[1]!).mul(tensors[2]!);
        },
        [x, indices, scale],
      ),
    );
    expect(result).toMatchObject({ ok: true, inputs: [{ position: 0, name: 'leaf1', shape: [4] }] });
    expect(seen[0]).toEqual(['float64', 'int32', 'float64']);
    expect(x.tolist()).toEqual(before);
    expect(x.grad).toBeNull();
  });

  test('may be empty', () => {
    expect(checked((x) => x.exp(), leaf([0]))).toMatchObject({ ok: true, inputs: [{ verdict: 'right', worst: null }] });
    expect(checked((x) => x.exp(), leaf([0]), { mode: 'directions' }).ok).toBe(true);
  });

  test('need not matter', () => {
    expect(checked((x) => x.exp(), [leaf([2]), leaf([3], 2)]).ok).toBe(true);
  });

  test('what is refused at some steps is not needed', () => {
    const fn = (x: Tensor) => {
      if (x.data.some((value) => value > 3)) throw new RangeError('x: expected at most 3');
      return x.pow(2);
    };
    expect(checked(fn, float64([1e-3, 2.9])).ok).toBe(true);
    const exact = (x: Tensor) => {
      const doubled = x.mul(2);
      if (doubled.data.some((value, i) => value !== 2 * x.data[i]!)) throw new RangeError('x: expected to be doubled');
      return doubled;
    };
    expect(checked(exact, float64([1, 2])).ok).toBe(true);
  });
});

describe('memory is as before', () => {
  test.each<[string, Differentiable]>([
    ['when all is right', (x) => x.exp()],
    ['when it is not', (x) => x.detach().exp()],
    [
      'when fn throws',
      () => {
        throw new Error('no');
      },
    ],
    [
      'when fn keeps tensors',
      (x) => {
        kept.push(x.exp());
        return x.tanh();
      },
    ],
  ])('%s', (_, fn) => {
    const x = leaf([5]);
    expectNoLeak(() => {
      try {
        gradcheck(fn, [x]);
      } catch {}
    });
  });
  const kept: Tensor[] = [];
});

describe('arguments that are not right', () => {
  const x = leaf([2]);
  const other = create();
  const gone = hg.tensor([1], { requiresGrad: true, name: 'gone' });
  gone.dispose();
  const identity = (x: Tensor) => x.clone();
  const constant = hg.ones([2]);

  test.each<[string, () => unknown, new (message: string) => Error, RegExp]>([
    ['fn', () => gradcheck(3 as never, x), TypeError, /^fn: expected a function, got 3/],
    ['inputs', () => gradcheck(identity, 3 as never), TypeError, /^inputs: expected an array, got 3/],
    ['no tensor', () => gradcheck(identity, [x, 3] as never), TypeError, /^inputs\[1\]: expected a tensor, got 3/],
    ['no gradient', () => gradcheck(identity, [constant]), ProofError, /^inputs: expected at least one/],
    ['none', () => gradcheck(identity, []), ProofError, /^inputs: expected at least one/],
    ['released', () => gradcheck(identity, [x, gone]), ReleasedError, /^inputs\[1\]: .* got gone .* released/],
    ['a promise', () => gradcheck((async () => x) as never, x), ProofError, /^fn: .* at once, got a promise/],
    ['a number', () => gradcheck((() => 3) as never, x), ProofError, /^fn: expected a tensor, got 3/],
    ['nothing', () => gradcheck((() => {}) as never, x), ProofError, /^fn: expected a tensor, got undefined/],
    ['an empty list', () => gradcheck(() => [], x), ProofError, /^fn: expected a tensor, or several, got none/],
    ['a part', () => gradcheck((() => ({ y: 3 })) as never, x), ProofError, /^fn: output y: expected a tensor/],
    ['int32', () => gradcheck((x) => x.argmax(), x), DTypeError, /^fn: expected float64, got int32/],
    ['float32', () => gradcheck((x) => [x, x.to('float32')], x), DTypeError, /^fn: output 1: .* got float32; the/],
    [
      'released output',
      () =>
        gradcheck((x) => {
          const y = x.exp();
          y.dispose();
          return y;
        }, x),
      ReleasedError,
      /^fn: /,
    ],
    ['a constant changed', () => gradcheck((x, y) => x.mul(y.mul_(2)), [x, constant]), ProofError, /inputs\[1\] left/],
    ['eps', () => gradcheck(identity, x, { eps: 0 }), RangeError, /^eps: expected a finite number of at least/],
    ['atol', () => gradcheck(identity, x, { atol: -1 }), RangeError, /^atol: expected a finite number of at least 0/],
    ['rtol', () => gradcheck(identity, x, { rtol: '1' as never }), TypeError, /^rtol: expected a number, got "1"/],
    ['nondetTol', () => gradcheck(identity, x, { nondetTol: Number.NaN }), RangeError, /^nondetTol: /],
    ['mode', () => gradcheck(identity, x, { mode: 'fast' as never }), TypeError, /^mode: expected full or directions/],
    ['raiseException', () => gradcheck(identity, x, { raiseException: 1 as never }), TypeError, /^raiseException: /],
    ['another name', () => gradcheck(identity, x, { nondet_tol: 0 } as never), TypeError, /nearest is nondetTol/],
    ['surplus', () => gradcheck(identity, x, {}, 5 as never), TypeError, /^gradcheck: expected at most 3 arguments/],
  ])('%s', (_, call, type, message) => {
    expectNoLeak(() => {
      expect(call).toThrow(type);
      expect(call).toThrow(message);
    });
    expect(constant.tolist()).toEqual([1, 1]);
  });

  test('tensors of another core', async () => {
    const foreign = (await other).ones([2], { dtype: 'float64', requiresGrad: true });
    expect(() => gradcheck(identity, [x, foreign])).toThrow(CoreError);
    expect(() => gradcheck(identity, [x, foreign])).toThrow(/^inputs\[1\]: /);
    expect(() => gradcheck(() => foreign, x)).toThrow(/^fn: .*another/);
    (await other).dispose();
  });

  test('another shape the second time', () => {
    let calls = 0;
    expect(() => gradcheck((x) => (calls++ === 0 ? x : x.sum()), x)).toThrow(
      /^fn: expected outputs of the same shapes/,
    );
  });

  test('what fn throws comes through', () => {
    expect(() => gradcheck((x) => x.matmul(x.view(1, 2)), x)).toThrow(/other/);
  });
});
