// What a diagnosis must not say: each of these was said once, of a gradient that has another fault or none.

import { describe, expect, test } from 'vitest';
import type { Handgrad } from '../../src/handgrad.js';
import { diagnoseShape } from '../../src/proof/misshapen.js';
import { diagnoseValues } from '../../src/proof/plainDiagnosis.js';
import type { Proof } from '../../src/proof/proof.js';
import { prove } from '../../src/proof/prove.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { hg } from '../support/handgrad.js';
import { notebook, withBackward } from './functions.js';
import { gruCell } from './sixFunctions.js';

type T = Record<string, Tensor>;
const grad = { requiresGrad: true };

const proofOf = (
  inputs: (hg: Handgrad) => object,
  forward: (t: T, hg: Handgrad) => object,
  backward: (t: T, d: T, hg: Handgrad) => void,
) => ({ inputs, forward, backward }) as unknown as Proof;

/** The verdict on a gradient, and what is said about it. */
const said = (proof: Proof, name: string) => {
  const { verdict, diagnosis, notes } = prove(hg, proof, { seed: 1 }).gradients.find((row) => row.name === name)!;
  return { verdict, kind: diagnosis?.kind ?? null, text: diagnosis?.text ?? null, notes };
};

/** y = x², whose gradient is what `write` makes of the right one; then that of x. */
const square = (shape: number[], write: (right: Tensor, hg: Handgrad) => Tensor) =>
  proofOf(
    (hg) => ({ x: hg.randn(shape, grad) }),
    ({ x }) => ({ loss: x!.pow(2).sum() }),
    (t, d, hg) => {
      d.x = write(t.x!.mul(2), hg);
    },
  );

/** loss = (x + b)², with b repeated along the rows. */
const repeated = (rows: number, write: (dy: Tensor, t: T) => Tensor, scale = 1) =>
  proofOf(
    (hg) => ({ x: hg.randn([rows, 5], grad), b: hg.randn([5], grad) }),
    ({ x, b }) => {
      const y = x!.add(b!).mul(scale);
      return { y, loss: y.pow(2).sum() };
    },
    (t, d) => {
      d.y = t.y!.mul(2);
      d.x = d.y.mul(scale);
      d.b = write(d.y, t);
    },
  );

