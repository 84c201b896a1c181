import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ulpDistance } from '../../src/compare/ulp.js';
import { ulpDistances } from '../../src/compare/ulpDistances.js';
import {
  DTypeError,
  fusedNames,
  type NdArray,
  type Parameters,
  ShapeError,
  type StoredDType,
} from '../../src/index.js';
import { type CompareTensorsOptions, compareTensors, type NamedTensors } from '../../src/report.js';
import { ndarray } from '../support/arrays.js';
import { hg } from '../support/handgrad.js';

/** Numbers from -1 to 1, the same for the same seed. */
function noise(count: number, seed: number): number[] {
  const random = hg.generator().manualSeed(seed);
  return Array.from(random.rand([count], { dtype: 'float64' }).data, (x) => 2 * x - 1);
}

const shape = [6, 8];
/** A gradient of many magnitudes, and what two programs in float32 make of it. */
const truth = ndarray(
  'float64',
  noise(48, 1).map((x, i) => x * 10 ** (i % 5)),
  shape,
);
const inFloat32 = (seed: number, ulp = 2) => {
  const errors = noise(48, seed);
  return ndarray(
    'float32',
    Array.from(truth.data, (x, i) => x * (1 + ulp * 2 ** -24 * errors[i]!)),
    shape,
  );
};
const [candidate, reference] = [inFloat32(2), inFloat32(3)];

const changed = (array: NdArray, change: (x: number, i: number) => number): NdArray => ({
  ...array,
  data: array.data.map(change) as NdArray['data'],
});

/** Gradients of the notebook's model in some size: of two passes in float32, and in float64. */
function notebook(seed: number) {
  return hg.scope(() => {
    const pick = (sizes: readonly number[], digit: number) => sizes[Math.floor(seed / digit) % sizes.length]!;
    const [B, V] = [pick([2, 5, 32], 1), pick([3, 27], 5)];
    const sizes = { vocabSize: V, blockSize: 3, embed: 4, hidden: pick([5, 64], 3), eps: pick([1e5, 1e-5], 2) };
    const [generator, bnGenerator] = [seed, seed + 1].map((one) => hg.generator().manualSeed(one));
    const narrow = hg.createModel({ ...sizes, generator: generator!, bnGenerator: bnGenerator! });
    const parameters = Object.entries(narrow.parameters).map(([name, tensor]) => [name, tensor.to('float64')]);
    const wide = hg.createModel({
      ...sizes,
      dtype: 'float64',
      parameters: Object.fromEntries(parameters) as Parameters,
    });
    const [X, Y] = [
      hg.randint(0, V, [B, 3], { generator: generator! }),
      hg.randint(0, V, [B], { generator: generator! }),
    ];
    const gradientsOf = ({ gradients }: { gradients: object }) =>
      Object.fromEntries(
        fusedNames.map((name) => {
          const { dtype, shape, data } = (gradients as Record<string, NdArray>)[name]!;
          return [name, { dtype, shape, data: data.slice() }];
        }),
      );
    return {
      fused: gradientsOf(narrow.fused(X, Y)),
      autograd: gradientsOf(narrow.autograd(X, Y)),
      truth: gradientsOf(wide.autograd(X, Y)),
    };
  });
}

/** The row of one tensor. */
async function rowOf(
  candidate: NdArray & { storedDType?: StoredDType },
  reference: NdArray & { storedDType?: StoredDType },
  options?: CompareTensorsOptions,
) {
  const { gradients } = compareTensors({ x: candidate }, { x: reference }, options);
  expect(gradients).toHaveLength(1);
  return gradients[0]!;
}

