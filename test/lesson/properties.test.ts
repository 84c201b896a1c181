// Random expressions give, bit for bit, what the same calls of the library give.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/index.js';
import { Notebook } from '../../src/lesson.js';
import { hg } from './cells.js';

/** A tensor as Python writes it and as the library makes it. */
interface Pair {
  readonly python: string;
  readonly make: () => Tensor;
}

const shapes = [[3, 4], [1, 4], [3, 1], [4], []] as const;

const values = (count: number) =>
  fc.array(fc.float({ min: -8, max: 8, noNaN: true, noDefaultInfinity: true }), { minLength: count, maxLength: count });

const leaf: fc.Arbitrary<Pair> = fc.constantFrom(...shapes).chain((shape) => {
  const count = shape.reduce<number>((product, size) => product * size, 1);
  return values(count).map((data) => ({
    python: `torch.tensor([${data.map(text).join(', ')}]).view(${shape.length === 0 ? '()' : shape.join(', ')})`,
    make: () => hg.tensor(Float32Array.from(data), { shape }),
  }));
});

const scalar = fc.float({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true });

/** A float in Python's syntax. */
function text(value: number): string {
  const shown = String(Object.is(value, -0) ? '-0.0' : value);
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}

const unaries: readonly ((x: Pair) => Pair)[] = [
  (x) => ({ python: `${x.python}.exp()`, make: () => x.make().exp() }),
  (x) => ({ python: `torch.tanh(${x.python})`, make: () => x.make().tanh() }),
  (x) => ({ python: `(-${x.python})`, make: () => x.make().neg() }),
  (x) => ({ python: `((${x.python}) ** 2)`, make: () => x.make().pow(2) }),
  (x) => ({ python: `((${x.python}) ** -0.5)`, make: () => x.make().pow(-0.5) }),
  (x) => ({ python: `(${x.python}).sum()`, make: () => x.make().sum() }),
  (x) => ({ python: `torch.sum(${x.python}, -1, keepdim=True)`, make: () => summed(x.make()) }),
  (x) => ({ python: `(${x.python}).mean()`, make: () => x.make().mean() }),
  (x) => ({ python: `(${x.python}).clone().view(-1)`, make: () => x.make().clone().view(-1) }),
  (x) => ({ python: `(${x.python}).log()`, make: () => x.make().log() }),
];

function summed(x: Tensor): Tensor {
  return x.sum(-1, { keepdim: true });
}

const binaries: readonly ((x: Pair, y: Pair, n: number) => Pair)[] = [
  (x, y) => ({ python: `(${x.python} + ${y.python})`, make: () => x.make().add(y.make()) }),
  (x, y) => ({ python: `(${x.python} - ${y.python})`, make: () => x.make().sub(y.make()) }),
  (x, y) => ({ python: `(${x.python} * ${y.python})`, make: () => x.make().mul(y.make()) }),
  (x, y) => ({ python: `(${x.python} / ${y.python})`, make: () => x.make().div(y.make()) }),
  (x, _, n) => ({ python: `(${text(n)} * ${x.python})`, make: () => x.make().mul(n) }),
  (x, _, n) => ({ python: `(${x.python} / ${text(n)})`, make: () => x.make().div(n) }),
  (x, _, n) => ({ python: `(${text(n)} - ${x.python})`, make: () => x.make().neg().add(n) }),
  (x) => ({ python: `(1.0 / ${x.python})`, make: () => ((all) => hg.onesLike(all).div(all))(x.make()) }),
];

const { pair } = fc.letrec<{ pair: Pair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'pair' },
    leaf,
    fc.tuple(tie('pair'), fc.constantFrom(...unaries)).map(([x, make]) => make(x)),
    fc.tuple(tie('pair'), tie('pair'), scalar, fc.constantFrom(...binaries)).map(([x, y, n, make]) => make(x, y, n)),
  ),
}));

/** What tensors are compared by: shape and bits, those of every NaN alike. */
function shown(shape: readonly number[], data: Float32Array): string {
  const numbers = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return `[${shape}] ${Array.from(numbers, (bits, i) => (Number.isNaN(data[i]) ? 'nan' : bits))}`;
}

/** Shape and bits of what `make` gives, or null where it throws. */
function bits(make: () => Tensor): string | null {
  try {
    const { shape, data } = hg.scope(make);
    return shown(shape, data as Float32Array);
  } catch {
    return null;
  }
}

/** Shape and bits of a variable of a notebook. */
function bitsIn(notebook: Notebook, name: string): string {
  const { output } = notebook.run(`print(list(${name}.shape))\n[x.item() for x in ${name}.reshape(-1)]`);
  const [shape, numbers] = output.map((line) => JSON.parse(line.replaceAll('nan', 'null').replaceAll('inf', '1e999')));
  return shown(
    shape,
    Float32Array.from(numbers as (number | null)[], (x) => x ?? Number.NaN),
  );
}

describe('random expressions', () => {
  test('have the bits that the same calls of the library have, or fail as they do', () => {
    const notebook = new Notebook(hg);
    notebook.run('import torch');
    fc.assert(
      fc.property(pair, ({ python, make }) => {
        const { error } = notebook.run(`result = ${python}`);
        const expected = bits(make);
        expect(error === null).toBe(expected !== null);
        if (expected !== null) expect(bitsIn(notebook, 'result')).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });

  test('that change in place leave the memory that the same calls leave', () => {
    const names = { '+': 'add_', '-': 'sub_', '*': 'mul_', '/': 'div_' } as const;
    fc.assert(
      fc.property(leaf, leaf, fc.constantFrom('+', '-', '*', '/'), (x, y, operator) => {
        const notebook = new Notebook(hg);
        const { error } = notebook.run(`import torch\nx = ${x.python}\nalias = x\nx ${operator}= ${y.python}`);
        const expected = bits(() => x.make()[names[operator]](y.make()));
        expect(error === null).toBe(expected !== null);
        if (expected !== null) expect(bitsIn(notebook, 'alias')).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });
});
