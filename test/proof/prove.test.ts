// What prove does with right, wrong and impossible proofs.

import { describe, expect, test } from 'vitest';
import { create, type Handgrad } from '../../src/handgrad.js';
import { defineProof, type Proof } from '../../src/proof/proof.js';
import { prove } from '../../src/proof/prove.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { expectNoLeak, hg } from '../support/handgrad.js';

const other = await create();
const grad = { requiresGrad: true };

/** y = x + b, the sum of its squares: with other functions where they are given. */
const sum = (changes: object = {}): Proof =>
  ({
    name: 'sum',
    inputs: (hg) => ({ x: hg.randn([3, 4], grad), b: hg.randn([4], grad) }),
    forward: ({ x, b }) => {
      const y = (x as Tensor).add(b as Tensor);
      return { y, loss: y.pow(2).sum() };
    },
    backward: (t, d) => {
      const [{ y }, dt] = [t as unknown as T, d as unknown as D];
      dt.y = y!.mul(2);
      dt.x = dt.y.clone();
      dt.b = dt.y.sum(0);
    },
    ...changes,
  }) as Proof;

type T = Record<string, Tensor>;
type D = Record<string, Tensor>;
const backward = (write: (t: T, d: D, hg: typeof import('../support/handgrad.js').hg) => unknown) =>
  sum({ backward: write });
const forward = (give: (t: T, hg: typeof import('../support/handgrad.js').hg) => unknown) => sum({ forward: give });

const verdicts = (proof: Proof) =>
  Object.fromEntries(prove(hg, proof).gradients.map(({ name, verdict }) => [name, verdict]));
const right = { y: 'exact', x: 'exact', b: 'exact' };

