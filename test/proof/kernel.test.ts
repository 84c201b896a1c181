// Kernels over typed arrays: right ones, faults and what shows them, and kernels in WebAssembly.

import { describe, expect, test } from 'vitest';
import { defineKernel } from '../../src/proof/defineKernel.js';
import type { Kernel } from '../../src/proof/kernel.js';
import { prove } from '../../src/proof/prove.js';
import { wasmKernel } from '../../src/proof/wasmKernel.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { expectNoLeak, hg } from '../support/handgrad.js';

const [rows, columns, eps] = [4, 12, 1e-5];

interface Faults {
  /** What the forward pass has for eps, and the backward pass. */
  forwardEps?: number;
  backwardEps?: number;
  /** What each sum of the backward pass is multiplied by. */
  mean?: number;
}

/** A layer norm, with faults where they are given. */
function layerNorm({ forwardEps = eps, backwardEps = eps, mean: scale = 1 }: Faults = {}, more: Partial<Kernel> = {}) {
  return defineKernel({
    name: 'layer norm',
    inputs: (hg) => ({ x: hg.randn([rows, columns]), gain: hg.rand([columns]), bias: hg.randn([columns]) }),
    reference: ({ x, gain, bias }: Record<'x' | 'gain' | 'bias', Tensor>) => {
      const mean = x.mean(1, { keepdim: true });
      const diff = x.sub(mean);
      const rstd = diff.pow(2).mean(1, { keepdim: true }).add(eps).pow(-0.5);
      return { y: diff.mul(rstd).mul(gain).add(bias), mean, rstd };
    },
    forward: ({ x, gain, bias }) => {
      const [y, mean, rstd] = [x.slice(), x.slice(0, rows), x.slice(0, rows)];
      for (let i = 0; i < rows; i++) {
        const row = x.subarray(i * columns, (i + 1) * columns) as Float64Array;
        mean[i] = row.reduce((sum, value) => sum + value, 0) / columns;
        const variance = row.reduce((sum, value) => sum + (value - mean[i]) ** 2, 0) / columns;
        rstd[i] = 1 / Math.sqrt(variance + forwardEps);
        for (let j = 0; j < columns; j++) y[i * columns + j] = (row[j]! - mean[i]) * rstd[i] * gain[j] + bias[j];
      }
      return { y, saved: { mean, rstd } };
    },
    backward: ({ x, gain }, { y: dy }, { mean, rstd }, out) => {
      out.gain.fill(0);
      out.bias.fill(0);
      for (let i = 0; i < rows; i++) {
        const r = 1 / Math.sqrt(1 / rstd[i] ** 2 - eps + backwardEps);
        const at = (j: number) => i * columns + j;
        const normal = (j: number) => (x[at(j)] - mean[i]) * r;
        let [sum, weighted] = [0, 0];
        for (let j = 0; j < columns; j++) {
          const g = dy[at(j)] * gain[j];
          sum += g * scale;
          weighted += g * normal(j);
          out.gain[j] += dy[at(j)] * normal(j);
          out.bias[j] += dy[at(j)];
        }
        for (let j = 0; j < columns; j++) {
          out.x[at(j)] = r * (dy[at(j)] * gain[j] - (sum + normal(j) * weighted) / columns);
        }
      }
      return undefined;
    },
    ...(more as object),
  });
}

const verdicts = (kernel: Kernel) =>
  Object.fromEntries(
    prove(hg, kernel).gradients.map(({ kind, name, verdict }) => [kind === 'value' ? name : `d${name}`, verdict]),
  );
const right = (verdict: string) => ['exact', 'rounding'].includes(verdict);

