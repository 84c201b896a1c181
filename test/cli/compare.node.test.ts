import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatSafetensors, type NdArray } from '../../src/index.js';
import { ndarray } from '../support/arrays.js';
import { handgrad } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
const path = (name: string) => join(folder, name);
const file = (name: string, tensors: Record<string, NdArray>) => {
  writeFileSync(path(name), formatSafetensors(tensors));
  return path(name);
};

const exact = Array.from({ length: 48 }, (_, i) => Math.sin(i + 1));
const float32 = (change: (x: number, i: number) => number) => ndarray('float32', exact.map(change), [6, 8]);
const own = float32((x, i) => x * (1 + 2 ** -24 * Math.sin(2 * i)));
const other = float32((x, i) => x * (1 + 2 ** -24 * Math.sin(3 * i)));
const truth = file('truth', { 'x.grad': ndarray('float64', exact, [6, 8]) });
const reference = file('reference', { 'x.grad': other });
const right = file('right', { dx: own });
const wrong = file('wrong', { dx: float32((x) => -x) });
const named = ['--map', 'dx=x.grad'];

/** `own` in bfloat16, which is not written by the library. */
function bfloat16(name: string): string {
  const header = JSON.stringify({ dx: { dtype: 'BF16', shape: [6, 8], data_offsets: [0, 96] } });
  const bytes = new Uint8Array(8 + header.length + 96);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(new TextEncoder().encode(header), 8);
  const upper = new Uint16Array(Float32Array.from(own.data, (x) => x * (1 + 2 ** -9)).buffer).filter((_, i) => i % 2);
  bytes.set(new Uint8Array(upper.buffer), 8 + header.length);
  writeFileSync(path(name), bytes);
  return path(name);
}

describe.concurrent('handgrad compare', () => {
  test('exits with 0 where all is right', async () => {
    const { code, stdout, stderr } = await handgrad('compare', right, reference, '--truth', truth, ...named);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`${right} against ${reference} (float32)`);
    expect(lines[2]).toMatch(/^ {2}x\.grad {2}rounding {2}False {4}True /);
    expect(lines.at(-2)).toMatch(/^Control: x\.grad scaled by 1 \+ 2\^-\d+ was found wrong\.$/);
    expect(lines.at(-1)).toBe('Right: 1 rounding.');
  });

  test('exits with 1 where a tensor is wrong, and says which', async () => {
    const { code, stdout, stderr } = await handgrad('compare', wrong, reference, ...named, '--truth', truth);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'handgrad: expected every tensor to be right, got wrong x.grad\n',
    });
    expect(stdout).toContain('x.grad: has the opposite sign\n');
  });

  test('exits with 1 where a tensor is missing', async () => {
    const both = file('both', { 'x.grad': other, 'y.grad': other });
    const { code, stdout, stderr } = await handgrad('compare', right, both, ...named);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'handgrad: expected every tensor to be right, got unclaimed y.grad; undecided x.grad\n',
    });
    expect(stdout).toContain('1 undecided, 1 unclaimed.');
    const { code: alone } = await handgrad('compare', reference, both, '--only', 'x.grad');
    expect(alone).toBe(0);
  });

  test('exits with 3 where nothing decides', async () => {
    const { code, stdout, stderr } = await handgrad('compare', right, reference, ...named);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'handgrad: expected every tensor to be right, got undecided x.grad\n',
    });
    expect(stdout).toMatch(/x\.grad: \S+ % of the elements differ, by 2 ULP of float32 at most/);
  });

  test('reads bfloat16', async () => {
    const { code, stdout } = await handgrad('compare', bfloat16('narrow'), reference, ...named, '--truth', truth);
    expect(code).toBe(0);
    expect(stdout).toContain('x.grad: is bfloat16, held against float32\n');
  });

  test('--json prints the report', async () => {
    const { code, stdout } = await handgrad('compare', wrong, reference, ...named, '--truth', truth, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'handgrad-report-1',
      ok: false,
      root: null,
      reference: { kind: 'given' },
      gradients: [{ name: 'x.grad', verdict: 'wrong', diagnosis: { kind: 'sign' } }],
      chain: [],
    });
  });

  test('--map and --only come more than once, --only with commas too', async () => {
    const mine = file('mine', { a: own, b: other, c: other });
    const theirs = file('theirs', { A: own, B: other, c: other, d: other });
    const maps = ['--map', 'a=A', '--map', 'b=B'];
    for (const only of [
      ['--only', 'A,B', '--only', 'c'],
      ['--only', 'A', '--only', 'B,c'],
    ]) {
      const { code, stdout } = await handgrad('compare', mine, theirs, ...maps, ...only);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Right: 3 exact\.\n$/);
    }
  });

  test.each<[string, string[], RegExp]>([
    ['one file', [right], /missing required argument 'reference\.safetensors'/],
    ['an unknown option', [right, reference, '--tru', truth], /unknown option/],
    ['an absent file', [path('absent'), reference], /absent: expected a file that can be read, got no such file/],
    ['an absent truth', [right, reference, ...named, '--truth', path('absent')], /absent: expected a file/],
    ['a file that is none', [right, new URL(import.meta.url).pathname], /test\.ts: expected a header of at most/],
    ['no common name', [right, reference], /candidate: expected names of the reference, such as "x\.grad"; got "dx"/],
    [
      'a map of nothing',
      [right, reference, '--map', 'dx'],
      /--map.*Expected two names with "=" between them, got "dx"/,
    ],
    ['a map to nothing', [right, reference, '--map', 'dx='], /--map.*Expected two names/],
    ['a map twice', [right, reference, ...named, ...named], /--map.*Expected "dx" once/],
    ['a map of another name', [right, reference, '--map', 'dy=x.grad'], /map: expected a name .*got "dy".*"dx"/],
    ['an empty name', [right, reference, ...named, '--only', 'x.grad,'], /--only.*Expected names with commas/],
    ['an unknown name', [right, reference, ...named, '--only', 'y'], /only: expected a name that is there, got "y"/],
    ['a truth in float32', [right, reference, ...named, '--truth', reference], /truth "x\.grad": expected float64/],
  ])('refuses, with code 2 and one line: %s', async (_, args, message) => {
    const { code, stdout, stderr } = await handgrad('compare', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