describe('a right proof', () => {
  test('is ok, in the order of writing, and leaves nothing behind', () => {
    expectNoLeak(() => {
      const report = prove(hg, sum());
      expect(report).toMatchObject({ name: 'sum', dtype: 'float32', ok: true, root: null, outcome: 'right' });
      expect(report.gradients.map(({ name }) => name)).toEqual(['y', 'x', 'b']);
      expect(report.assert()).toBe(report);
    });
  });

  test('is the same for the same seed, and another for another one', () => {
    const worst = (seed: number) => JSON.stringify(prove(hg, sum(), { seed }));
    expect(worst(1)).toBe(worst(1));
    expect(worst(1)).not.toBe(worst(2));
  });

  test('does not draw from the generator of the handle', () => {
    hg.manualSeed(7);
    const expected = hg.rand([3]).tolist();
    hg.manualSeed(7);
    prove(hg, sum());
    expect(hg.rand([3]).tolist()).toEqual(expected);
  });

  test('may have outputs, whose gradients are there to be read', () => {
    const proof = defineProof({
      inputs: (hg) => ({ x: hg.randn([3], grad), b: hg.randn([2], grad) }),
      forward: ({ x, b }) => ({ outputs: { p: x.mul(2), q: b.exp() } }),
      backward: (t, d) => {
        d.x = d.p.mul(2);
        d.b = d.q.mul(t.q);
      },
    });
    expect(prove(hg, proof).ok).toBe(true);
  });

  test('may hold on to what it has written', () => {
    const proof = backward((t, d) => {
      const dy = t.y!.mul(3);
      d.y = dy;
      d.x = dy.clone();
      d.b = dy.sum(0);
    });
    expect(verdicts(proof)).toEqual({ y: 'wrong', x: 'inherited', b: 'inherited' });
  });

  test('what reads a gradient of the right size and the wrong shape inherits that', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.mul(2).reshape(4, 3);
      d.b = d.y.sum(0);
      d.x = d.y.reshape(3, 4).clone();
    });
    expect(verdicts(proof)).toMatchObject({ y: 'wrong', b: 'inherited' });
  });

  test('gives zeros for an input that nothing depends on', () => {
    const inputs = (hg: typeof import('../support/handgrad.js').hg) => ({
      x: hg.randn([3, 4], grad),
      b: hg.randn([4], grad),
      u: hg.ones([2], grad),
    });
    expect(verdicts(sum({ inputs }))).toEqual({ ...right, u: 'unclaimed' });
    const zero = (t: T, d: D) => {
      sum().backward(t as never, d as never, hg);
      d.u = hg.zerosLike(t.u!);
    };
    expect(prove(hg, sum({ inputs, backward: zero }), { dtype: 'float32' }).gradients).toHaveLength(4);
  });

  test.each<[string, Proof]>([
    [
      'constants that float32 has not',
      sum({
        forward: ({ x, b }: T) => {
          const y = x!.add(b!);
          return { y, loss: y.mean() };
        },
        backward: (_: T, d: D, hg: typeof import('../support/handgrad.js').hg) => {
          d.y = hg.full([3, 4], 1 / 12);
          d.x = hg.tensor(
            Float64Array.from({ length: 12 }, () => 1 / 12),
            { shape: [3, 4] },
          );
          d.b = hg.full([4], 3 / 12);
        },
      }),
    ],
    [
      'a given gradient that is changed in place',
      sum({
        forward: ({ x, b }: T) => ({ outputs: { y: x!.add(b!).exp() } }),
        backward: (t: T, d: D) => {
          d.x = d.y!.mul_(t.y!);
          d.b = d.x.sum(0);
        },
      }),
    ],
    [
      'a local that is a view of what was written',
      backward((t, d) => {
        const dy = t.y!.T.mul(2).T;
        d.y = dy;
        d.x = dy.clone();
        d.b = dy.sum(0);
      }),
    ],
    [
      'an input among the values',
      sum({
        forward: ({ x, b }: T) => {
          const y = x!.add(b!);
          return { same: x, y, loss: y.pow(2).sum() };
        },
      }),
    ],
    [
      'many operations without names',
      sum({
        forward: ({ x, b }: T) => {
          let y = x!.add(b!);
          for (let i = 0; i < 40; i++) y = y.add(y.mul(0));
          return { y, loss: y.pow(2).sum() };
        },
      }),
    ],
  ])('may have %s', (_, proof) => {
    const report = prove(hg, proof);
    expect(report.gradients.filter(({ verdict }) => !['exact', 'rounding'].includes(verdict))).toEqual([]);
    expect(report.ok).toBe(true);
  });

  test('inherits through a local that is a view', () => {
    const proof = backward((t, d) => {
      const dy = t.y!.T.mul(3).T;
      d.y = dy;
      d.x = dy.clone();
      d.b = dy.sum(0);
    });
    expect(verdicts(proof)).toEqual({ y: 'wrong', x: 'inherited', b: 'inherited' });
  });

  test('may differ in axes of size 1, with a note', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.mul(2);
      d.x = d.y.clone();
      d.b = d.y.sum(0, { keepdim: true });
    });
    const report = prove(hg, proof);
    expect(report.ok).toBe(true);
    expect(report.gradients[2]!.notes).toEqual(['has shape [1, 4], expected [4]; axes of size 1 ignored']);
  });
});

