import { describe, expect, test } from 'vitest';
import type { FloatDType } from '../../src/base/ndarray.js';
import { create, type Handgrad, init } from '../../src/handgrad.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { builds } from '../support/builds.js';
import { fixture } from '../support/fixture.js';
import { expectWithin } from '../support/kernels.js';

type Stored = number | 'nan' | 'inf' | '-inf' | '-0.0';
type Indices = { int32: number[]; shape: number[] };

interface Case {
  method: string;
  args: (number | number[] | { input: number } | Indices | { keepdim: boolean })[];
  note: string;
  /** Inputs of which the first two axes are swapped before the call. */
  transposed: number[];
  inputs: { shape: number[]; data: Stored[] }[];
  out: { shape: number[]; data: Stored[] };
  indices?: number[];
  grads?: Stored[][];
}

const cases = await fixture<Case[]>('operations.json');
const numbers = (stored: readonly Stored[]) => stored.map((x) => Number(`${x}`.replace('inf', 'Infinity')));
const weights = (count: number) => Array.from({ length: count }, (_, i) => (((7 * i) % 11) - 4.5) / 4);

function titleOf({ method, args, inputs, transposed, note }: Case): string {
  const shapes = inputs.map(({ shape }, i) => `[${shape}]${transposed.includes(i) ? 'ᵀ' : ''}`);
  const plain = args.filter((arg) => typeof arg !== 'object' || !('input' in arg));
  return `${method} of ${shapes.join(', ')}${plain.length ? ` with ${JSON.stringify(plain)}` : ''}${note && `, ${note}`}`;
}

/** What the case's method returns: its tensor, and the indices that come with some. */
function run(
  hg: Handgrad,
  leaves: Tensor[],
  { method, args, transposed }: Case,
): { out: Tensor; indices: Tensor | undefined } {
  const inputs = leaves.map((leaf, i) => (transposed.includes(i) ? leaf.transpose(0, 1) : leaf));
  const given = args.map((arg) => {
    if (typeof arg !== 'object' || Array.isArray(arg)) return arg;
    if ('input' in arg) return inputs[arg.input];
    return 'int32' in arg ? hg.tensor(arg.int32, { dtype: 'int32', shape: arg.shape }) : arg;
  });
  const methods = inputs[0] as unknown as Record<
    string,
    (...args: unknown[]) => Tensor | { values: Tensor; indices: Tensor }
  >;
  const result = methods[method]!(...given);
  return result instanceof Tensor
    ? { out: result, indices: undefined }
    : { out: result.values, indices: result.indices };
}

/**
 * The inputs are the same in both dtypes and no sum has more than 32 terms: what rounding does is within 64 eps of the largest
 * number of the result, or of 1. NaN and infinities are the same exactly.
 */
function check(got: ArrayLike<number>, stored: readonly Stored[], dtype: FloatDType, what: string): void {
  const eps = dtype === 'float32' ? 2 ** -23 : 2 ** -52;
  const want = numbers(stored);
  const largest = want.reduce((size, x) => (Number.isFinite(x) ? Math.max(size, Math.abs(x)) : size), 1);
  const unsigned = (values: ArrayLike<number>) => Array.from(values, (x) => (x === 0 ? 0 : x));
  expectWithin(unsigned(got), unsigned(want), () => 64 * eps * largest, what);
}

for (const { build, label, skipped } of builds) {
  const title = `operations agree with PyTorch, ${label}`;
  if (skipped) {
    test.skip(title);
    continue;
  }
  const hg = await init({ build });
  describe.each(['float64', 'float32'] as const)(`${title}, %s`, (dtype) => {
    test.each(cases.map((entry) => [titleOf(entry), entry] as const))('%s', (_, entry) => {
      hg.scope(() => {
        const leaves = entry.inputs.map(({ shape, data }) =>
          hg.tensor(numbers(data), { shape, dtype, requiresGrad: true }),
        );
        const { out, indices } = run(hg, leaves, entry);
        expect(out.shape).toEqual(entry.out.shape);
        check(out.data, entry.out.data, dtype, 'out');
        if (entry.indices !== undefined) expect([...indices!.data]).toEqual(entry.indices);
        if (entry.grads === undefined) return;
        expect(out.dtype).toBe(dtype);
        out.backward(hg.tensor(weights(out.size), { shape: out.shape, dtype }));
        leaves.forEach((leaf, i) => {
          expect(leaf.grad!.shape).toEqual(leaf.shape);
          check(leaf.grad!.data, entry.grads![i]!, dtype, `gradient of input ${i}`);
        });
      });
    });
  });
}

test('oneHot is 1 at the index, 0 elsewhere', async () => {
  const hg = await create();
  const indices = hg.tensor([2, 0], { dtype: 'int32' });
  expect(hg.oneHot(indices, 3).tolist()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(hg.oneHot(indices, 3, { dtype: 'float64' }).dtype).toBe('float64');
  expect(hg.oneHot(indices.view(2, 1), 4).shape).toEqual([2, 1, 4]);
  expect(() => hg.oneHot(indices, 2)).toThrow(/^indices: expected classes from 0 to 1, got 2$/);
});

test('a tensor has the name that it is made with, if any', async () => {
  const hg = await init();
  const makers: ((options?: { name: string }) => Tensor)[] = [
    (options) => hg.tensor([1], options),
    (options) => hg.full([1], 1, options),
    (options) => hg.zeros([1], options),
    (options) => hg.ones([1], options),
    (options) => hg.randn([1], options),
    (options) => hg.rand([1], options),
    (options) => hg.randint(0, 5, [1], options),
    (options) => hg.randperm(1, options),
  ];
  for (const make of makers) expect([make({ name: 'ix' }).name, make().name], `${make}`).toEqual(['ix', undefined]);
});

test.each(['float32', 'float64', 'int32'] as const)(
  'zerosLike and onesLike have the shape and dtype: %s',
  async (dtype) => {
    const hg = await init();
    const x = hg.full([1, 2], 5, { dtype });
    const [zeros, ones] = [hg.zerosLike(x), hg.onesLike(x)];
    expect([zeros.tolist(), zeros.dtype]).toEqual([[[0, 0]], dtype]);
    expect([ones.tolist(), ones.dtype]).toEqual([[[1, 1]], dtype]);
  },
);