describe('gradients that are not finite', () => {
  test.each([Infinity, -Infinity, Number.NaN])('of %s alone have no diagnosis', (x) => {
    expect(
      said(
        square([3, 4], (right) => right.mul(0).add(x)),
        'x',
      ),
    ).toMatchObject({ verdict: 'wrong', kind: null });
    expect(
      said(
        repeated(4, (dy) => dy.sum(0).mul(0).add(x)),
        'b',
      ),
    ).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test.each([Infinity, Number.NaN])('nor do those with one element of %s', (x) => {
    const proof = square([3, 4], (right) => right.mul(2).indexPut_([[1], [2]], x));
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test('nor does one too many axes of them', () => {
    const truth = { dtype: 'float64', shape: [4], data: new Float64Array(4).fill(1) } as const;
    const got = { dtype: 'float64', shape: [3, 4], data: new Float64Array(12).fill(Infinity) } as const;
    expect(diagnoseShape(got, truth).diagnosis).toBeNull();
  });
});

describe('a gradient of another shape', () => {
  test.each<[string, (right: Tensor) => Tensor]>([
    ['[6, 4]', (right) => right.view(6, 4)],
    ['[24]', (right) => right.view(-1)],
    ['[2, 12]', (right) => right.view(2, 12)],
    ['[6], where it needs no sum', (right) => right.sum(0)],
    ['[1, 6], where it needs no sum', (right) => right.sum(0, { keepdim: true })],
    ['[]', (right) => right.sum()],
  ])('of [4, 6] written as %s is not summed over the wrong axis', (_, write) => {
    expect(said(square([4, 6], write), 'x')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test('of a table, written as those of the rows that were read, is not summed over the wrong axis', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([6], grad), rows: [0, 2, 2, 5] }),
      ({ x, rows }) => ({
        loss: x!
          .index(rows as never)
          .exp()
          .sum(),
      }),
      (t, d) => {
        d.x = t.x!.exp().index(t.rows as never);
      },
    );
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test('summed over the wrong axis is, where the shapes tell', () => {
    const filled = (shape: number[]) => {
      const count = shape.reduce((a, b) => a * b);
      return { dtype: 'float64', shape, data: new Float64Array(count).fill(12 / count) } as const;
    };
    const kindOf = (got: number[], truth: number[]) => diagnoseShape(filled(got), filled(truth)).diagnosis?.kind;
    expect(kindOf([1, 4], [3, 1])).toBe('wrong-axis');
    expect(kindOf([3], [4])).toBeUndefined();
    expect(kindOf([6], [5, 6])).toBeUndefined();
    expect(kindOf([1, 5, 6], [4, 5, 1])).toBe('wrong-axis');
  });
});

test('a gradient left at zero has nothing subtracted from it', () => {
  const proof = proofOf(
    (hg) => ({ a: hg.randn([4], grad), b: hg.randn([4], grad) }),
    ({ a, b }) => ({ loss: a!.add(b!).pow(2).sum() }),
    (t, d, hg) => {
      d.a = t.a!.add(t.b!).mul(2);
      d.b = hg.zerosLike(d.a);
    },
  );
  expect(said(proof, 'b')).toMatchObject({ verdict: 'wrong', kind: null });
});

describe('a mean instead of a sum', () => {
  test('is told from a forgotten factor of 2 in a product with two rows', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([2, 5]), W: hg.randn([5, 3], grad) }),
      ({ x, W }) => ({ loss: x!.matmul(W!).pow(2).sum() }),
      (t, d) => {
        d.W = t.x!.T.matmul(t.x!.matmul(t.W!));
      },
    );
    expect(said(proof, 'W')).toMatchObject({ kind: 'factor', text: '1/2 times what it should be' });
  });

  test('is told from a scale that is applied twice, in a product', () => {
    const proof = proofOf(
      (hg) => ({ q: hg.randn([8, 64], grad), k: hg.randn([8, 64], grad) }),
      ({ q, k }) => ({ outputs: { y: q!.matmul(k!.T).mul(1 / 8) } }),
      (t, d) => {
        d.q = d.y!.matmul(t.k!).mul(1 / 64);
        d.k = d.y!.T.matmul(t.q!).mul(1 / 64);
      },
    );
    for (const name of ['q', 'k']) {
      expect(said(proof, name)).toMatchObject({ kind: 'factor', text: '1/8 times what it should be' });
    }
  });

  test('and where a value was repeated', () => {
    expect(
      said(
        repeated(2, (_, t) => t.y!.sum(0)),
        'b',
      ),
    ).toMatchObject({ kind: 'factor' });
    expect(
      said(
        repeated(8, (dy) => dy.sum(0).mul(1 / 64), 1 / 8),
        'b',
      ),
    ).toMatchObject({ kind: 'factor' });
    expect(
      said(
        repeated(8, (dy) => dy.mean(0)),
        'b',
      ),
    ).toMatchObject({
      kind: 'mean-instead-of-sum',
      text: 'a mean instead of a sum: 1/8 of what it should be',
    });
  });
});

describe('shifted', () => {
  const linear = (shape: number[], write: (t: T, hg: Handgrad) => Tensor, weights?: number[]) =>
    proofOf(
      (hg) => ({ x: hg.randn(shape, grad), w: weights === undefined ? hg.ones(shape) : hg.tensor(weights) }),
      ({ x, w }) => ({ loss: x!.mul(w!).sum() }),
      (t, d, hg) => {
        d.x = write(t, hg);
      },
    );

  test.each<[string, number[] | undefined, number[]]>([
    ['is no gradient of ones with a zero in it', undefined, [0, 1, 1, 1]],
    ['is none of which two elements are the same', [1, 2, 1, 3], [3, 1, 2, 1]],
  ])('%s', (_, weights, values) => {
    const { kind, verdict } = said(
      linear([4], (_, hg) => hg.tensor(values, { dtype: _.x!.dtype as 'float32' }), weights),
      'x',
    );
    expect({ kind, verdict }).toEqual({ kind: null, verdict: 'wrong' });
  });

  test('is one of different elements, each in the place of the next', () => {
    const proof = linear([4], (t, hg) => hg.tensor([7, 1, 2, 3], { dtype: t.x!.dtype as 'float32' }), [1, 2, 3, 7]);
    expect(said(proof, 'x')).toMatchObject({ kind: 'shifted', text: 'shifted by 1 along axis 0' });
  });
});

describe('few elements', () => {
  test.each([1.5, 2, -1, 0.3])('one element is %s times any other', (factor) => {
    expect(
      said(
        square([1], (right) => right.mul(factor)),
        'x',
      ),
    ).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test.each<[number, string | null]>([
    [2, 'factor'],
    [-1, 'sign'],
    [1.2345678, null],
  ])('two elements are %s times what they should be: %s', (factor, kind) => {
    expect(
      said(
        square([2], (right) => right.mul(factor)),
        'x',
      ),
    ).toMatchObject({ verdict: 'wrong', kind });
  });

  test('three are any number times that', () => {
    expect(
      said(
        square([3], (right) => right.mul(1.2345678)),
        'x',
      ),
    ).toMatchObject({
      text: '1.234568 times what it should be',
    });
  });
});

describe('one half of the chain rule', () => {
  type Step = (x: Tensor) => Tensor;
  /** y = f(x), named, and weighed; the gradient of x is what `write` makes of x, y and dy. */
  const step = (f: Step, write: (x: Tensor, y: Tensor, dy: Tensor) => Tensor) =>
    proofOf(
      (hg) => ({ x: hg.rand([3, 4], grad), w: hg.randn([3, 4]) }),
      ({ x, w }) => {
        const y = f(x!);
        return { y, loss: y.mul(w!).sum() };
      },
      (t, d) => {
        d.y = t.w!.clone();
        d.x = write(t.x!, t.y!, d.y);
      },
    );

  test.each<[string, Step, Step, string]>([
    ['exp', (x) => x.exp(), (x) => x.exp(), 'the derivative of exp'],
    ['log', (x) => x.log(), (x) => x.pow(-1), 'the derivative of log'],
    ['tanh', (x) => x.tanh(), (x) => x.tanh().pow(2).neg().add(1), 'the derivative of tanh'],
    ['sqrt', (x) => x.sqrt(), (x) => x.sqrt().pow(-1).mul(0.5), 'the derivative of sqrt'],
    ['pow', (x) => x.pow(3), (x) => x.pow(2).mul(3), 'the derivative of the power'],
    ['mul', (x) => x.mul(x.detach()), (x) => x.clone(), 'the other factor of the product'],
    ['div', (x) => x.div(x.detach().exp()), (x) => x.neg().exp(), 'the derivative of the quotient'],
    ['of a sum', (x) => x.add(2).pow(2), (x) => x.add(2).mul(2), 'the derivative'],
  ])('%s: handed on, or alone', (name, f, derivative, what) => {
    expect(
      said(
        step(f, (_, __, dy) => dy.clone()),
        'x',
      ),
    ).toEqual({
      verdict: 'wrong',
      kind: 'missing-derivative',
      text: `${what} is missing: what comes from y is handed on as it is`,
      notes: [],
    });
    const half = said(step(f, derivative), 'x');
    expect(half).toMatchObject({ verdict: 'wrong', kind: 'missing-upstream' });
    if (name !== 'of a sum') expect(half.text).toContain('what comes from y is not multiplied in');
    expect(
      said(
        step(f, (x, _, dy) => derivative(x).mul(dy)),
        'x',
      ),
    ).toMatchObject({ kind: null, notes: [] });
  });

  test('where the value is used twice, in one of the branches', () => {
    const proof = (write: (t: T, d: T) => Tensor) =>
      proofOf(
        (hg) => ({ x: hg.randn([3, 4], grad), w: hg.randn([3, 4]) }),
        ({ x, w }) => {
          const [a, b] = [x!.tanh(), x!.exp()];
          return { a, b, loss: a.add(b).mul(w!).sum() };
        },
        (t, d) => {
          d.a = t.w!.clone();
          d.b = t.w!.clone();
          d.x = write(t, d);
        },
      );
    const ofTanh = (t: T, d: T) => t.a!.pow(2).neg().add(1).mul(d.a!);
    expect(
      said(
        proof((t, d) => ofTanh(t, d).add(d.b!)),
        'x',
      ),
    ).toMatchObject({
      kind: 'missing-derivative',
      text: 'the derivative of exp is missing: what comes from b is handed on as it is',
    });
    expect(
      said(
        proof((t, d) => d.a!.add(t.b!.mul(d.b!))),
        'x',
      ),
    ).toMatchObject({
      kind: 'missing-derivative',
      text: 'the derivative of tanh is missing: what comes from a is handed on as it is',
    });
  });

  test('where the value was repeated, summed', () => {
    const proof = proofOf(
      (hg) => ({ gain: hg.rand([4], grad), x: hg.randn([3, 4]), w: hg.randn([3, 4]) }),
      ({ gain, x, w }) => {
        const y = x!.mul(gain!);
        return { y, loss: y.mul(w!).sum() };
      },
      (t, d) => {
        d.y = t.w!.clone();
        d.gain = d.y.sum(0);
      },
    );
    expect(said(proof, 'gain')).toMatchObject({
      kind: 'missing-derivative',
      text: 'the other factor of the product is missing: what comes from y is handed on as it is',
    });
  });

  test('is not said of what is off by little where two branches all but cancel', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([3, 4], grad), w: hg.randn([3, 4]) }),
      ({ x, w }) => {
        const [s, u] = [x!.add(1), x!.mul(-0.999)];
        return { s, u, loss: s.add(u).mul(w!).sum() };
      },
      (t, d) => {
        d.s = t.w!.clone();
        d.u = t.w!.clone();
        d.x = d.s.sub(d.u.mul(0.999)).add(t.w!.pow(2).mul(3e-11));
      },
    );
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  /** b = tanh(x @ W), weighed. */
  const layer = (backward: (t: T, d: T) => void) =>
    proofOf(
      (hg) => ({ x: hg.randn([3, 4], grad), W: hg.randn([4, 4], grad), w: hg.randn([3, 4]) }),
      ({ x, W, w }) => {
        const a = x!.matmul(W!);
        const b = a.tanh();
        return { a, b, loss: b.mul(w!).sum() };
      },
      backward,
    );

  test('with the gradient of another value, which was read', () => {
    const proof = (write: (t: T, d: T) => Tensor) =>
      layer((t, d) => {
        d.b = t.w!.clone();
        d.a = t.b!.pow(2).neg().add(1).mul(t.w!);
        d.x = write(t, d);
        d.W = t.x!.T.matmul(d.a!);
      });
    expect(
      said(
        proof((t, d) => d.b!.matmul(t.W!.T)),
        'x',
      ),
    ).toMatchObject({
      verdict: 'wrong',
      kind: 'other-gradient',
      text: 'computed from db where da belongs',
    });
    expect(
      said(
        proof((t) => t.w!.matmul(t.W!.T)),
        'x',
      ),
    ).toMatchObject({ verdict: 'wrong', kind: null });
    expect(
      said(
        proof((t, d) => d.a!.matmul(t.W!.T)),
        'x',
      ),
    ).toMatchObject({ kind: null, notes: [] });
  });

  test('with another value', () => {
    const proof = (write: (t: T, d: T) => Tensor) =>
      layer((t, d) => {
        d.b = t.w!.clone();
        d.a = t.b!.pow(2).neg().add(1).mul(d.b!);
        d.x = d.a!.matmul(t.W!.T);
        d.W = write(t, d);
      });
    expect(
      said(
        proof((t, d) => t.b!.T.matmul(d.a!)),
        'W',
      ),
    ).toMatchObject({
      verdict: 'wrong',
      kind: 'other-value',
      text: 'computed with b where x belongs',
    });
    expect(
      said(
        proof((t, d) => t.x!.T.matmul(d.a!)),
        'W',
      ),
    ).toMatchObject({ kind: null, notes: [] });
    expect(
      said(
        proof((t) => t.w!.T.matmul(t.w!)),
        'W',
      ),
    ).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test('with another gradient or value, where a value is multiplied with itself', () => {
    const proof = (write: (t: T, d: T) => Tensor) =>
      proofOf(
        (hg) => ({ x: hg.randn([3, 4], grad), v: hg.randn([3, 4]), w: hg.randn([3, 4]) }),
        ({ x, v, w }) => {
          const y = x!.mul(x!);
          const z = y.mul(v!);
          return { y, z, loss: z.mul(w!).sum() };
        },
        (t, d) => {
          d.z = t.w!.clone();
          d.y = d.z.mul(t.v!);
          d.x = write(t, d);
        },
      );
    const kinds: readonly [string | null, string | null, (t: T, d: T) => Tensor][] = [
      [null, null, (t, d) => d.y!.mul(t.x!).mul(2)],
      ['other-gradient', 'computed from dz where dy belongs', (t, d) => d.z!.mul(t.x!).mul(2)],
      ['other-value', 'computed with v where x belongs', (t, d) => d.y!.mul(t.v!).mul(2)],
      [null, null, (t, d) => d.y!.mul(t.v!.mul(2).add(t.x!))],
    ];
    for (const [kind, text, write] of kinds) expect(said(proof(write), 'x')).toMatchObject({ kind, text });
  });

  test('with another value in the place of a transposed one, by the name of that alone', () => {
    const proof = (isNamed: boolean, write: (t: T, d: T) => Tensor) =>
      proofOf(
        (hg) => ({ q: hg.randn([4, 4], grad), K: hg.randn([4, 4]), V: hg.randn([4, 4]), w: hg.randn([4, 4]) }),
        ({ q, K, w }) => {
          const Kt = K!.T;
          const s = q!.matmul(Kt);
          return { ...(isNamed && { Kt }), s, loss: s.mul(w!).sum() };
        },
        (t, d) => {
          d.s = t.w!.clone();
          d.q = write(t, d);
        },
      );
    const byV = (t: T, d: T) => d.s!.matmul(t.V!.T);
    const byK = (t: T, d: T) => d.s!.matmul(t.K!.T);
    expect(said(proof(true, byV), 'q').text).toBe('computed with V where Kt belongs');
    expect(said(proof(true, byK), 'q').text).toBe('computed with K where Kt belongs');
    for (const write of [byV, byK])
      expect(said(proof(false, write), 'q')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test('is not told from gradients that are nearly all zero', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.rand([3, 4], grad) }),
      ({ x }) => {
        const y = x!.exp();
        return { y, loss: y.index([0, 1], [1, 2]).sum() };
      },
      (t, d, hg) => {
        d.y = hg.zeros([3, 4]).indexPut_(
          [
            [0, 1],
            [1, 2],
          ],
          1,
        );
        d.x = t.y!.clone();
      },
    );
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: 'copied' });
    expect(said(proof, 'x').kind).not.toBe('missing-upstream');
  });
});