describe('a wrong proof', () => {
  test('throws by assert, with the table in the message', () => {
    const report = prove(
      hg,
      backward((t, d) => {
        d.y = t.y!.mul(3);
      }),
    );
    expect(() => report.assert()).toThrow(
      /^sum: expected every gradient to be right, got:\n[\s\S]*First wrong step: dy: 3\/2/,
    );
  });

  test('of one element, off by a millionth, is found', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.mul(2);
      d.x = d.y.clone();
      d.x.indexPut_([[1], [2]], d.x.index([1], [2]).mul(1 + 1e-6));
      d.b = d.y.sum(0);
    });
    const report = prove(hg, proof);
    expect(report.root).toBe('x');
    expect(report.gradients[1]).toMatchObject({ verdict: 'wrong', share: 1 / 12, worst: { index: [1, 2] } });
  });

  test('says which gradient was read before it was complete', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.clone();
      d.x = d.y.clone();
      d.y = d.y.add(t.y!);
      d.b = d.y.sum(0);
    });
    const report = prove(hg, proof);
    expect(report.gradients.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'x wrong',
      'y exact',
      'b exact',
    ]);
    expect(report.gradients[0]!.notes).toEqual(['dy was read for it before it was complete']);
  });

  test('of the wrong shape names both shapes and the missing sum', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.mul(2);
      d.b = d.y;
    });
    const [, b, x] = prove(hg, proof).gradients;
    expect(b).toMatchObject({ verdict: 'wrong', diagnosis: { kind: 'not-summed' } });
    expect(b!.notes).toEqual(['expected shape [4], got [3, 4]; a sum over axis 0 is missing']);
    expect(x).toMatchObject({ name: 'x', verdict: 'unclaimed' });
  });

  test('wrong in float32 alone is wrong', () => {
    const proof = backward((t, d) => {
      d.y = t.y!.mul(t.y!.dtype === 'float32' ? 6 : 2);
      d.x = t.y!.mul(2);
      d.b = d.x.sum(0);
    });
    expect(prove(hg, proof).gradients[0]).toMatchObject({
      verdict: 'wrong',
      notes: [expect.stringContaining('right in float64')],
    });
  });

  test('wrong in float64 alone is wrong', () => {
    const proof = backward((t, d) => {
      const slip = t.y!.dtype === 'float64' ? 1 + 2 ** -30 : 1;
      d.y = t.y!.mul(2 * slip);
      d.x = d.y.clone();
      d.b = d.y.sum(0);
    });
    expect(prove(hg, proof).gradients[0]).toMatchObject({ exact: true, verdict: 'wrong' });
  });

  test('that a branch is missing where it vanishes is a note, and changes no verdict', () => {
    const proof = defineProof({
      inputs: (hg) => ({ x: hg.randn([4, 3], grad) }),
      forward: ({ x }) => {
        const top = x.max(1, { keepdim: true }).values;
        const shifted = x.sub(top);
        const probs = shifted.softmax(1);
        return { top, shifted, probs, loss: probs.pow(2).sum() };
      },
      backward: (t, d) => {
        d.probs = t.probs.mul(2);
        d.shifted = t.probs.mul(d.probs.sub(t.probs.mul(d.probs).sum(1, { keepdim: true })));
        d.top = d.shifted.sum(1, { keepdim: true }).neg();
        d.x = d.shifted.clone();
      },
    });
    const report = prove(hg, proof);
    expect(report.ok).toBe(true);
    expect(report.gradients.at(-1)!.notes).toEqual([
      'the branch through top is missing; here that makes no difference, for other gradients upstream it would',
    ]);
  });
});