describe('with a truth', () => {
  test('another rounding is right, and a copy of the reference made wrong is found', async () => {
    const report = compareTensors({ x: candidate }, { x: reference }, { truth: { x: truth }, name: 'mine' });
    expect(report).toMatchObject({ name: 'mine', dtype: 'float32', ok: true, outcome: 'right', root: null, chain: [] });
    expect(report.reference).toMatchObject({ kind: 'given', trusted: true, control: { name: 'x', found: true } });
    expect(report.reference.control!.factor).toBeLessThan(1.01);
    const [row] = report.gradients;
    expect(row).toMatchObject({ name: 'x', shape, verdict: 'rounding', exact: false, diagnosis: null, notes: [] });
    expect(row!.error!.candidate.ulp).toBeLessThan(3);
    expect(row!.error!.candidate.bounds).toBeLessThan(1);
    expect(report.values.get('x')).toMatchObject({ candidate: { data: candidate.data }, truth: { data: truth.data } });
    expect(report.assert()).toBe(report);
    expect(String(report)).toMatch(/x scaled by 1 \+ 2\^-\d+ was found wrong\.\nRight: 1 rounding\.$/);
  });

  test.each<[string, (x: number, i: number) => number, string, string]>([
    ['the opposite sign', (x) => -x, 'sign', 'has the opposite sign'],
    ['a factor of 2', (x) => 2 * x, 'factor', '2 times what it should be'],
    ['a mean of 6', (x) => x / 6, 'factor', '1/6 times what it should be'],
    ['n - 1 for n', (x) => (x * 8) / 7, 'factor', '8/7 times what it should be'],
    ['no fraction', (x) => x * 1.2345, 'factor', '1.2345 times what it should be'],
    [
      'a column further',
      (_, i) => candidate.data[8 * Math.floor(i / 8) + ((i + 7) % 8)]!,
      'shifted',
      'shifted by 1 along axis 1',
    ],
    ['a row further', (_, i) => candidate.data[(i + 8) % 48]!, 'shifted', 'shifted by -1 along axis 0'],
  ])('is wrong, and said to be so: %s', async (_, change, kind, text) => {
    const row = await rowOf(changed(candidate, change), reference, { truth: { x: truth } });
    expect(row).toMatchObject({ verdict: 'wrong', ownFault: false, diagnosis: { kind, text } });
  });

  test('a transposed square is told, and one of another shape too', async () => {
    const square = (array: NdArray) => ({ ...array, shape: [6, 6], data: array.data.slice(0, 36) });
    const turned = (array: NdArray) =>
      changed(array, (_, i) => array.data[(i % array.shape[0]!) * array.shape[1]! + Math.floor(i / array.shape[0]!)]!);
    const options = { truth: { x: square(truth) } };
    expect(await rowOf(turned(square(candidate)), square(reference), options)).toMatchObject({
      verdict: 'wrong',
      diagnosis: { kind: 'transposed' },
    });
    const other = { ...turned(candidate), shape: [8, 6] };
    expect(await rowOf(other, reference, { truth: { x: truth } })).toMatchObject({
      verdict: 'wrong',
      diagnosis: { kind: 'transposed' },
      notes: ['expected shape [6, 8], got [8, 6]'],
    });
  });

  test('nothing is said of a fault that is none of these', async () => {
    const faulty = changed(candidate, (x, i) => (i % 3 === 0 ? x * 1.5 : x));
    expect(await rowOf(faulty, reference, { truth: { x: truth } })).toMatchObject({
      verdict: 'wrong',
      diagnosis: null,
    });
  });

  test('one wrong element is enough, and it is shown', async () => {
    const faulty = changed(candidate, (x, i) => (i === 29 ? x * 1.01 : x));
    const row = await rowOf(faulty, reference, { truth: { x: truth } });
    expect(row).toMatchObject({ verdict: 'wrong', share: 1 / 48, worst: { index: [3, 5], truth: truth.data[29] } });
    const report = compareTensors({ x: faulty }, { x: reference }, { truth: { x: truth } });
    expect(String(report)).toContain(`at [3, 5]: ${faulty.data[29]}, expected ${truth.data[29]}`);
  });

  test('what is neither right nor wrong for sure is undecided, with what it looks like', async () => {
    const near = changed(candidate, (x) => x * (1 + 2 ** -17));
    const row = await rowOf(near, reference, { truth: { x: truth } });
    expect(row).toMatchObject({ verdict: 'undecided', diagnosis: null });
    expect(row.notes[0]).toMatch(/^errs by .*too little to be wrong for sure: the same in float64 would decide$/);
    expect(row.notes[1]).toMatch(/^looks like the truth, but 1\.00000?[78]\d* times what it should be$/);
  });

  test('a fault in every element is not hidden by being small in each', async () => {
    const exact = noise(400, 1).map((x) => 1.5 + x / 2);
    const rounded = (seed: number, factor: number) =>
      ndarray(
        'float32',
        exact.map((x, i) => x * factor * (1 + 2 ** -23 * noise(400, seed)[i]!)),
      );
    const options = { truth: { x: ndarray('float64', exact) } };
    const row = await rowOf(rounded(2, 1 + 2 ** -21), rounded(3, 1), options);
    expect(row.error!.candidate.bounds).toBeLessThan(1);
    expect(row.verdict).toBe('undecided');
  });

  test('the reference itself is never wrong, nor is another rounding of its size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.double({ min: 0, max: 8, noNaN: true }),
        fc.integer({ min: 1, max: 2 ** 20 }),
        async (count, seed, spread, size) => {
          const exact = noise(count, seed).map((x, i) => x * 10 ** (spread * (i / count)));
          const rounded = (seed: number) => {
            const errors = noise(count, seed);
            return ndarray(
              'float32',
              exact.map((x, i) => x + x * size * 2 ** -24 * errors[i]!),
            );
          };
          const options = { truth: { x: ndarray('float64', exact) } };
          const { verdict } = await rowOf(rounded(seed + 1), rounded(seed + 2), options);
          expect(['exact', 'rounding', 'undecided']).toContain(verdict);
          expect((await rowOf(rounded(seed + 2), rounded(seed + 2), options)).verdict).toBe('exact');
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what is wrong is never right, whatever the reference', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 200 }),
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom(-1, 2, 0.5, 0),
        async (count, seed, size, factor) => {
          const exact = noise(count, seed);
          const errors = noise(count, seed + 1);
          const poor = ndarray(
            'float32',
            exact.map((x, i) => x + x * 2 ** (size - 24) * errors[i]!),
          );
          const faulty = ndarray(
            'float32',
            exact.map((x) => factor * x),
          );
          const { verdict } = await rowOf(faulty, poor, { truth: { x: ndarray('float64', exact) } });
          expect(verdict).not.toBe('rounding');
          if (size < 10 && count > 16) expect(verdict).toBe('wrong');
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the notebook's fused gradients are right beside autograd's, and never wrong in 40 sizes", () => {
    let right = 0;
    return Array.from({ length: 40 }, (_, i) => i).reduce(async (before, seed) => {
      await before;
      const { fused, autograd, truth } = notebook(seed);
      const { gradients } = compareTensors(fused, autograd, { truth });
      for (const { name, verdict, error } of gradients) {
        expect(['exact', 'rounding', 'undecided'], `${name}, seed ${seed}: ${error!.candidate.bounds}`).toContain(
          verdict,
        );
        if (verdict !== 'undecided') right++;
      }
      if (seed === 39) expect(right / (40 * fusedNames.length)).toBeGreaterThan(0.9);
    }, Promise.resolve());
  });

  /** What errs by `errors`, each a multiple of 2^-24. */
  const off = (exact: readonly number[], errors: (i: number) => number) =>
    ndarray(
      'float32',
      exact.map((x, i) => x + errors(i) * 2 ** -24),
    );

  test('an element that the reference has right by luck is judged with others', async () => {
    const exact = Array.from({ length: 40 }, (_, i) => (i === 7 ? 2 ** -10 : 1 + i / 64));
    const options = { truth: { x: ndarray('float64', exact) } };
    const lucky = off(exact, (i) => (i === 7 ? 0 : 2 * (-1) ** i));
    expect(
      (
        await rowOf(
          off(exact, () => 2),
          lucky,
          options,
        )
      ).verdict,
    ).toBe('rounding');
  });

  test('half of the digits must be lost in float32 to be wrong', async () => {
    const exact = Array.from({ length: 64 }, (_, i) => 1 + i / 64);
    const options = { truth: { x: ndarray('float64', exact) } };
    const fair = off(exact, (i) => 2 * (-1) ** i);
    const by = async (error: number) =>
      (
        await rowOf(
          off(exact, (i) => error * (-1) ** (i >> 1)),
          fair,
          options,
        )
      ).verdict;
    expect(await by(4)).toBe('rounding');
    expect(await by(1000)).toBe('undecided');
    expect(await by(100_000)).toBe('wrong');
  });

  test('a single value of the opposite sign is wrong, of any other factor nothing is said', async () => {
    const options = { truth: { x: ndarray('float64', [3.3]) } };
    const lossOf = (x: number) => ndarray('float32', [x]);
    const near = lossOf(3.3 + 2 ** -21);
    expect(await rowOf(lossOf(-3.3), near, options)).toMatchObject({ verdict: 'wrong', diagnosis: { kind: 'sign' } });
    expect(await rowOf(lossOf(7.1), near, options)).toMatchObject({ verdict: 'wrong', diagnosis: null });
    expect((await rowOf(lossOf(3.3 + 2 ** -20), near, options)).verdict).toBe('rounding');
    expect((await rowOf(lossOf(3.31), near, options)).verdict).toBe('undecided');
  });

  test('a gradient that is zero in real numbers is rounding', async () => {
    const zero = ndarray(
      'float64',
      noise(48, 1).map((x) => x * 1e-17),
    );
    const residue = (seed: number) =>
      ndarray(
        'float32',
        noise(48, seed).map((x) => x * 1e-9),
      );
    const row = await rowOf(residue(2), residue(3), { truth: { x: zero } });
    expect(row).toMatchObject({
      verdict: 'rounding',
      notes: ['zero here but for rounding: a wrong factor would not show'],
    });
    const wrong = changed(residue(2), (x) => x * 1e5);
    expect((await rowOf(wrong, residue(3), { truth: { x: zero } })).verdict).not.toBe('rounding');
    // The reference may be lucky: that makes nobody wrong.
    const lucky = ndarray('float32', Array(48).fill(0));
    expect((await rowOf(residue(2), lucky, { truth: { x: zero } })).verdict).toBe('undecided');
  });

  test('a reference that errs as much as a fault would decides nothing', async () => {
    const poor = changed(reference, (x, i) => x * (1 + 0.9 * noise(48, 9)[i]!));
    const row = await rowOf(
      changed(candidate, (x) => 2 * x),
      poor,
      { truth: { x: truth } },
    );
    expect(row).toMatchObject({ verdict: 'undecided', diagnosis: null });
    expect(row.notes).toEqual([
      'the reference errs as much as a factor of 1/2 would: other inputs or a wider dtype would decide',
    ]);
  });

  test('a truth that was rounded is no scale of rounding', async () => {
    const rounded = ndarray('float32', Array.from(truth.data), shape);
    const options = { truth: { x: truth } };
    expect((await rowOf(candidate, rounded, options)).verdict).toBe('rounding');
    const row = await rowOf(inFloat32(4, 2000), rounded, options);
    expect(row.verdict).toBe('undecided');
    expect(row.notes[0]).toMatch(/^the reference is the truth rounded, .*: one computed in float32 would decide$/);
    expect(
      (
        await rowOf(
          changed(candidate, (x) => -x),
          rounded,
          options,
        )
      ).verdict,
    ).toBe('wrong');
  });

  test.each<[number, string]>([
    [Number.NaN, 'wrong'],
    [Number.POSITIVE_INFINITY, 'wrong'],
  ])('%d where the truth is a number is %s', async (lost, verdict) => {
    const row = await rowOf(
      changed(candidate, (x, i) => (i === 3 ? lost : x)),
      reference,
      { truth: { x: truth } },
    );
    expect(row).toMatchObject({ verdict, worst: { index: [0, 3], candidate: lost } });
    expect(row.nonFinite).toEqual(Number.isNaN(lost) ? { nan: 1, infinite: 0 } : { nan: 0, infinite: 1 });
  });

  test('what a dtype has no number for is undecided; an infinity of all three is right', async () => {
    const large = changed(truth, (x, i) => (i === 3 ? 7e4 : x));
    const half = (array: NdArray) => ({
      ...changed(array, (x, i) => (i === 3 ? Number.POSITIVE_INFINITY : x)),
      storedDType: 'float16' as const,
    });
    const row = await rowOf(half(candidate), half(reference), { truth: { x: large } });
    expect(row.verdict).toBe('undecided');
    expect(row.notes).toEqual(['the truth is 70000 at [0, 3], beyond float16: smaller values would decide']);
    const masked = (array: NdArray) => changed(array, (x, i) => (i === 3 ? Number.NEGATIVE_INFINITY : x));
    const options = { truth: { x: masked(truth) } };
    expect((await rowOf(masked(candidate), masked(reference), options)).verdict).toBe('rounding');
    expect((await rowOf(candidate, masked(reference), options)).verdict).toBe('undecided');
  });

  test('a row that the truth lacks is judged without one', async () => {
    const { gradients } = compareTensors(
      { x: candidate, y: candidate },
      { x: reference, y: reference },
      { truth: { x: truth } },
    );
    expect(gradients.map(({ verdict }) => verdict)).toEqual(['rounding', 'undecided']);
  });
});

describe('dtypes', () => {
  /** Values as they are rounded to a dtype. */
  const rounded = (dtype: 'float16' | 'bfloat16', values: ArrayLike<number>) => ({
    dtype: 'float32' as const,
    storedDType: dtype,
    shape,
    data: Float32Array.from(values, (x) => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - (dtype === 'float16' ? 10 : 7));
      return Math.round(x / unit) * unit;
    }),
  });
  const noisy = (ulp: number, seed: number) => Array.from(truth.data, (x, i) => x * (1 + ulp * noise(48, seed)[i]!));

  test.each(['float16', 'bfloat16'] as const)('%s is judged by its own rounding', async (dtype) => {
    const unit = dtype === 'float16' ? 2 ** -11 : 2 ** -8;
    const options = { truth: { x: truth } };
    const own = rounded(dtype, noisy(2 * unit, 4));
    const other = rounded(dtype, noisy(2 * unit, 5));
    const row = await rowOf(own, other, options);
    expect(row.verdict).toBe('rounding');
    expect(row.error!.candidate.ulp).toBeLessThan(4);
    for (const factor of [-1, 2]) {
      const faulty = rounded(
        dtype,
        own.data.map((x) => factor * x),
      );
      expect((await rowOf(faulty, other, options)).verdict).toBe('wrong');
    }
    // As large an error, in float32.
    expect((await rowOf({ ...own, storedDType: 'float32' }, reference, options)).verdict).not.toBe('rounding');
  });

  test('a narrower candidate is right by its own rounding and wrong beyond it', async () => {
    const options = { truth: { x: truth } };
    const row = await rowOf(rounded('bfloat16', candidate.data), reference, options);
    expect(row).toMatchObject({ verdict: 'rounding', exact: false, notes: ['is bfloat16, held against float32'] });
    expect((await rowOf(rounded('bfloat16', noisy(0.1, 4)), reference, options)).verdict).toBe('undecided');
    expect(
      (
        await rowOf(
          rounded(
            'bfloat16',
            candidate.data.map((x) => 3 * x),
          ),
          reference,
          options,
        )
      ).verdict,
    ).toBe('wrong');
  });

  test('a wider candidate must be as much better', async () => {
    const options = { truth: { x: truth } };
    const wide = changed(truth, (x, i) => x * (1 + 2 ** -52 * (i % 3)));
    expect((await rowOf(wide, reference, options)).verdict).toBe('rounding');
    const merelyStored = ndarray('float64', Array.from(candidate.data), shape);
    expect((await rowOf(merelyStored, reference, options)).verdict).toBe('undecided');
  });

  test('the same bits are exact in one dtype only', async () => {
    const own = rounded('bfloat16', candidate.data);
    expect((await rowOf(own, own)).verdict).toBe('exact');
    const row = await rowOf(own, { ...own, storedDType: 'float32' });
    expect(row).toMatchObject({ verdict: 'undecided', exact: true });
    expect(row.notes[0]).toBe('is bfloat16, held against float32');
  });

  test('a stored dtype that does not fit is refused', async () => {
    const odd = { ...candidate, storedDType: 'int64' as const };
    expect(() => compareTensors({ x: odd }, { x: reference })).toThrow(
      new DTypeError('candidate "x": expected a stored dtype that float32 holds, got "int64"'),
    );
  });

  test('integers are exact or wrong', async () => {
    const own = ndarray('int32', [1, 2, 3]);
    expect((await rowOf(own, own, {})).verdict).toBe('exact');
    expect(await rowOf(own, ndarray('int32', [1, 2, 4]))).toMatchObject({
      verdict: 'wrong',
      notes: ['33.3 % of the elements differ, and integers are not rounded'],
    });
    expect(await rowOf(own, ndarray('float32', [1, 2, 3]))).toMatchObject({
      verdict: 'wrong',
      notes: ['expected float32 as the reference is, got int32'],
    });
  });
});

