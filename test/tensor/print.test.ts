// How tensors print, and the plain arrays and JSON that they give.

import { afterEach, describe, expect, test } from 'vitest';
import { setPrintOptions } from '../../src/base/print.js';
import { create } from '../../src/handgrad.js';
import { expectNoLeak, hg, leaf } from '../support/handgrad.js';

/** What the hook gives that console.log calls in Node.js, Bun and Deno. */
function inspected(value: object): string {
  const hook = Symbol.for('nodejs.util.inspect.custom') as unknown as 'toString';
  return (value as { toString(...given: unknown[]): string })[hook](2, { depth: 2 }, () => '');
}

describe('a tensor prints', () => {
  afterEach(() => setPrintOptions({ profile: 'default' }));

  test('as PyTorch prints it, in strings and through the hook of Node.js, Bun and Deno', () => {
    const x = hg.tensor([
      [1, -2.5],
      [0.03125, 4],
    ]);
    const text = 'tensor([[ 1.0000, -2.5000],\n        [ 0.0312,  4.0000]])';
    expect([String(x), `${x}`, x.toString(), inspected(x)]).toEqual([text, text, text, text]);
    setPrintOptions({ precision: 1 });
    expect(`${x}`).toBe('tensor([[ 1.0, -2.5],\n        [ 0.0,  4.0]])');
  });

  test('its dtype, and whether or from what it requires a gradient', () => {
    const x = hg.tensor([-0.265625, 1.46875], { dtype: 'float64', requiresGrad: true });
    expect(`${hg.arange(3)}`).toBe('tensor([0, 1, 2], dtype=torch.int32)');
    expect(`${x.detach()}`).toBe('tensor([-0.2656,  1.4688], dtype=torch.float64)');
    expect(`${x}`).toBe('tensor([-0.2656,  1.4688], dtype=torch.float64, requires_grad=True)');
    expect(`${x.tanh()}`).toBe('tensor([-0.2595,  0.8993], dtype=torch.float64, grad_fn=<TanhBackward0>)');
    expect(`${x.sum().mul(0)}`).toBe('tensor(0., dtype=torch.float64, grad_fn=<MulBackward0>)');
    expect(`${hg.noGrad(() => x.tanh())}`).not.toContain('grad');
    const loss = leaf([2, 3]).crossEntropy(hg.tensor([0, 2], { dtype: 'int32' }));
    expect(`${loss}`).toContain('grad_fn=<CrossEntropyBackward0>');
    loss.backward();
    expect(`${loss}`).toContain('grad_fn=<CrossEntropyBackward0>');
  });

  test('views in the order of their elements, and leaves no memory behind', () => {
    expectNoLeak(() => {
      hg.scope(() => {
        const x = hg.tensor([
          [1, 2, 3],
          [4, 5, 6],
        ]);
        expect(`${x.T}`).toBe('tensor([[1., 4.],\n        [2., 5.],\n        [3., 6.]])');
        expect(`${hg.tensor([1, 2]).expand(2, 2)}`).toBe('tensor([[1., 2.],\n        [1., 2.]])');
      });
    });
  });

  test('without a copy of what it does not show', async () => {
    const own = await create({ memory: { maximumPages: 4 } });
    const x = own.tensor([1, 2], { dtype: 'float64' });
    const wide = x.view(2, 1).expand(2, 2 ** 28);
    const bytes = own.usedBytes;
    expect(`${wide}`).toBe(
      'tensor([[1., 1., 1.,  ..., 1., 1., 1.],\n        [2., 2., 2.,  ..., 2., 2., 2.]], dtype=torch.float64)',
    );
    expect(`${wide.T}`).toMatch(/^tensor\(\[\[1\., 2\.\],\n {8}\[1\., 2\.\],/);
    expect(own.usedBytes).toBe(bytes);
    expect(`${own.zeros([0, 3])}`).toBe('tensor([], size=(0, 3))');
    own.dispose();
  });

  test('its shape once it is released', async () => {
    const x = hg.ones([2, 3], { dtype: 'float64', name: 'x' });
    const y = leaf([5]).exp();
    x.dispose();
    y.dispose();
    expect(`${x}`).toBe('tensor(..., size=(2, 3), dtype=torch.float64, released)');
    expect(inspected(y)).toBe('tensor(..., size=(5,), dtype=torch.float64, released, grad_fn=<ExpBackward0>)');
    const own = await create({ memory: { maximumPages: 4 } });
    const wide = own.ones([1]).expand(1_000_000);
    own.dispose();
    expect(inspected(Object.create(Object.getPrototypeOf(x)))).toBe('Tensor {}');
    expect(`${wide}`).toBe('tensor(..., size=(1000000,), released)');
  });

  test('nothing into error messages but name, dtype and shape', () => {
    const x = hg.ones([2, 3], { name: 'x' });
    expect(() => x.item()).toThrow(/^x \(float32 \[2, 3\]\): expected one element, got 6$/);
    expect(() => hg.ones([2]).add_(hg.ones([2], { requiresGrad: true, name: 'y' }))).toThrow(
      /got y \(float32 \[2\]\); use/,
    );
  });
});

describe('a tensor as a plain array', () => {
  const dtypes = ['float32', 'float64', 'int32'] as const;

  test.each(dtypes)('%s: toArray copies, and makes the same tensor again', (dtype) => {
    const x = hg.tensor([[1.75, -2, 3]], { dtype: dtype === 'int32' ? 'float32' : dtype }).to(dtype).T;
    const plain = structuredClone(x.toArray());
    expect(plain).toEqual({ dtype, shape: [3, 1], data: x.data });
    expect(plain.data.constructor).toBe(x.data.constructor);
    const again = hg.tensor(plain);
    expect([again.dtype, again.tolist()]).toEqual([dtype, x.tolist()]);
    plain.data.fill(9);
    expect(x.data).not.toEqual(plain.data);
  });

  test.each(dtypes)('%s: JSON keeps every bit', (dtype) => {
    const special = dtype === 'int32' ? [] : [Number.NaN, Infinity, -Infinity, -0, 0.1, 1e-45, Math.PI];
    const x = hg.tensor([...special, 0, 1, -7], { dtype }).view(1, -1);
    const text = JSON.stringify({ x });
    const { x: plain } = JSON.parse(text);
    expect(plain).toMatchObject({ dtype, shape: [1, special.length + 3] });
    const again = hg.tensor(plain);
    expect(again.dtype).toBe(dtype);
    expect(again.data).toEqual(x.data);
    if (dtype === 'float64') expect(text).toContain('"data":["NaN","Infinity","-Infinity","-0",0.1,');
  });

  test.each<[unknown[], RegExp]>([
    [[1, null], /^data\.data\[1\]: expected a number, got null/],
    [['1'], /^data\.data\[0\]: expected a number, got "1"/],
    [[1, 2, 3], /^data: expected 2 values of shape \[2\], got 3/],
  ])('JSON that no tensor wrote is refused: %o', (data, message) => {
    expect(() => hg.tensor({ dtype: 'float32', shape: [2], data } as never)).toThrow(message);
    expect(() => hg.tensor({ dtype: 'int32', shape: [1], data: [1.5] })).toThrow(
      /^data\.data\[0\]: expected an integer/,
    );
    expect(() => hg.tensor({ dtype: 'int8', shape: [1], data: [1] } as never)).toThrow(/^data: expected dtype float32/);
  });

  test('released, it throws a ReleasedError', () => {
    const x = hg.ones([2]);
    x.dispose();
    expect(() => x.toArray()).toThrow(/expected a tensor in memory/);
    expect(() => JSON.stringify(x)).toThrow(/expected a tensor in memory/);
  });

  test('the error of structuredClone names toArray()', () => {
    expect(() => structuredClone(hg.ones([1]))).toThrow(/toArray\(\)/);
  });
});
