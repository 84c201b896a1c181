import { afterEach, describe, expect, test, vi } from 'vitest';
import { GraphError, ReleasedError, ShapeError } from '../../src/base/errors.js';
import { create } from '../../src/handgrad.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { type Graph, graphs } from '../support/graphs.js';
import { expectNoLeak, hg, leaf } from '../support/handgrad.js';

/** Σ weights * out, as a number, without a tape. */
function loss(run: Graph['run'], inputs: Tensor[]): number {
  return hg.noGrad(() => hg.scope(() => weighted(run(inputs)).item()));
}

function weighted(out: Tensor): Tensor {
  return out.mul(weights(out.shape)).sum();
}

function weights(shape: readonly number[]): Tensor {
  return leaf(shape, 9).detach();
}

describe('gradients agree with central differences', () => {
  // With h = 1e-5, the difference's own errors are about h² f''' and 2^-52 |f| / h, both near 1e-10.
  test.each(graphs)('$name, within 1e-7 (1 + |gradient|)', ({ shapes, run }) => {
    hg.scope(() => {
      const h = 1e-5;
      const inputs = shapes.map((shape, i) => leaf(shape, i + 1));
      weighted(run(inputs)).backward();
      for (const input of inputs) {
        const gradient = input.grad!.data;
        const elements = input.array.elements();
        gradient.forEach((got, i) => {
          const before = elements[i]!;
          elements[i] = before + h;
          const above = loss(run, inputs);
          elements[i] = before - h;
          const below = loss(run, inputs);
          elements[i] = before;
          expect(Math.abs(got - (above - below) / (2 * h))).toBeLessThan(1e-7 * (1 + Math.abs(got)));
        });
      }
    });
  });
});

describe('accumulation', () => {
  test('grad is null until backward(), and adds up over two of them', () => {
    const x = leaf([3]);
    expect(x.grad).toBeNull();
    x.mul(2).sum().backward();
    expect(x.grad!.tolist()).toEqual([2, 2, 2]);
    x.mul(3).sum().backward();
    expect(x.grad!.tolist()).toEqual([5, 5, 5]);
    expect(x.grad!.requiresGrad).toBe(false);
    expect(x.grad!.name).toBe('dleaf1');
  });

  test('grad = null and grad.zero_() begin anew; what grad was stays as it is', () => {
    const x = leaf([2]);
    x.mul(2).sum().backward();
    const former = x.grad!;
    x.grad = null;
    x.mul(3).sum().backward();
    expect(x.grad!.tolist()).toEqual([3, 3]);
    expect(former.tolist()).toEqual([2, 2]);
    x.grad!.zero_();
    x.mul(4).sum().backward();
    expect(x.grad!.tolist()).toEqual([4, 4]);
  });

  test('grad can be set, and is then added to', () => {
    const x = leaf([2]);
    x.grad = hg.tensor([10, 20], { dtype: 'float64' });
    x.sum().backward();
    expect(x.grad.tolist()).toEqual([11, 21]);
  });

  test('a tensor used twice gets both gradients, on one path or several', () => {
    const x = hg.tensor([3], { requiresGrad: true });
    x.mul(x).backward();
    expect(x.grad!.tolist()).toEqual([6]);
    x.grad = null;
    const y = x.mul(2);
    y.add(y.mul(y)).add(x).backward();
    expect(x.grad!.tolist()).toEqual([2 + 2 * 2 * 6 + 1]);
  });

  test('a view, a detached tensor and noGrad: what requires a gradient and what is a leaf', () => {
    const x = leaf([2]);
    expect([x.isLeaf, x.requiresGrad]).toEqual([true, true]);
    const y = x.mul(2);
    expect([y.isLeaf, y.requiresGrad]).toEqual([false, true]);
    const detached = y.detach();
    expect([detached.isLeaf, detached.requiresGrad]).toEqual([true, false]);
    expect([hg.ones([2]).isLeaf, hg.ones([2]).requiresGrad]).toEqual([true, false]);
    const silent = hg.noGrad(() => x.mul(2));
    expect([silent.isLeaf, silent.requiresGrad]).toEqual([true, false]);
    expect(x.mul(2).requiresGrad).toBe(true);
    expect(() =>
      hg.noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(x.mul(2).requiresGrad).toBe(true);
    y.mul(detached).sum().backward();
    expect(x.grad!.tolist()).toEqual([...detached.data].map((value) => 2 * value));
  });

  test('a detached tensor shares memory', () => {
    const x = leaf([2]);
    x.detach().fill_(7);
    expect(x.tolist()).toEqual([7, 7]);
  });

  test('retainGrad keeps the gradient of an output too', () => {
    const x = leaf([2]);
    const y = x.mul(2).retainGrad();
    const z = y.mul(3);
    z.sum().backward();
    expect(y.grad!.tolist()).toEqual([3, 3]);
    expect(z.grad).toBeNull();
    expect(x.grad!.tolist()).toEqual([6, 6]);
    expect(() => hg.ones([2]).retainGrad()).toThrow(GraphError);
  });

  test('a gradient comes in the shape of a broadcast operand', () => {
    const [a, b] = [leaf([2, 1, 3], 1), leaf([4, 1], 2)];
    a.mul(b).sum().backward();
    expect(a.grad!.shape).toEqual([2, 1, 3]);
    expect(b.grad!.shape).toEqual([4, 1]);
  });

  test('backward takes a gradient, contiguous or not', () => {
    const x = leaf([2, 3]);
    x.tanh().backward(hg.tensor([2], { dtype: 'float64' }).expand(2, 3));
    const expanded = x.grad!.tolist();
    x.grad = null;
    x.tanh().backward(hg.full([2, 3], 2, { dtype: 'float64' }));
    expect(x.grad!.tolist()).toEqual(expanded);
    x.grad = null;
    const gradient = hg.tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { dtype: 'float64' },
    );
    x.add(0).backward(gradient.T);
    expect(x.grad!.tolist()).toEqual(gradient.T.tolist());
  });
});