describe('a step that is right at these inputs alone', () => {
  /** A layer whose gain is 1 and whose bias is 0, so that either may be forgotten; `change` what is written for it. */
  const layer = (change: (t: T, d: D) => void = () => {}, more: (hg: Handgrad) => object = () => ({})) =>
    ({
      inputs: (hg: Handgrad) => ({
        x: hg.randn([32, 9], grad),
        gain: hg.ones([9], grad),
        bias: hg.zeros([9], grad),
        ...more(hg),
      }),
      forward: ({ x, gain, bias }: T) => {
        const z = x!.mul(gain!).add(bias!);
        const h = z.tanh();
        const top = x!.max(1).values;
        return { z, h, top, loss: h.pow(2).sum().add(top.pow(2).sum()) };
      },
      backward: (t: T, d: D, hg: Handgrad) => {
        d.top = t.top!.mul(2);
        d.h = t.h!.mul(2);
        d.z = d.h.mul(t.h!.pow(2).neg().add(1));
        d.bias = d.z.sum(0);
        d.gain = d.z.mul(t.x!).sum(0);
        const rows = Array.from({ length: 32 }, (_, i) => i);
        const tops = t.tops ?? hg.noGrad(() => t.x!.argmax(1));
        d.x = d.z.mul(t.gain!).indexPut_([rows, tops], d.top, { accumulate: true });
        change(t, d);
      },
    }) as unknown as Proof;
  const notesOf = (proof: Proof) =>
    prove(hg, proof).gradients.flatMap(({ name, notes }) => notes.map((note) => [name, note]));
  const note = 'right here, but wrong for inputs next to these';
  const forgetGain = (t: T, d: D) => {
    d.x = d.x!.add(d.z!).sub(d.z!.mul(t.gain!));
  };

  const forgetBias = (t: T, d: D) => {
    d.gain = d.z!.mul(t.z!).sum(0);
  };

  /** Rows of numbers next to each other, and where the largest of each stands. */
  const nearlyTied = (hg: Handgrad) => {
    const x = hg.noGrad(() => hg.randn([32, 1]).add(hg.rand([32, 9]).mul(1e-3)));
    x.requiresGrad = true;
    return { x, tops: hg.noGrad(() => x.argmax(1)) };
  };

  test.each<[string, string, Proof]>([
    ['a gain of ones', 'x', layer(forgetGain)],
    ['a bias of zeros', 'gain', layer(forgetBias)],
    [
      'the slope of tanh at 0',
      'y',
      {
        inputs: (hg: Handgrad) => ({ x: hg.zeros([4, 3], grad), w: hg.randn([4, 3]) }),
        forward: ({ x, w }: T) => {
          const y = x!.mul(3);
          return { y, loss: y.tanh().mul(w!).sum() };
        },
        backward: (t: T, d: D) => {
          d.y = t.w!.clone();
          d.x = d.y.mul(3);
        },
      } as unknown as Proof,
    ],
  ])('%s: a note that changes no verdict', (_, name, proof) => {
    expect(notesOf(proof)).toEqual([[name, note]]);
    expect(prove(hg, proof).ok).toBe(true);
  });

  test('a branch behind weights that are zero in the beginning is named', () => {
    const adapted = defineProof({
      inputs: (hg) => ({
        x: hg.randn([5, 4], grad),
        W: hg.randn([4, 4], grad),
        A: hg.randn([4, 2], grad),
        B: hg.zeros([2, 4], grad),
        w: hg.randn([5, 4]),
      }),
      forward: ({ x, W, A, B, w }) => {
        const low = x.matmul(A);
        const y = x.matmul(W).add(low.matmul(B));
        return { low, y, loss: y.mul(w).sum() };
      },
      backward: (t, d) => {
        d.y = t.w.clone();
        d.W = t.x.T.matmul(d.y);
        d.B = t.low.T.matmul(d.y);
        d.low = d.y.matmul(t.B.T);
        d.A = t.x.T.matmul(d.low);
        d.x = d.y.matmul(t.W.T);
      },
    });
    expect(notesOf(adapted as unknown as Proof).at(-1)).toEqual([
      'x',
      'the branch through low is missing; here that makes no difference, for inputs next to these it would',
    ]);
  });

  test.each<[string, Proof]>([
    ['right', layer()],
    ['right, with a choice that was made for these inputs', layer(undefined, nearlyTied)],
    [
      'made with a constant that may have come of these inputs',
      layer(
        (t, d) => {
          forgetGain(t, d);
          d.x = d.x!.mul((t as unknown as { half: number }).half).mul(2);
        },
        () => ({ half: 0.5 }),
      ),
    ],
    [
      'made by a function that fails elsewhere',
      layer((t, d) => {
        if (t.gain!.data[0] !== 1) throw new Error('expected ones');
        forgetGain(t, d);
      }),
    ],
    [
      'made in another order elsewhere',
      layer((t, d) => {
        if (t.gain!.data[0] !== 1) d.bias = d.bias!.clone();
        forgetGain(t, d);
      }),
    ],
  ])('no note on what is %s', (_, proof) => {
    expect(notesOf(proof)).toEqual([]);
  });
});

