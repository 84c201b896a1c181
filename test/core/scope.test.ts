import { describe, expect, test } from 'vitest';
import { CoreError, ReleasedError, ScopeError } from '../../src/base/errors.js';
import { create } from '../../src/handgrad.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { graphs } from '../support/graphs.js';
import { expectNoLeak, hg, leaf } from '../support/handgrad.js';

describe('a scope with a function', () => {
  test('releases what was made inside, and gives back what the function returns', () => {
    expectNoLeak(() => {
      let inside: Tensor | undefined;
      const sum = hg.scope(() => {
        inside = hg.ones([1000]);
        return inside.add(1).sum().item();
      });
      expect(sum).toBe(2000);
      expect(() => inside!.data).toThrow(ReleasedError);
    });
  });

  test('keeps the tensors that it returns, in arrays and plain objects too, with their gradients', () => {
    expectNoLeak(() => {
      const { x, list, nested } = hg.scope(() => {
        const x = leaf([3]);
        x.mul(2).sum().backward();
        return { x, list: [hg.ones([2]), 5, null, 'text'], nested: { deep: [[hg.zeros([1])]], none: undefined } };
      });
      expect(x.tolist()).toHaveLength(3);
      expect(x.grad!.tolist()).toEqual([2, 2, 2]);
      expect((list[0] as Tensor).tolist()).toEqual([1, 1]);
      expect(nested.deep[0]![0]!.tolist()).toEqual([0]);
      for (const tensor of [x, list[0] as Tensor, nested.deep[0]![0]!]) tensor.dispose();
    });
  });

  test('keeps tensors in objects that contain themselves or have no prototype', () => {
    const { bare } = hg.scope(() => {
      const cycle: { self?: unknown; bare: { x: Tensor } } = {
        bare: Object.assign(Object.create(null), { x: hg.ones([]) }),
      };
      cycle.self = cycle;
      return cycle;
    });
    expect(bare.x.item()).toBe(1);
  });

  test('keeps tensors in objects of another realm, whose Object.prototype is another one', () => {
    const foreign = Object.create(Object.create(null)) as { x: Tensor };
    const result = hg.scope(() => Object.assign(foreign, { x: hg.tensor([1, 2]) }));
    expect(result.x.tolist()).toEqual([1, 2]);
    result.x.dispose();
  });

  test('leaves alone what was made outside, whatever it returns', () => {
    const outside = hg.scope(() => {
      const x = leaf([2]);
      const same = hg.scope(() => {
        x.mul(3).sum().backward();
        return x;
      });
      expect(same).toBe(x);
      hg.scope(() => {
        hg.scope(() => x);
      });
      expect(x.grad!.tolist()).toEqual([3, 3]);
      return x;
    });
    expect(outside.grad!.tolist()).toEqual([3, 3]);
  });

  test('a view that is returned keeps its memory, and no more', () => {
    expectNoLeak(() => {
      const row = hg.scope(() => {
        const x = hg.tensor([
          [1, 2],
          [3, 4],
        ]);
        hg.ones([100]);
        return x.T;
      });
      expect(row.tolist()).toEqual([
        [1, 3],
        [2, 4],
      ]);
      row.dispose();
    });
  });

  test('nested scopes hand tensors on, one to the next', () => {
    expectNoLeak(() => {
      const x = hg.scope(() => hg.scope(() => hg.scope(() => hg.ones([3]).add(1)).add(1)).add(1));
      expect(x.tolist()).toEqual([4, 4, 4]);
      x.dispose();
    });
  });

  test('an error inside releases everything and leaves the scope', () => {
    expectNoLeak(() => {
      expect(() =>
        hg.scope(() => {
          leaf([10]).tanh().sum().backward();
          hg.scope();
          hg.ones([5]);
          throw new Error('inside');
        }),
      ).toThrow('inside');
    });
    const after = hg.ones([1]);
    expect(after.item()).toBe(1);
  });

  test('an asynchronous function is a TypeError and releases everything', async () => {
    let later: Promise<void> | undefined;
    expectNoLeak(() => {
      expect(() =>
        hg.scope(() => {
          later = (async () => {
            const x = hg.ones([100]);
            await null;
            x.add(1);
          })();
          return later;
        }),
      ).toThrow(/^run: expected a function that returns at once, got a promise$/);
    });
    await expect(later).rejects.toThrow(ReleasedError);
    expect(() => hg.noGrad(async () => {})).toThrow(/^run: expected a function that returns at once/);
    expect(() => hg.scope('x' as never)).toThrow(/^run: expected a function, got "x"$/);
    expect(() => hg.scope(null as never)).toThrow(/^run: expected a function, got null$/);
    expect(() => hg.noGrad(undefined as never)).toThrow(/^run: expected a function, got undefined$/);
  });
});