describe('a kernel in both dtypes', () => {
  test.each(['float32', 'float64'] as const)('that is right, in %s', (dtype) => {
    expectNoLeak(() => {
      const report = prove(hg, layerNorm(), { dtype });
      expect(report).toMatchObject({ ok: true, dtype, reference: { kind: 'autograd', trusted: true } });
      expect(report.gradients.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
        ...['value y', 'value mean', 'value rstd'],
        ...['gradient x', 'gradient gain', 'gradient bias'],
      ]);
    });
  });

  test('of which a sum is left out', () => {
    const report = prove(hg, layerNorm({ mean: 0 }));
    expect(report).toMatchObject({ ok: false, root: 'x' });
    expect(report.gradients.filter(({ verdict }) => verdict === 'wrong').map(({ name }) => name)).toEqual(['x']);
  });

  test('whose backward pass forgets eps, which float32 does not show', () => {
    const found = verdicts(layerNorm({ backwardEps: 0 }));
    expect(found).toMatchObject({ dx: 'wrong', dgain: 'wrong' });
    expect(right(found.dbias!)).toBe(true);
  });

  test('whose export for float32 is wrong', () => {
    const kernel = defineKernel({
      inputs: (hg) => ({ x: hg.randn([8]) }),
      reference: ({ x }) => ({ y: x.mul(2) }),
      forward: ({ x }) => ({ y: x.map((value: number) => value * 2) }),
      backward: (_, { y: dy }) => ({ x: dy.map((value: number) => value * (dy instanceof Float32Array ? 6 : 2)) }),
    });
    expect(verdicts(kernel)).toMatchObject({ y: 'exact', dx: 'wrong' });
  });

  test('that overflows where its reference does not', () => {
    const kernel = defineKernel({
      inputs: (hg) => ({ x: hg.randn([4, 6]) }),
      reference: ({ x }) => ({ y: x.softmax(1) }),
      forward: ({ x }) => {
        const y = x.map(Math.exp);
        for (let i = 0; i < 4; i++) {
          const row = y.subarray(i * 6, i * 6 + 6);
          const total = row.reduce((sum: number, value: number) => sum + value, 0);
          for (let j = 0; j < 6; j++) row[j] /= total;
        }
        return { y, saved: { y: y.slice(), n: 6 } };
      },
      backward: (_, { y: dy }, { y }) => {
        const dx = dy.slice();
        for (let i = 0; i < 4; i++) {
          let sum = 0;
          for (let j = 0; j < 6; j++) sum += y[i * 6 + j] * dy[i * 6 + j];
          for (let j = 0; j < 6; j++) dx[i * 6 + j] = y[i * 6 + j] * (dy[i * 6 + j] - sum);
        }
        return { x: dx };
      },
    });
    const report = prove(hg, { ...kernel, regimes: { hot: (t) => ({ x: (t.x as Tensor).mul(300) }) } });
    expect(report.ok).toBe(false);
    expect(report.gradients[0]!.notes.join()).toContain('with inputs of the regime');
  });

  test('whose forward pass is wrong in the same way as its backward pass', () => {
    expect(verdicts(layerNorm({ forwardEps: 1e-4, backwardEps: 1e-5 }))).toMatchObject({ y: 'wrong', rstd: 'wrong' });
  });

  test('that is held against differences, where there is no reference', () => {
    const without = { reference: undefined } as never;
    const report = prove(hg, layerNorm({}, without));
    expect(report.reference.kind).toBe('differences');
    expect(report.gradients.filter(({ verdict }) => !right(verdict))).toEqual([]);
    expect(prove(hg, layerNorm({ mean: 0 }, without)).root).toBe('x');
  });
});