describe('what can not be decided is not right', () => {
  test.each<[string, Proof, RegExp]>([
    [
      'NaN in the reference',
      forward(({ x, b }) => {
        const y = x!.add(b!);
        return { y, loss: y.mul(Number.NaN).sum() };
      }),
      /the reference is NaN at \[0, 0\]: finite inputs would decide/,
    ],
    [
      'infinite in float32 alone',
      sum({
        inputs: (hg: typeof import('../support/handgrad.js').hg) => ({
          x: hg.full([3, 4], 1e20, grad),
          b: hg.zeros([4], grad),
        }),
        forward: ({ x, b }: T) => {
          const y = x!.add(b!);
          return { y, loss: y.mul(1e-30).sum() };
        },
        backward: (t: T, d: D) => {
          d.y = t.y!.mul(t.y!).div(t.y!).div(t.y!).mul(1e-30);
          d.x = d.y.clone();
          d.b = d.y.sum(0);
        },
      }),
      /right in float64, but Infinity at \[0, 0\] in float32/,
    ],
  ])('%s', (_, proof, note) => {
    const report = prove(hg, proof);
    expect(report).toMatchObject({ ok: false, outcome: 'undecided' });
    expect(report.gradients.flatMap(({ notes }) => notes).join('\n')).toMatch(note);
  });

  test('gradients that are all zero, for which no control is found', () => {
    const zeros = forward(({ x, b }) => {
      const y = x!.add(b!);
      return { y, loss: y.mul(0).sum() };
    });
    const proof = {
      ...zeros,
      backward: (t: T, d: D) => {
        for (const name of ['y', 'x', 'b']) d[name] = hg.zerosLike(t[name]!);
      },
    };
    const report = prove(hg, proof as unknown as Proof, { dtype: 'float64' });
    expect(report).toMatchObject({ ok: false, outcome: 'undecided' });
    expect(String(report)).toMatch(/\nNot right: 3 exact, but no fault could show here\.$/);
  });

  test('gradients without elements', () => {
    const empty = {
      inputs: () => ({ x: hg.zeros([0, 3], grad) }),
      forward: ({ x }: T) => ({ loss: x!.sum() }),
      backward: (t: T, d: D) => {
        d.x = hg.onesLike(t.x!);
      },
    };
    const report = prove(hg, empty as unknown as Proof);
    expect(report).toMatchObject({ ok: false, outcome: 'undecided' });
    expect(String(report)).toMatch(/\nNot right: 1 exact, but no fault could show here\.$/);
  });

  test('a reference that differences contradict', () => {
    const proof = forward(({ x, b }) => {
      const y = x!.add(b!).add(b!.detach());
      return { y, loss: y.pow(2).sum() };
    });
    const report = prove(hg, proof);
    expect(report).toMatchObject({ ok: false, reference: { trusted: false } });
    expect(String(report)).toContain('The reference cannot be trusted');
  });
});