test('what is wrong is not said to make no difference', () => {
  const proof = proofOf(
    (hg) => ({ x: hg.randn([4, 5], grad), b: hg.randn([5], grad), w: hg.randn([4, 5]) }),
    ({ x, b, w }) => {
      const z = x!.add(b!);
      const out = z.sub(z.mean(0, { keepdim: true }));
      return { z, out, loss: out.mul(w!).sum() };
    },
    (t, d) => {
      d.out = t.w!.clone();
      d.z = d.out.sub(d.out.mean(0, { keepdim: true }));
      d.x = d.z.clone();
      d.b = d.z.sum(0).add(1);
    },
  );
  expect(said(proof, 'b')).toMatchObject({ verdict: 'wrong', notes: [] });
});

describe('branches', () => {
  test('a missing factor is no gradient of another tensor too many', () => {
    const written = gruCell();
    const proof = withBackward(written, written.backward.replace('d.h = d.out.mul(t.z).add', 'd.h = d.out.add'));
    expect(said(proof, 'h')).toMatchObject({ verdict: 'wrong', kind: 'missing-derivative' });
  });

  test('nor where the products have names', () => {
    const proof = proofOf(
      (hg) => ({ c: hg.randn([3, 4], grad), h: hg.randn([3, 4], grad), z: hg.rand([3, 4]) }),
      ({ c, h, z }) => {
        const [zc, zh] = [z!.neg().add(1).mul(c!), z!.mul(h!)];
        return { zc, zh, outputs: { out: zc.add(zh) } };
      },
      (t, d) => {
        d.zc = d.out!.clone();
        d.zh = d.out!.clone();
        d.c = d.zc.mul(t.z!.neg().add(1));
        d.h = d.zh.add(d.c.mul(0));
      },
    );
    expect(said(proof, 'h')).toMatchObject({ verdict: 'wrong', kind: 'missing-derivative' });
  });

  test('a multiple that no one would write is not named', () => {
    const written = notebook({ H: 24 });
    const from = 'd.counts = t.counts_sum_inv.mul(d.probs);';
    expect(written.backward).toContain(from);
    const proof = withBackward(
      written,
      written.backward.replace(from, 'd.counts = t.counts_sum_inv.mul(d.probs.sub(d.probs.mean()));'),
    );
    expect(said(proof, 'counts')).toMatchObject({ verdict: 'wrong', kind: null });
  });

  test.each<[number, string | null]>([
    [1 + 1e-8, null],
    [1.2345678, null],
    [0.5, 'factor-of-branch'],
    [0, 'missing-branch'],
  ])('one of two is %s times what it should be: %s', (factor, kind) => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([3, 4], grad) }),
      ({ x }) => {
        const [a, b] = [x!.exp(), x!.pow(2)];
        return { a, b, loss: a.add(b).sum() };
      },
      (t, d, hg) => {
        d.a = hg.onesLike(t.a!);
        d.b = hg.onesLike(t.b!);
        d.x = d.a.mul(t.a!).add(d.b.mul(t.x!).mul(2 * factor));
      },
    );
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind });
  });

  test('of two that are alike, none is said to be missing', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([3, 4], grad), w: hg.randn([3, 4]) }),
      ({ x, w }) => {
        const [a, b] = [x!.add(1), x!.add(2)];
        const c = x!.pow(2);
        return { a, b, c, loss: a.add(b).mul(w!).add(c).sum() };
      },
      (t, d, hg) => {
        d.a = t.w!.clone();
        d.b = t.w!.clone();
        d.c = hg.onesLike(t.c!);
        d.x = d.a.add(t.x!.mul(2));
      },
    );
    expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: null });
  });
});