describe('a kernel in float32 alone', () => {
  const narrow = { dtypes: ['float32'] } as const;

  test('that is right says what would not show', () => {
    const report = prove(hg, layerNorm({}, narrow), { dtype: 'float64' });
    expect(report).toMatchObject({ ok: true, dtype: 'float32' });
    expect(report.gradients[3]!.notes.join()).toMatch(
      /^judged in float32 alone, where a fault below \S+ of the largest/,
    );
  });

  test('that forgets eps is found in the regime that shows it', () => {
    const dx = prove(hg, layerNorm({ backwardEps: 0 }, narrow)).gradients.find(({ name }) => name === 'x');
    expect(dx).toMatchObject({ verdict: 'wrong' });
    expect(dx!.notes[0]).toBe('wrong with inputs of the regime "tiny"');
  });

  test('that errs by more than rounding usually does, but not by far, is undecided', () => {
    const kernel = defineKernel({
      dtypes: ['float32'],
      inputs: (hg) => ({ x: hg.randn([64]) }),
      reference: ({ x }) => ({ y: x.mul(2) }),
      forward: ({ x }) => ({ y: x.map((value: number) => value * 2) }),
      backward: (_, { y: dy }) => ({ x: dy.map((value: number) => value * 2 * (1 + 2 ** -18)) }),
    });
    const { x } = Object.fromEntries(prove(hg, kernel).gradients.map((row) => [row.name, row]));
    expect(x).toMatchObject({ verdict: 'undecided' });
    expect(x!.notes.join()).toContain('a float64 build of the kernel would decide');
  });
});

/** y = a x, with what the backward pass does. */
const scaling = (backward: Kernel['backward'], more: object = {}) =>
  defineKernel({
    inputs: (hg) => ({ x: hg.randn([6]), a: hg.full([], 3), n: 6 }),
    wrt: ['x'],
    reference: ({ x, a }) => ({ y: x.mul(a) }),
    forward: ({ x, a }) => ({ y: x.map((value: number) => value * a[0]) }),
    backward,
    ...more,
  });