describe('refused, with one sentence that says why', () => {
  test.each<[string, unknown, RegExp]>([
    ['null', null, /^proof: expected an object with inputs, forward, backward, got null$/],
    ['no forward', sum({ forward: undefined }), /^proof\.forward: expected a function, got undefined$/],
    ['inputs in a list', sum({ inputs: () => [] }), /^inputs: expected an object with tensors by name, got \[\]$/],
    ['a promise of inputs', sum({ inputs: async () => ({}) }), /^inputs: .*at once, got a promise$/],
    [
      'no input to differentiate',
      sum({ inputs: () => ({ x: hg.ones([2]) }) }),
      /at least one tensor that requires a gradient/,
    ],
    ['an input of another core', sum({ inputs: () => ({ x: other.ones([2], grad) }) }), /^inputs: x: .*same core/],
    [
      'a loss that is no scalar',
      forward(({ x }) => ({ loss: x })),
      /^forward: loss: expected one element, got \[3, 4\]; .*outputs$/,
    ],
    ['no loss', forward(({ x }) => ({ y: x })), /^forward: loss: expected a tensor, got undefined/],
    ['a loss that is a number', forward(() => ({ loss: 3 })), /^forward: loss: expected a tensor, got 3/],
    [
      'a constant loss',
      forward((_, hg) => ({ loss: hg.ones([]) })),
      /^forward: loss: expected a tensor that depends on/,
    ],
    [
      'a loss of another dtype',
      forward(({ x }) => ({ y: x, loss: x!.sum().to('float32') })),
      /^forward: loss: expected float64/,
    ],
    [
      'a loss and outputs',
      forward(({ x }) => ({ loss: x!.sum(), outputs: { y: x!.mul(2) } })),
      /^forward: expected a loss or outputs, got both/,
    ],
    ['d returned', backward((_, d) => d), /^backward: expected gradients written to d, got a/],
    ['no outputs', forward(() => ({ outputs: {} })), /^forward: expected outputs by name, got none$/],
    ['a promise of values', forward(async ({ x }) => ({ loss: x!.sum() })), /^forward: .*at once, got a promise$/],
    [
      'an input by another value',
      forward(({ x }) => ({ x: x!.mul(2), loss: x!.sum() })),
      /^forward: .*names other than/,
    ],
    [
      'a value of another core',
      forward(({ x }) => ({ z: other.ones([2]), loss: x!.sum() })),
      /^forward: z: .*same core/,
    ],
    [
      'an unknown gradient',
      backward((t, d) => {
        d.X = t.x!;
      }),
      /^d\.X: .*got "X"; the nearest is x$/,
    ],
    [
      'an unknown gradient read',
      backward((_, d) => {
        d.x = d.yy!;
      }),
      /^d\.yy: .*the nearest is y$/,
    ],
    [
      'one read before it is written',
      backward((_, d) => {
        d.x = d.y!;
      }),
      /^d\.y: expected a gradient written before/,
    ],
    [
      'a number written',
      backward((_, d) => {
        d.y = 3 as never;
      }),
      /^d\.y: expected a tensor, got 3$/,
    ],
    [
      'a promise written',
      backward((_, d) => {
        d.y = Promise.resolve(1) as never;
      }),
      /^d\.y: expected a tensor, got a Promise/,
    ],
    [
      'a gradient of another dtype',
      backward((_, d, hg) => {
        d.y = hg.arange(3);
      }),
      /^d\.y: expected float64, .*got int32/,
    ],
    ['gradients returned', backward((t) => ({ x: t.x })), /^backward: expected gradients written to d, got a/],
    ['a promise returned', backward(async () => {}), /^backward: .*at once, got a promise$/],
    [
      'a given gradient read after it was changed in place',
      sum({
        forward: ({ x, b }: T) => ({ outputs: { y: x!.add(b!).exp() } }),
        backward: (t: T, d: D) => {
          d.x = d.y!.mul_(t.y!);
          d.b = d.y!.sum(0);
        },
      }),
      /^d\.y: expected to be read as it was given, got it changed in place since/,
    ],
    ['an input changed in place', backward((t) => void t.x!.zero_()), /^backward: expected t\.x as it was given/],
    [
      'a value changed in place',
      backward((t, d) => {
        d.y = t.y!.mul_(2);
      }),
      /^backward: expected t\.y as it was given/,
    ],
    [
      'one released',
      backward((t, d) => {
        d.y = t.y!.mul(2);
        d.y.dispose();
      }),
      /expected a tensor in memory, got one released/,
    ],
  ])('%s', (_, proof, message) => {
    expectNoLeak(() => {
      expect(() => prove(hg, proof as Proof)).toThrow(message);
    });
  });

  test('options and a handle that are none', () => {
    expect(() => prove(null as never, sum())).toThrow(/^hg: expected what init\(\) gives, got null$/);
    expect(() => prove(hg, sum(), { sed: 1 } as never)).toThrow(/got "sed"; the nearest is seed$/);
    expect(() => prove(hg, sum(), { seed: -1 })).toThrow(RangeError);
    expect(() => prove(hg, sum(), { dtype: 'int32' as never })).toThrow(/^dtype: expected float32 or float64/);
  });

  test('what the functions throw comes through', () => {
    expect(() =>
      prove(
        hg,
        backward(() => {
          throw new RangeError('mine');
        }),
      ),
    ).toThrow(new RangeError('mine'));
  });
});

test('the report is JSON with a format, and without values', () => {
  const data = JSON.parse(
    JSON.stringify(
      prove(
        hg,
        backward((t, d) => {
          d.y = t.y!.mul(3);
        }),
      ),
    ),
  );
  expect(data).toMatchObject({ format: 'handgrad-report-1', name: 'sum', ok: false, root: 'y' });
  expect(Object.keys(data)).toEqual(['format', 'name', 'dtype', 'ok', 'root', 'reference', 'gradients', 'chain']);
  expect(data.gradients[0].diagnosis).toEqual({
    kind: 'factor',
    text: '3/2 times what it should be',
    factor: expect.closeTo(1.5, 12),
  });
  expect(data.gradients[1]).toMatchObject({ name: 'x', verdict: 'unclaimed', maxdiff: 'NaN', error: null });
  expect(data.chain).toEqual([
    { name: 'y', from: ['x', 'b'], operation: 'add' },
    { name: 'loss', from: ['y'], operation: 'sum' },
  ]);
});