describe('strides', () => {
  /** The same numbers behind other strides, with a graph of their own: transposed and repeated. */
  const views: [string, (shape: readonly number[], seed: number) => Tensor][] = [
    ['transposed', (shape, seed) => leaf([...shape].reverse(), seed).transpose(0, -1)],
    ['repeated', (shape, seed) => leaf([1, ...shape.slice(1)], seed).expand(shape)],
  ];

  for (const [kind, make] of views) {
    test.each(graphs.filter(({ name }) => name !== 'view'))(
      `$name of ${kind} views, and its gradients, are to the bit those of copies`,
      ({ shapes, run }) => {
        hg.scope(() => {
          const given = shapes.map((shape, i) => make(shape, i + 1).retainGrad());
          const copies = given.map((view) => {
            const copy = view.detach().clone();
            copy.requiresGrad = true;
            return copy;
          });
          const [got, want] = [run(given), run(copies)];
          expect(got.tolist()).toEqual(want.tolist());
          const gradient = weights([...want.shape].reverse());
          got.backward(want.ndim < 2 ? gradient : gradient.transpose(0, -1));
          want.backward(want.ndim < 2 ? gradient : gradient.transpose(0, -1).clone());
          given.forEach((view, i) => {
            expect(view.grad!.tolist()).toEqual(copies[i]!.grad!.tolist());
          });
        });
      },
    );
  }
});

describe('going back twice', () => {
  test.each(graphs)(
    '$name: a second backward() is a GraphError, with retainGraph it gives the same again',
    ({ shapes, run }) => {
      hg.scope(() => {
        const inputs = shapes.map((shape, i) => leaf(shape, i + 1));
        const out = run(inputs);
        const gradient = weights(out.shape);
        const gradients = () => inputs.map((input) => [...input.grad!.data]);
        out.backward(gradient, { retainGraph: true });
        const first = gradients();
        for (const input of inputs) input.grad = null;
        out.backward(gradient, { retainGraph: true });
        expect(gradients()).toEqual(first);
        gradient.mul_(2);
        for (const input of inputs) input.grad = null;
        out.backward(gradient);
        const last = gradients();
        expect(last).toEqual(first.map((values) => values.map((value) => 2 * value)));
        expect(() => out.backward(gradient)).toThrow(GraphError);
        expect(gradients()).toEqual(last);
      });
    },
  );

  test('the error says what to do', () => {
    const y = leaf([1]).exp();
    y.backward();
    expect(() => y.backward()).toThrow(
      /^backward: expected a graph .* \(at exp\); pass \{ retainGraph: true \} to that one$/,
    );
    expect(y.isLeaf).toBe(false);
  });

  test('a part shared by two losses is freed by the first', () => {
    const x = leaf([2]);
    const h = x.tanh();
    const [a, b] = [h.sum(), h.mul(2).sum()];
    a.backward();
    const grad = x.grad!.tolist();
    expect(() => b.backward()).toThrow(GraphError);
    expect(x.grad!.tolist()).toEqual(grad);
  });
});