describe('what a backward pass does with its arrays', () => {
  test('a gradient in place of another', () => {
    const inPlace = scaling(({ a }, { y }) => {
      for (let i = 0; i < y.length; i++) y[i] *= a[0];
      return { x: y };
    });
    expect(verdicts(inPlace)).toMatchObject({ dx: 'exact', 'the gradient of y': 'wrong' });
    expect(prove(hg, { ...inPlace, overwrites: { x: 'y' } }).ok).toBe(true);
  });

  test('a gradient that is added to what is there', () => {
    const adding = scaling(({ a }, { y }, _, out) => {
      for (let i = 0; i < y.length; i++) out.x[i] += y[i] * a[0];
      return undefined;
    });
    expect(prove(hg, adding).outcome).toBe('wrong');
    expect(prove(hg, { ...adding, accumulates: ['x'] }).ok).toBe(true);
    const replacing = scaling(({ a }, { y }) => ({ x: y.map((value: number) => value * a[0]) }), {
      accumulates: ['x'],
    });
    expect(prove(hg, replacing).outcome).toBe('wrong');
  });

  test('an input that it changes', () => {
    const kernel = scaling(({ x, a }, { y }) => {
      const dx = y.map((value: number) => value * a[0]);
      x[2] = 7;
      return { x: dx };
    });
    const report = prove(hg, kernel);
    expect(report.gradients.at(-1)).toMatchObject({ name: 'x', kind: 'value', verdict: 'wrong' });
    expect(report.gradients.at(-1)!.notes[0]).toContain('clobbered');
  });

  test('another result each time', () => {
    let calls = 0;
    const kernel = scaling(({ a }, { y }) => ({
      x: y.map((value: number) => value * a[0] * (1 + ++calls * 2 ** -52)),
    }));
    expect(prove(hg, kernel, { dtype: 'float64' }).gradients.find(({ name }) => name === 'x')).toMatchObject({
      verdict: 'undecided',
    });
  });

  test.each([
    ['by a little', 2 ** -51, 'undecided'],
    ['by much', 1e-3, 'wrong'],
  ])('one gradient that varies %s is no fault of the others', (_, size, verdict) => {
    let calls = 0;
    const { backward, ...rest } = layerNorm();
    const kernel = {
      ...rest,
      backward: (...given: Parameters<Kernel['backward']>) => {
        const returned = backward(...given);
        given[3].bias![0]! *= 1 + ++calls * size;
        return returned;
      },
    } as Kernel;
    const rows = prove(hg, kernel, { dtype: 'float64' }).gradients;
    const varying = rows.filter(({ notes }) => notes.join('; ').includes('another run gave other values'));
    expect(varying.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['gradient bias']);
    expect(varying[0]).toMatchObject({ verdict });
    expect(rows.filter((row) => row !== varying[0]).every((row) => ['exact', 'rounding'].includes(row.verdict))).toBe(
      true,
    );
  });

  test('an output that varies is no fault of the gradients', () => {
    let calls = 0;
    const { forward, ...rest } = layerNorm();
    const kernel = {
      ...rest,
      forward: (given: Parameters<Kernel['forward']>[0]) => {
        const made = forward(given) as { y: Float64Array };
        made.y[0]! *= 1 + ++calls * 2 ** -51;
        return made;
      },
    } as unknown as Kernel;
    const rows = prove(hg, kernel, { dtype: 'float64' }).gradients;
    expect(rows.filter(({ verdict }) => verdict === 'undecided').map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'value y',
    ]);
  });

  test('nothing written, and too little', () => {
    expect(verdicts(scaling(() => undefined))).toMatchObject({ dx: 'unclaimed' });
    const short = prove(
      hg,
      scaling((_, { y }) => ({ x: y.slice(1) })),
    );
    expect(short.gradients.find(({ name }) => name === 'x')).toMatchObject({
      verdict: 'wrong',
      notes: ['expected 6 values, got 5'],
    });
  });

  test('rows read twice, where the indices are repeated', () => {
    const kernel = defineKernel({
      inputs: (hg) => ({ x: hg.randn([5, 2]), at: hg.tensor([0, 3, 1], { dtype: 'int32' }) }),
      reference: ({ x, at }) => ({ y: x.index(at) }),
      forward: ({ x, at }) => ({ y: x.slice(0, 6).map((_: number, i: number) => x[at[i >> 1] * 2 + (i % 2)]) }),
      backward: ({ at }, { y: dy }, _, out) => {
        out.x.fill(0);
        for (let i = 0; i < 6; i++) out.x[at[i >> 1] * 2 + (i % 2)] = dy[i];
        return undefined;
      },
    });
    const dx = prove(hg, kernel).gradients.find(({ kind }) => kind === 'gradient');
    expect(dx).toMatchObject({ verdict: 'wrong', diagnosis: { kind: 'not-accumulated' } });
    expect(dx!.notes[0]).toBe('wrong with inputs of the regime "repeated indices"');
  });
});

describe('refused, with one sentence that says why', () => {
  const fine: Kernel['backward'] = (_, { y }) => ({ x: y });
  test.each<[string, () => Kernel, RegExp]>([
    ['no object', () => defineKernel(3 as never), /^kernel\.inputs: expected a function, got undefined$/],
    [
      'no forward',
      () => scaling(fine, { forward: undefined }),
      /^kernel\.forward: expected a function, got undefined$/,
    ],
    [
      'a reference that is none',
      () => scaling(fine, { reference: 3 }),
      /^kernel\.reference: expected a function, got 3$/,
    ],
    [
      'an unknown dtype',
      () => scaling(fine, { dtypes: ['float16'] }),
      /^kernel\.dtypes: expected float32, float64 or both/,
    ],
    ['an unknown input', () => scaling(fine, { wrt: ['z'] }), /^kernel\.wrt: expected names of x, a, got "z"$/],
    [
      'a regime that is none',
      () => scaling(fine, { regimes: { odd: 3 } }),
      /^kernel\.regimes\.odd: expected a function/,
    ],
    [
      'no outputs',
      () => scaling(fine, { forward: () => ({}) }),
      /^forward: expected at least one output by name, got none$/,
    ],
    ['nothing from forward', () => scaling(fine, { forward: () => 3 }), /^forward: expected arrays by name, got 3$/],
    [
      'a promise from forward',
      () => scaling(fine, { forward: async () => ({}) }),
      /^forward: expected a function that returns at once, got a promise$/,
    ],
    [
      'lists for arrays',
      () => scaling(fine, { forward: () => ({ y: [1] }) }),
      /^forward: y: expected a Float64Array, got \[1\]$/,
    ],
    [
      'an output that the reference lacks',
      () => scaling(fine, { reference: () => ({}) }),
      /^reference: expected a tensor y/,
    ],
    [
      'a gradient of what is no input',
      () => scaling((_, { y }) => ({ z: y })),
      /^backward: expected gradients of x, got/,
    ],
    ['a promise', () => scaling((async () => {}) as never), /^backward: .* at once, got a promise$/],
    [
      'no reference in float32 alone',
      () => scaling(fine, { reference: undefined, dtypes: ['float32'] }),
      /^kernel: expected a reference for a kernel that has no float64, got none$/,
    ],
  ])('%s', (_, make, message) => {
    expectNoLeak(() => {
      expect(() => prove(hg, make())).toThrow(message);
    });
  });
});