describe('without a truth', () => {
  test('the same bits are exact, of NaN alone undecided', async () => {
    expect(await rowOf(candidate, candidate)).toMatchObject({
      verdict: 'exact',
      exact: true,
      error: null,
      bound: null,
    });
    const lost = changed(candidate, (x, i) => (i === 0 ? Number.NaN : x));
    expect(await rowOf(lost, lost)).toMatchObject({
      verdict: 'undecided',
      notes: ['is NaN where the reference is NaN too: values that are numbers would decide'],
    });
    const negative = ndarray('float32', [-0, 1]);
    expect((await rowOf(negative, ndarray('float32', [0, 1]))).verdict).toBe('undecided');
  });

  test('anything else is undecided, with its distances', async () => {
    const next = ndarray('float32', [1, 1 + 2 ** -23, 1, 1, 4 + 2 ** -20]);
    const row = await rowOf(next, ndarray('float32', [1, 1, 1, 1, 4]));
    expect(row).toMatchObject({ verdict: 'undecided', error: null, share: 0.4, worst: { index: [4], truth: 4 } });
    expect(row.notes).toEqual([
      '40 % of the elements differ, by 2 ULP of float32 at most, 0 in the median, 1 in 99 %; a truth in float64 would decide',
    ]);
    const far = await rowOf(
      changed(candidate, (x) => -x),
      reference,
    );
    expect(far.verdict).toBe('undecided');
    expect(far.notes.at(-1)).toBe('looks like the reference, but has the opposite sign');
  });

  test('distances in narrow dtypes count their own steps', () => {
    for (const [dtype, bits] of [
      ['float16', 16],
      ['bfloat16', 16],
    ] as const) {
      const fraction = dtype === 'float16' ? 10 : 7;
      const bias = dtype === 'float16' ? 15 : 127;
      const value = (word: number) => {
        const exponent = word >> fraction;
        const part = (word & (2 ** fraction - 1)) / 2 ** fraction;
        return exponent === 0 ? part * 2 ** (1 - bias) : (1 + part) * 2 ** (exponent - bias);
      };
      const finite = ((1 << (bits - 1 - fraction)) - 1) << fraction;
      const words = Array.from({ length: finite }, (_, i) => i);
      const [a, b] = [words.slice(1).map(value), words.slice(0, -1).map(value)];
      expect(ulpDistances(a, b, dtype).every((x) => x === 1)).toBe(true);
      expect([...ulpDistances([value(5), Number.NaN], [-value(7), 1], dtype)]).toEqual([12, Number.NaN]);
    }
    const [a, b] = [noise(99, 1), noise(99, 2)];
    for (const dtype of ['float32', 'float64'] as const) {
      expect([...ulpDistances(a, b, dtype)]).toEqual(a.map((x, i) => ulpDistance(x, b[i]!, dtype)));
    }
  });
});

