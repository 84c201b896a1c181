// Checkpoints that no training has written.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatSafetensors, type NdArray, parseSafetensors } from '../../src/index.js';
import { handgrad } from './run.js';
import { smallTraining } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-checkpoint-'));
const { words, small } = smallTraining(folder);
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** A checkpoint after 10 of 10 steps, with other metadata and tensors. */
const begun = (async () => {
  await handgrad(...small, '--steps', '10', '--quiet', '--out', path('begun'));
  return parseSafetensors(readFileSync(path('begun')));
})();
async function altered(
  name: string,
  texts: Record<string, string>,
  arrays: Record<string, NdArray> = {},
): Promise<string> {
  const { tensors, metadata } = await begun;
  writeFileSync(
    path(name),
    formatSafetensors({ ...Object.fromEntries(tensors), ...arrays }, { ...metadata, ...texts }),
  );
  return path(name);
}

describe.concurrent('a checkpoint is read as handgrad writes it', () => {
  const numbers = ['step', 'steps', 'batch', 'lr', 'seed', 'bnSeed', 'shuffleSeed'];
  const spellings = ['', ' 5', '5 ', '+5', '05', '1e3', '0x10', '-0', '5.0', 'abc', '5\n', '١', 'NaN', '1e400'];
  const cases = numbers.flatMap((key, i) =>
    // Each spelling of the step, and some of each other number.
    spellings.filter((_, j) => i === 0 || (i + j) % 4 === 0).map((text) => [key, text] as const),
  );

  test.each(cases)('%s %j is refused', async (key, text) => {
    const file = await altered(`${key}-${spellings.indexOf(text)}`, { [key]: text });
    const { code, stdout, stderr } = await handgrad('train', '--resume', file, '--names', words, '--quiet');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^handgrad: \\S+: ${key}: [^\n]*got [^\n]*\n$`));
  });

  test('a seed of millions of digits is refused, not read for hours', async () => {
    const file = await altered('digits', { shuffleSeed: '7'.repeat(5_000_000) });
    for (const args of [
      ['evaluate', file],
      ['train', '--quiet', '--resume', file],
    ]) {
      expect(await handgrad(...args, '--names', words)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/: shuffleSeed: Expected an integer of at most 10000 digits, got "7+…"\.\n$/),
      });
    }
  });

  test.each([
    ['relaxed', ''],
    ['relaxed', 'yes'],
    ['backward', 'magic'],
    ['backward', ''],
  ])('%s %j is refused', async (key, text) => {
    const file = await altered(`${key}-${text}`, { [key]: text });
    expect(await handgrad('train', '--resume', file, '--names', words, '--quiet')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^handgrad: \\S+: ${key}: [^\n]*\n$`)),
    });
  });

  test.each([
    ['1e18', 1e18],
    ['-1e308', -1e308],
  ])('a loss of %s, which none can have, is left out of the curve', async (name, value) => {
    const file = await altered(
      `loss-${name}`,
      {},
      { lossi: { dtype: 'float64', shape: [10], data: new Float64Array(10).fill(value) } },
    );
    const outcome = await handgrad('train', '--resume', file, '--names', words, '--quiet', '--plot', `${file}.svg`);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const svg = readFileSync(`${file}.svg`, 'utf8');
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(svg.length).toBeLessThan(5000);
  });

  test.each([
    ['NaN', Number.NaN],
    ['-Infinity', -Infinity],
  ])('a loss of %s is refused', async (name, value) => {
    const file = await altered(
      `loss-${name}`,
      {},
      { lossi: { dtype: 'float64', shape: [10], data: new Float64Array(10).fill(value) } },
    );
    expect(await handgrad('train', '--resume', file, '--names', words, '--quiet')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/: lossi: expected finite values, got (NaN|-Infinity)\n$/),
    });
  });
});

test('a vocabulary that is not that of its words is refused', async () => {
  const { metadata } = await begun;
  const file = await altered('vocabulary', { vocabulary: `!${metadata.vocabulary!.slice(1)}` });
  const outcome = await handgrad('train', '--resume', file, '--names', words, '--quiet');
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toMatch(/^handgrad: .*vocabulary: expected the vocabulary of its words, ".*", got "\.!.*"\n$/);
});

describe.concurrent('huge options are one line', () => {
  test.each(['train', 'notebook'])('%s names what was asked for', async (command) => {
    const of = (...options: string[]) => handgrad(command, '--names', words, ...options);
    expect(await of('--block', '10000000000')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^handgrad: --block: expected as many elements as fit in memory, got \d+\n$/),
    });
    expect(await of('--hidden', '99999999999')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^handgrad: T 3, V \d+, E 10, H 99999999999: expected sizes whose tensors, even of the smallest batch, fit in 4 GiB, got \d+ bytes\n$/,
      ),
    });
  });

  test.each([
    ['train', '--hidden'],
    ['train', '--embed'],
    ['train', '--batch'],
    ['notebook', '--hidden'],
    ['notebook', '--embed'],
    ['notebook', '--batch'],
  ])('%s %s', async (command, option) => {
    for (const value of ['1000000000000000', '9007199254740991', '9007199254740992', '9'.repeat(400)]) {
      const { code, stdout, stderr } = await handgrad(command, '--names', words, option, value);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^[^\n]*expected [^\n]*(4 GiB|from \d to 9007199254740991)[^\n]*got [^\n]*\n$/i);
    }
  });

  test.each([
    ['train', '--steps', '9007199254740992'],
    ['train', '--checkpoint-every', '1'.repeat(400)],
    ['sample', '--count', '9007199254740992'],
    ['sample', '--max-length', '10001'],
    ['sample', '--max-length', '1000000000000000'],
  ])('%s %s %s', async (command, option, value) => {
    const { code, stdout, stderr } = await handgrad(command, ...(command === 'sample' ? ['x'] : []), option, value);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: option .* Expected an integer from \d to (9007199254740991|10000), got "\d+…?"\.\n$/,
    );
  });
});