describe('wasmKernel', () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const floats = () => new Float32Array(memory.buffer);
  const exports = {
    memory,
    double: (out: number, x: number, n: number) => {
      for (let i = 0; i < n; i++) floats()[out / 4 + i] = 2 * floats()[x / 4 + i]!;
      return n;
    },
    beyond: (out: number, n: number) => {
      floats()[out / 4 + n + 1] = 1;
    },
    before: (out: number) => {
      floats()[out / 4 - 1] = 1;
    },
    growing: (out: number) => {
      memory.grow(1);
      floats()[out / 4] = 5;
    },
  };
  const instance = { exports };

  test('copies arrays in and out, and gives back what the call returns', () => {
    const [out, x] = [new Float32Array(3), Float32Array.of(1, 2, 3)];
    expect(wasmKernel(instance, 'double')(out, x, 3)).toBe(3);
    expect([...out]).toEqual([2, 4, 6]);
    expect([...x]).toEqual([1, 2, 3]);
    wasmKernel(instance, 'double')(x, x, 3);
    expect([...x]).toEqual([2, 4, 6]);
  });

  test('does not grow the memory with each call', () => {
    const double = wasmKernel(instance, 'double');
    const call = () => double(new Float32Array(3), new Float32Array(3), 3);
    call();
    const { byteLength } = memory.buffer;
    for (let i = 0; i < 50; i++) call();
    expect(memory.buffer.byteLength).toBe(byteLength);
  });

  test('finds writes outside the arrays', () => {
    expect(() => wasmKernel(instance, 'beyond')(new Float32Array(4), 4)).toThrow(
      /^beyond: expected writes inside its arrays, got one \d+ bytes behind that of argument 0$/,
    );
    expect(() => wasmKernel(instance, 'before')(new Float32Array(4))).toThrow(/got one before that of argument 0$/);
  });

  test('goes on where the call grows the memory', () => {
    const out = new Float32Array(1);
    wasmKernel(instance, 'growing')(out);
    expect([...out]).toEqual([5]);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'an unknown export',
      () => wasmKernel(instance, 'tripple'),
      /^name: expected an exported function, one of double, /,
    ],
    [
      'no memory',
      () => wasmKernel({ exports: { f() {} } }, 'f'),
      /^memory: expected the module's memory, got undefined/,
    ],
    ['an unknown option', () => wasmKernel(instance, 'double', { bas: 1 } as never), /got "bas"; the nearest is base$/],
    ['a list', () => wasmKernel(instance, 'double')([1] as never), /^argument 0: expected a number or an array/],
  ])('refuses %s', (_, call, message) => {
    expect(call).toThrow(message);
  });
});