describe('changes in place', () => {
  const saving: [string, (x: Tensor) => Tensor, 'input' | 'output'][] = [
    ['mul', (x) => x.mul(x), 'input'],
    ['div', (x) => x.div(x), 'input'],
    ['exp', (x) => x.exp(), 'output'],
    ['log', (x) => x.log(), 'input'],
    ['tanh', (x) => x.tanh(), 'output'],
    ['sqrt', (x) => x.sqrt(), 'output'],
    ['pow', (x) => x.pow(3), 'input'],
    ['matmul', (x) => x.view(2, 2).matmul(hg.full([2, 2], 3, { dtype: 'float64', requiresGrad: true })), 'input'],
    ['matmul', (x) => hg.full([2, 2], 3, { dtype: 'float64', requiresGrad: true }).matmul(x.view(2, 2)), 'input'],
    ['mul', (x) => x.mul(leaf([4], 2)), 'input'],
    ['mul', (x) => leaf([4], 2).mul(x), 'input'],
    ['div', (x) => leaf([4], 2).div(x), 'input'],
    ['softmax', (x) => x.softmax(0), 'output'],
    ['max', (x) => x.max(), 'input'],
  ];

  test.each(saving)(
    '%s: a change of what its gradient reads is a GraphError that changes nothing',
    (name, run, what) => {
      const x = leaf([4]);
      const y = run(x);
      hg.noGrad(() => (what === 'input' ? x : y).zero_());
      expect(() => y.sum().backward()).toThrow(
        new RegExp(`: expected the values that ${name} was given, got ones changed`),
      );
      expect(x.grad).toBeNull();
    },
  );

  test.each(saving)('%s: a change of what its gradient does not read is none', (_, run, what) => {
    if (what === 'input') return;
    const x = leaf([4]);
    const y = run(x);
    hg.noGrad(() => x.zero_());
    y.sum().backward();
    expect(x.grad).not.toBeNull();
  });

  test('a factor that needs no gradient lets the other one change', () => {
    for (const run of [
      (x: Tensor) => x.mul(3),
      (x: Tensor) => x.div(3),
      (x: Tensor) => x.mul(hg.full([4], 3, { dtype: 'float64' })),
      (x: Tensor) => x.view(1, 4).matmul(hg.full([4, 1], 3, { dtype: 'float64' })),
    ]) {
      const x = leaf([4]);
      const y = run(x);
      hg.noGrad(() => x.zero_());
      y.sum().backward();
      expect(x.grad!.data[0]! === 3 || x.grad!.data[0]! === 1 / 3).toBe(true);
    }
  });

  test('a change through a view counts, one before the operation does not', () => {
    const x = leaf([4]);
    hg.noGrad(() => x.mul_(2));
    const y = x.mul(x);
    hg.noGrad(() => x.view(2, 2).add_(1));
    expect(() => y.sum().backward()).toThrow(GraphError);
  });

  test('only tensors that require no gradient may be changed while recording', () => {
    const x = leaf([2]);
    expect(() => x.add_(1)).toThrow(GraphError);
    expect(() => x.mul(2).zero_()).toThrow(GraphError);
    expect(() => x.add_(1)).toThrow(/^leaf1 .*got a leaf that requires one; .*hg\.noGrad\(\(\) => \{ … \}\)$/);
    expect(() => x.detach().mul(x).add_(1)).toThrow(
      /got the output of mul, which is recorded because an operand requires a gradient; .*hg\.noGrad/,
    );
    expect(hg.noGrad(() => x.fill_(1)).tolist()).toEqual([1, 1]);
  });

  test('operations in place', () => {
    const x = hg.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(
      x
        .add_(1)
        .mul_(hg.tensor([2, 3]))
        .tolist(),
    ).toEqual([
      [4, 9],
      [8, 15],
    ]);
    expect(x.sub_(x.view(2, 2)).div_(4).tolist()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(x.fill_(3).mul_(x).tolist()).toEqual([
      [9, 9],
      [9, 9],
    ]);
    // A row of itself, read before it is written.
    const y = hg.tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(y.add_(y.T).tolist()).toEqual([
      [2, 5],
      [5, 8],
    ]);
    expect(() => y.T.add_(1)).toThrow(ShapeError);
    expect(() => y.add_(hg.ones([3]))).toThrow(/^other: expected shapes where \[3\] broadcasts to \[2, 2\]$/);
  });

  test('indexPut_ sets or adds up', () => {
    const x = hg.zeros([3, 2]);
    x.indexPut_([[0, -1]], 5).indexPut_([[1], [0]], hg.tensor([7]));
    expect(x.tolist()).toEqual([
      [5, 5],
      [7, 0],
      [5, 5],
    ]);
    x.indexPut_(
      [[0, 0]],
      hg.tensor([
        [1, 2],
        [3, 4],
      ]),
      { accumulate: true },
    );
    expect(x.tolist()).toEqual([
      [9, 11],
      [7, 0],
      [5, 5],
    ]);
    x.indexPut_([[2]], 4);
    x.indexPut_([[1]], 3, { accumulate: false });
    expect(x.tolist()).toEqual([
      [9, 11],
      [3, 3],
      [4, 4],
    ]);
    expect(() => x.indexPut_([[0, 3]], 1)).toThrow(/^indices\[0\]: expected indices from -3 to 2, got 3$/);
    expect(x.tolist()).toEqual([
      [9, 11],
      [3, 3],
      [4, 4],
    ]);
  });
});

describe('what backward() rejects', () => {
  test('a tensor of several elements without a gradient, and gradients that do not fit', async () => {
    const y = leaf([2]).mul(2);
    expect(() => y.backward()).toThrow(
      /^gradient: expected one of shape \[2\] for tensor \(float64 \[2\]\), got none$/,
    );
    expect(() => y.backward(hg.ones([2]))).toThrow(/^gradient: expected float64, got float32$/);
    expect(() => y.backward(hg.ones([3], { dtype: 'float64' }))).toThrow(/^gradient: expected \[2\], got \[3\]$/);
    expect(() => y.backward(1 as never)).toThrow(/^gradient: expected a tensor, got 1$/);
    expect(() => y.backward(null, null as never)).toThrow(/^options: expected an object, got null$/);
    const other = await create();
    expect(() => y.backward(other.ones([2], { dtype: 'float64' }))).toThrow(/expected a tensor of the same core/);
  });

  test('a tensor that requires no gradient', () => {
    expect(() => hg.ones([]).backward()).toThrow(/expected a tensor that requires a gradient/);
  });

  test('grad of another shape, dtype or kind', () => {
    const x = leaf([2]);
    expect(() => {
      x.grad = hg.ones([2]);
    }).toThrow(/^grad: expected float64, got float32$/);
    expect(() => {
      x.grad = hg.ones([1], { dtype: 'float64' });
    }).toThrow(/^grad: expected \[2\], got \[1\]$/);
    expect(() => {
      x.grad = hg.ones([1], { dtype: 'float64' }).expand(2);
    }).toThrow(/^grad: expected a contiguous tensor/);
    expect(() => {
      x.grad = undefined as never;
    }).toThrow(/^grad: expected a tensor, got undefined$/);
    expect(x.grad).toBeNull();
  });

  test('requiresGrad on integers and on outputs', () => {
    expect(() => {
      hg.arange(3).requiresGrad = true;
    }).toThrow(/expected float32 or float64, got int32/);
    expect(() => {
      leaf([2]).mul(2).requiresGrad = false;
    }).toThrow(GraphError);
    expectNoLeak(() => {
      expect(() => hg.tensor([1], { dtype: 'int32', requiresGrad: true })).toThrow(
        /^requiresGrad: expected float32 or float64/,
      );
    });
    const x = leaf([2]);
    x.requiresGrad = false;
    expect(x.mul(2).requiresGrad).toBe(false);
  });
});

describe('use after release', () => {
  const methods: [string, (x: Tensor) => unknown][] = [
    ['data', (x) => x.data],
    ['tolist', (x) => x.tolist()],
    ['add', (x) => x.add(1)],
    ['add to another', (x) => hg.ones([2, 2], { dtype: 'float64' }).add(x)],
    ['exp', (x) => x.exp()],
    ['pow', (x) => x.pow(2)],
    ['sum', (x) => x.sum()],
    ['sum over no axes', (x) => x.sum([])],
    ['max', (x) => x.max()],
    ['max of an axis', (x) => x.max(0)],
    ['argmax', (x) => x.argmax()],
    ['view', (x) => x.view(4)],
    ['T', (x) => x.T],
    ['expand', (x) => x.expand(2, 2, 2)],
    ['clone', (x) => x.clone()],
    ['to', (x) => x.to('float32')],
    ['detach', (x) => x.detach()],
    ['matmul', (x) => x.matmul(hg.ones([2, 2], { dtype: 'float64' }))],
    ['index', (x) => x.index([0])],
    ['softmax', (x) => x.softmax()],
    ['crossEntropy', (x) => x.crossEntropy(hg.tensor([0, 1], { dtype: 'int32' }))],
    ['fill_', (x) => hg.noGrad(() => x.fill_(1))],
    ['add_', (x) => hg.noGrad(() => x.add_(1))],
    ['backward', (x) => x.backward(hg.ones([2, 2], { dtype: 'float64' }))],
  ];

  test.each(methods)('%s throws a ReleasedError that names the tensor, and leaks nothing', (_, use) => {
    const disposed = leaf([2, 2]);
    disposed.name = 'W1';
    disposed.dispose();
    disposed.dispose();
    const ended = hg
      .scope(() => ({
        get: (
          (x) => () =>
            x
        )(
          hg.tensor(
            [
              [1, 2],
              [3, 4],
            ],
            { name: 'W2', dtype: 'float64', requiresGrad: true },
          ),
        ),
      }))
      .get();
    const held = hg.usedBytes;
    for (const x of [disposed, ended]) {
      expect(() => hg.scope(() => void use(x))).toThrow(ReleasedError);
      expect(() => hg.scope(() => void use(x))).toThrow(
        new RegExp(`^${x.name} \\(float64 \\[2, 2\\]\\): expected a tensor in memory, got one released$`),
      );
    }
    expect(hg.usedBytes).toBe(held);
  });

  test('backward() into a released leaf or gradient changes nothing', () => {
    const [a, b] = [leaf([2], 1), leaf([2], 2)];
    const y = a.add(b).sum();
    a.dispose();
    expect(() => y.backward()).toThrow(/^leaf1 .* got one released$/);
    expect(b.grad).toBeNull();
    const c = leaf([2], 3);
    c.sum().backward();
    c.grad!.dispose();
    expect(() => c.add(b).sum().backward()).toThrow(/^dleaf3 .* got one released$/);
    expect(b.grad).toBeNull();
  });

  test('disposing of what an operation was given, or gave, keeps what its gradient reads', () => {
    const x = leaf([3]);
    const y = x.tanh();
    const z = y.mul(y);
    const want = hg.scope(() => {
      const same = leaf([3]);
      const t = same.tanh();
      t.mul(t).sum().backward();
      return same.grad!.tolist();
    });
    y.dispose();
    z.sum().backward();
    expect(x.grad!.tolist()).toEqual(want);
  });

  test('a graph whose saved tensors a scope has released is a ReleasedError', () => {
    const x = leaf([3]);
    const y = hg.scope(() => x.tanh().mul(2));
    expect(() => y.sum().backward()).toThrow(
      /expected a tensor in memory, which the gradient of tanh reads, got one released/,
    );
  });
});

describe('backward computes', () => {
  const kernels = hg.ones([1]).array.core.kernels.float64;
  afterEach(() => vi.restoreAllMocks());

  test('only the gradients that are needed', () => {
    const [w, fixed] = [leaf([3, 3]), leaf([3, 3], 2).detach()];
    const matmul = vi.spyOn(kernels, 'matmul');
    w.matmul(fixed).sum().backward();
    fixed.matmul(w).sum().backward();
    expect(matmul).toHaveBeenCalledTimes(4);
    const mul = vi.spyOn(kernels, 'mul');
    w.mul(fixed).sum().backward();
    expect(mul).toHaveBeenCalledTimes(2);
  });

  test('the three gradients of batch norm at once', () => {
    const all = vi.spyOn(kernels, 'batchNormBackward');
    leaf([4, 3])
      .batchNorm(leaf([3]), leaf([3]))
      .sum()
      .backward();
    expect(all).toHaveBeenCalledTimes(1);
  });
});