describe('a scope that is closed by hand', () => {
  test('using closes it at the end of the block', () => {
    expectNoLeak(() => {
      let x: Tensor | undefined;
      {
        using scope = hg.scope();
        x = hg.ones([3]);
        expect(scope.size).toBe(1);
      }
      expect(() => x!.data).toThrow(ReleasedError);
    });
  });

  test('closing twice does nothing more', () => {
    const scope = hg.scope();
    scope.close();
    const x = hg.ones([1]);
    scope.close();
    expect(x.item()).toBe(1);
  });

  test('closing the outer one first is an error; its tensors go, those of the inner one stay until that closes', () => {
    expectNoLeak(() => {
      const outer = hg.scope();
      const a = hg.ones([1]);
      const inner = hg.scope();
      const b = hg.ones([1]);
      expect(() => outer.close()).toThrow(ScopeError);
      expect(() => a.data).toThrow(ReleasedError);
      expect(b.item()).toBe(1);
      expect(outer.closed).toBe(true);
      outer.close();
      inner.close();
      expect(() => b.data).toThrow(ReleasedError);
    });
  });

  test('asynchronous functions that hold scopes side by side are told so, and neither releases what is the other one has', async () => {
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    const held = async (turns: number) => {
      using _ = hg.scope();
      const x = hg.tensor([1, 2, 3]);
      for (let i = 0; i < turns; i++) await turn();
      return x.sum().item();
    };
    const before = hg.usedBytes;
    const [first, second] = await Promise.allSettled([held(1), held(3)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'ScopeError' } });
    expect((first as PromiseRejectedResult).reason.message).toMatch(/^scope: expected the one that was opened last/);
    expect(second).toEqual({ status: 'fulfilled', value: 6 });
    expect(hg.usedBytes).toBe(before);
  });

  test('a function that closes the scope around it leaves its result and its own scope in order', () => {
    expectNoLeak(() => {
      const outer = hg.scope();
      const x = hg.scope(() => {
        expect(() => outer.close()).toThrow(ScopeError);
        return hg.ones([2]);
      });
      expect(x.tolist()).toEqual([1, 1]);
      x.dispose();
    });
  });

  test('is equal to no other, and can’t be cloned', () => {
    const [a, b] = [hg.scope(), hg.scope()];
    expect(a).not.toEqual(b);
    expect(() => structuredClone(a)).toThrow(/clone/);
    b.close();
    a.close();
  });

  test('generators belong to it', () => {
    expectNoLeak(() => {
      const scope = hg.scope();
      const [generator, random] = [hg.generator(), hg.pythonRandom(1)];
      scope.close();
      expect(() => generator.rand([1])).toThrow(ReleasedError);
      expect(() => random.random()).toThrow(ReleasedError);
    });
  });

  test('a generator or a model that a function returns outlives its scope', () => {
    expectNoLeak(() => {
      const { generator, model, random } = hg.scope(() => {
        const [generator, bnGenerator] = [hg.generator(), hg.generator()];
        const model = hg.createModel({ vocabSize: 3, hidden: 4, generator, bnGenerator });
        return { generator, model, random: hg.pythonRandom(42) };
      });
      expect(generator.rand([1]).data).toHaveLength(1);
      expect(random.random()).toBe(0.6394267984578837);
      expect(model.parameters.C.size).toBe(30);
      generator.dispose();
      random.dispose();
      for (const parameter of Object.values(model.parameters)) parameter.dispose();
    });
  });

  test('nothing can be read or written once the core is disposed of, in an open scope neither', async () => {
    const own = await create();
    const scope = own.scope();
    const x = own.ones([3]);
    const generator = own.generator();
    own.dispose();
    expect(() => x.data).toThrow(ReleasedError);
    expect(() => x.fill_(1)).toThrow(ReleasedError);
    expect(() => x.add(1)).toThrow();
    expect(() => generator.rand([2])).toThrow(CoreError);
    expect(() => own.scope(() => own.ones([1]))).toThrow(CoreError);
    scope.close();
    expect(own.usedBytes).toBe(0);
  });

  test('tensors disposed of early are released once', () => {
    expectNoLeak(() => {
      const scope = hg.scope();
      hg.ones([3]).dispose();
      expect(scope.size).toBe(0);
      scope.close();
    });
  });
});