test.each([
  [1e-9, '1.000000001 times what it should be'],
  [-1.5e-6, '0.9999985 times what it should be'],
  [1e-3, '1.001 times what it should be'],
])('a factor of 1 + %s has digits enough', (by, text) => {
  expect(
    said(
      square([3, 4], (right) => right.mul(1 + by)),
      'x',
    ).text,
  ).toBe(text);
});

test('so has one of values without a chain', () => {
  const x = hg.randn([3, 4]).data;
  const given = Float64Array.from(x, (value) => value * (1 + 1e-9));
  const fits = (values: ArrayLike<number>) => given.every((value, i) => Math.abs(value - values[i]!) < 1e-12);
  expect(diagnoseValues({ candidate: given, truth: x, shape: [3, 4], fits })?.text).toBe(
    '1.000000001 times what it should be',
  );
});

test('one element off by little is no factor', () => {
  const proof = square([3, 4], (right) => right.indexPut_([[1], [2]], right.index([1], [2]).mul(1 + 1e-12)));
  expect(said(proof, 'x')).toMatchObject({ kind: null });
});

describe('no note is made on a right step', () => {
  test('that adds a gradient that is given', () => {
    const proof = proofOf(
      (hg) => ({ x: hg.randn([4, 3], grad), b: hg.randn([1], grad) }),
      ({ x, b }) => {
        const s = x!.add(b!);
        return { s, outputs: { y: s.softmax(1), z: b!.mul(1) } };
      },
      (t, d) => {
        d.s = t.y!.mul(d.y!.sub(t.y!.mul(d.y!).sum(1, { keepdim: true })));
        d.x = d.s.clone();
        d.b = d.s.sum().add(d.z!);
      },
    );
    const report = prove(hg, proof);
    expect(report.ok).toBe(true);
    expect(report.gradients.flatMap(({ notes }) => notes)).toEqual([]);
  });

  test.each([1e3, 1e6])('at an offset of %s, where the forward pass loses digits', (offset) => {
    const proof = proofOf(
      (hg) => ({ x: leaf(hg, offset) }),
      ({ x }) => {
        const c = x!.sub(x!.mean(0, { keepdim: true }));
        return { c, outputs: { y: c.pow(2) } };
      },
      (t, d) => {
        d.c = d.y!.mul(2).mul(t.x!.sub(t.x!.sum(0, { keepdim: true }).div(8)));
        d.x = d.c.sub(d.c.mean(0, { keepdim: true }));
      },
    );
    expect(
      prove(hg, proof)
        .gradients.flatMap(({ notes }) => notes)
        .filter((note) => /upstream/.test(note)),
    ).toEqual([]);
  });
});

function leaf(hg: Handgrad, offset: number): Tensor {
  const x = hg.noGrad(() => hg.randn([8, 5]).add(offset));
  x.requiresGrad = true;
  return x;
}

test.each([
  [1e-5, 1e-6, 'has 0.000001 where the forward pass adds 0.00001'],
  [1e-5, 0, 'leaves out the number 0.00001 that the forward pass adds'],
  [0.1 + 0.2, 3, 'has 3 where the forward pass adds 0.3'],
])('where %s is added and %s taken, the numbers stand as they are written', (added, taken, text) => {
  const proof = proofOf(
    (hg) => ({ x: hg.tensor(hg.rand([8]).mul(1e-5).toArray(), grad) }),
    ({ x }) => {
      const y = x!.add(added).pow(-0.5);
      return { y, loss: y.sum() };
    },
    (t, d, hg) => {
      d.y = hg.onesLike(t.y!);
      d.x = d.y.mul(t.x!.add(taken).pow(-1.5)).mul(-0.5);
    },
  );
  expect(said(proof, 'x')).toMatchObject({ verdict: 'wrong', kind: 'constant', text });
});