describe('names and shapes', () => {
  test('what one side lacks fails', async () => {
    const report = compareTensors({ a: candidate, c: candidate }, { a: candidate, b: reference });
    expect(report.gradients.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a', 'exact'],
      ['b', 'unclaimed'],
      ['c', 'undecided'],
    ]);
    expect(report).toMatchObject({ ok: false, outcome: 'wrong' });
    expect(report.gradients[2]!.notes).toEqual(['the reference has none of this name']);
    expect(compareTensors({ a: candidate, c: candidate }, { a: candidate }).outcome).toBe('undecided');
  });

  test('map joins names, only leaves others out', async () => {
    const [mine, theirs] = [new Map([['dx', candidate]]), { 'x.grad': candidate, other: reference }];
    const options = { map: { dx: 'x.grad' }, only: ['x.grad'] };
    const report = compareTensors(mine, theirs, options);
    expect(report.gradients.map(({ name, verdict }) => [name, verdict])).toEqual([['x.grad', 'exact']]);
    expect([...report.values.keys()]).toEqual(['x.grad']);
  });

  test('axes of size 1 are ignored, and it is said', async () => {
    const flat = { ...candidate, shape: [1, 6, 8, 1] };
    expect(await rowOf(flat, candidate)).toMatchObject({
      verdict: 'exact',
      notes: ['has shape [1, 6, 8, 1], expected [6, 8]; axes of size 1 ignored'],
    });
    const options = { truth: { x: { ...truth, shape: [6, 1, 8] } } };
    expect((await rowOf(flat, reference, options)).verdict).toBe('rounding');
  });

  test('a sum that is missing is named', async () => {
    const sums = Array.from({ length: 8 }, (_, j) =>
      [0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + truth.data[8 * i + j]!, 0),
    );
    const row = await rowOf(candidate, ndarray('float32', sums), { truth: { x: ndarray('float64', sums) } });
    expect(row).toMatchObject({
      verdict: 'wrong',
      diagnosis: { kind: 'not-summed' },
      notes: ['expected shape [8], got [6, 8]; a sum over axis 0 is missing'],
    });
    expect((await rowOf(candidate, ndarray('float32', [1, 2, 3]))).notes).toEqual(['expected shape [3], got [6, 8]']);
  });

  test('tensors without elements are exact', async () => {
    const empty = ndarray('float32', [], [0, 3]);
    expect((await rowOf(empty, empty)).verdict).toBe('exact');
    expect((await rowOf(empty, empty, { truth: { x: ndarray('float64', [], [0, 3]) } })).verdict).toBe('exact');
  });

  test('odd names are names', async () => {
    const odd = new Map(['__proto__', 'constructor', '\n\x1b'].map((name) => [name, candidate]));
    const report = compareTensors(odd, odd);
    expect(report.ok).toBe(true);
    expect(String(report)).not.toContain('\x1b');
  });

  test('long names are told apart in the table', async () => {
    const names = ['weight', 'bias'].map((part) => `model.layers.17.self_attention.query_projection.${part}`);
    const tensors = Object.fromEntries(names.map((name) => [name, candidate]));
    const text = String(compareTensors(tensors, tensors));
    expect(text).toMatch(/ …\S+\.query_projection\.weight {2}exact/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

const x = { x: candidate };
test.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
  [
    'no common name',
    () => compareTensors({ dx: candidate, dy: candidate }, { 'x.grad': reference }),
    RangeError,
    'candidate: expected names of the reference, such as "x.grad"; got "dx", "dy"; map joins them',
  ],
  [
    'no tensors',
    () => compareTensors({}, x),
    RangeError,
    'candidate: expected names of the reference, such as "x"; got none; map joins them',
  ],
  ['no reference', () => compareTensors(x, {}), RangeError, 'reference: expected at least one tensor, got none'],
  ['neither', () => compareTensors({}, {}), RangeError, 'reference: expected at least one tensor, got none'],
  [
    'a name to map that is not there',
    () => compareTensors(x, x, { map: { y: 'x' } }),
    RangeError,
    'map: expected a name of the candidate, got "y"; it has "x"',
  ],
  [
    'a name to map to that is not there',
    () => compareTensors(x, x, { map: { x: 'xs' } }),
    RangeError,
    'map: expected a name of the reference, got "xs"; the nearest is "x"',
  ],
  [
    'two of one name',
    () => compareTensors({ x: candidate, y: candidate }, x, { map: { y: 'x' } }),
    RangeError,
    'map: expected one tensor for each name, got two for "x"',
  ],
  [
    'a name of only that is not there',
    () => compareTensors(x, x, { only: ['X1'] }),
    RangeError,
    'only: expected a name that is there, got "X1"; the nearest is "x"',
  ],
  ['no names in only', () => compareTensors(x, x, { only: [] }), TypeError, 'only: expected names in an array, got []'],
  [
    'a truth of other names',
    () => compareTensors(x, x, { truth: { y: truth } }),
    RangeError,
    'truth: expected tensors of the reference\'s names, got "y"; it has "x"',
  ],
  [
    'a truth in float32',
    () => compareTensors(x, x, { truth: { x: reference } }),
    DTypeError,
    'truth "x": expected float64, got float32',
  ],
  [
    'a truth of another shape',
    () => compareTensors(x, x, { truth: { x: { ...truth, shape: [8, 6] } } }),
    ShapeError,
    'truth "x": expected shape [6, 8] of the reference, got [8, 6]',
  ],
  [
    'a list of tensors',
    () => compareTensors([candidate] as unknown as NamedTensors, x),
    TypeError,
    'candidate: expected tensors by name, got [',
  ],
  [
    'no array',
    () => compareTensors(x, { x: 3 } as unknown as NamedTensors),
    TypeError,
    'reference "x": expected an array with dtype, shape and data, got 3',
  ],
  [
    'an unknown option',
    () => compareTensors(x, x, { truths: {} } as CompareTensorsOptions),
    TypeError,
    'options: expected truth, map, only, name, got "truths"; the nearest is truth',
  ],
  [
    'an argument too many',
    () => compareTensors(x, x, {}, 1 as never),
    TypeError,
    'compareTensors: expected at most 3 arguments, got 4',
  ],
])('is refused: %s', (_, attempt, type, message) => {
  expect(attempt).toThrow(type as never);
  expect(attempt).toThrow(message);
});