describe('memory', () => {
  const held = async () => {
    const own = await create();
    const { memory } = own.tensor([0]).array.core;
    return { own, bytes: () => memory.wasm.buffer.byteLength };
  };

  test('100,000 forward and backward passes in scopes leave it flat', async () => {
    const { own, bytes } = await held();
    const [x, W] = [
      own.ones([2, 3]),
      own.tensor(
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        { requiresGrad: true },
      ),
    ];
    const step = () => {
      own.scope(() => {
        W.grad = null;
        x.matmul(W).tanh().sum().backward();
      });
    };
    step();
    step();
    const [used, total] = [own.usedBytes, bytes()];
    for (let i = 0; i < 100_000; i++) step();
    expect(own.usedBytes).toBe(used);
    expect(bytes()).toBe(total);
  });

  test('20,000 passes without a scope, every tensor disposed of, leave it flat', async () => {
    const { own, bytes } = await held();
    const x = own.tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const step = () => {
      const h = x.tanh();
      const loss = h.sum();
      loss.backward();
      loss.dispose();
      h.dispose();
      x.grad!.dispose();
      x.grad = null;
    };
    step();
    const [used, total] = [own.usedBytes, bytes()];
    for (let i = 0; i < 20_000; i++) step();
    expect(own.usedBytes).toBe(used);
    expect(bytes()).toBe(total);
  });

  test.each(graphs)('$name gives everything back, forward and backward, with its tensors', ({ shapes, run }) => {
    const inputs = shapes.map((shape, i) => leaf(shape, i + 1));
    const gradient = hg.scope(() => hg.ones(run(inputs).shape, { dtype: 'float64' }));
    // Outputs between the inputs and the result go with the scope that made them; its own go with dispose().
    expectNoLeak(() => {
      const out = hg.scope(() => run(inputs));
      out.dispose();
    });
    expectNoLeak(() => {
      const scope = hg.scope();
      const out = run(inputs);
      out.backward(gradient, { retainGraph: true });
      out.backward(gradient);
      out.dispose();
      scope.close();
      for (const input of inputs) {
        input.grad!.dispose();
        input.grad = null;
      }
    });
  });

  const alone: [string, (x: Tensor) => Tensor | { values: Tensor; indices: Tensor }][] = [
    ['add', (x) => x.add(x)],
    ['add of a number', (x) => x.add(2)],
    ['mul', (x) => x.mul(x)],
    ['div', (x) => x.div(x)],
    ['neg', (x) => x.neg()],
    ['exp', (x) => x.exp()],
    ['log', (x) => x.log()],
    ['tanh', (x) => x.tanh()],
    ['sqrt', (x) => x.sqrt()],
    ['pow', (x) => x.pow(3)],
    ['sum', (x) => x.sum()],
    ['sum over an axis', (x) => x.sum(0)],
    ['mean', (x) => x.mean(1, { keepdim: true })],
    ['max', (x) => x.max()],
    ['max over an axis', (x) => x.max(0)],
    ['argmax', (x) => x.argmax(0)],
    ['view', (x) => x.view(-1)],
    ['reshape', (x) => x.reshape(9, 1)],
    ['transpose', (x) => x.transpose(0, 1)],
    ['expand', (x) => x.expand(2, 3, 3)],
    ['contiguous', (x) => x.contiguous()],
    ['clone', (x) => x.clone()],
    ['to', (x) => x.to('float32')],
    ['to int32', (x) => x.to('int32')],
    ['matmul', (x) => x.matmul(x)],
    ['index', (x) => x.index([0, 1], [1, 1])],
    ['softmax', (x) => x.softmax(0)],
    ['crossEntropy', (x) => x.crossEntropy(classes)],
    ['batchNorm', (x) => x.batchNorm(features, features)],
    ['detach', (x) => x.detach()],
  ];
  const classes = hg.tensor([0, 1, 2], { dtype: 'int32' });
  const features = leaf([3]);

  test.each(alone)('%s alone, without a scope, gives everything back when its output is disposed of', (name, run) => {
    const dispose = (result: Tensor | { values: Tensor; indices: Tensor }) => {
      if ('values' in result) {
        result.values.dispose();
        result.indices.dispose();
      } else result.dispose();
    };
    for (const x of [leaf([3, 3]), leaf([3, 3]).detach(), leaf([3, 3]).T]) {
      if (name === 'view' && !x.array.isContiguous) continue;
      expectNoLeak(() => dispose(run(x)));
      expectNoLeak(() => hg.noGrad(() => dispose(run(x))));
      const root = (result: ReturnType<typeof run>) => ('values' in result ? result.values : result);
      const requires = hg.scope(() => root(run(x)).requiresGrad);
      if (!requires || !x.isLeaf) continue;
      expectNoLeak(() => {
        const result = run(x);
        const gradient = hg.ones(root(result).shape, { dtype: root(result).dtype as 'float64' });
        root(result).backward(gradient);
        dispose(result);
        gradient.dispose();
        for (const input of [x, features]) {
          input.grad?.dispose();
          input.grad = null;
        }
      });
    }
  });

  test('a long chain of disposed tensors goes with the last one', () => {
    expectNoLeak(() => {
      const x = leaf([1]);
      let y = x.tanh();
      for (let i = 0; i < 20_000; i++) {
        const next = y.tanh();
        y.dispose();
        y = next;
      }
      y.dispose();
      x.dispose();
    });
  });

  test('an error inside an operation gives everything back', () => {
    const x = leaf([2, 2]);
    const other = hg.ones([3], { dtype: 'float64' });
    const integers = hg.arange(4);
    expectNoLeak(() => {
      for (const fails of [
        () => x.add(other),
        () => x.matmul(other),
        () => x.index([5]),
        () => x.index([0], [0, 1]),
        () => x.T.view(4),
        () => x.reshape(3, -1),
        () => x.crossEntropy(integers),
        () => x.batchNorm(other, other),
        () => integers.sum(),
        () => integers.exp(),
        () => integers.add_(integers),
        () => hg.noGrad(() => x.indexPut_([[0]], other)),
        () => hg.tensor([1, 2], { shape: [3] }),
        () => x.backward(),
      ])
        expect(fails).toThrow();
    });
  });
});
