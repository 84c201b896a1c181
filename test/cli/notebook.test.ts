import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  differentiatedNames,
  exercise1,
  formatSafetensors,
  fusedNames,
  intermediateNames,
  type NdArray,
  parameterNames,
  parseSafetensors,
} from '../../src/index.js';
import { handgrad } from './run.js';
import { few } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
const path = (name: string) => join(folder, name);
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(path(name), content);
  return path(name);
};
const words = file('words.txt', `${few.join('\n')}\n`);
const small = ['notebook', '--names', words, '--hidden', '5', '--embed', '3', '--batch', '7'];

// Not before, for a temporary file of a test that runs at the same time is none left behind.
afterAll(() => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

describe.concurrent('handgrad notebook', () => {
  test('prints the notebook, then the fused gradients and a closing line', async () => {
    const { code, stdout, stderr } = await handgrad('notebook');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(
      `{${[...'abcdefghijklmnopqrstuvwxyz'].map((character, i) => `${i + 1}: '${character}'`).join(', ')}, 0: '.'}`,
    );
    expect(lines.slice(1, 7)).toEqual([
      '27',
      'torch.Size([183430, 3]) torch.Size([183430])',
      'torch.Size([22953, 3]) torch.Size([22953])',
      'torch.Size([22818, 3]) torch.Size([22818])',
      '4137',
      'loss: 3.277688',
    ]);
    expect(lines[7]).toMatch(/^eps: 100000\.0, .*1e-5/);
    const rows = lines.filter((line) => line.includes(' | exact: '));
    expect(rows.slice(0, 26)).toEqual(
      exercise1.map(([label]) => `${label.padEnd(15)} | exact: True  | approximate: True  | maxdiff: 0.0`),
    );
    const maxdiff = (row: string) => Number(/approximate: True {2}\| maxdiff: (\S+)$/.exec(row)?.[1]);
    expect(rows[26]).toMatch(/^logits {10}\| /);
    expect(maxdiff(rows[26]!)).toBeLessThanOrEqual(1e-8);
    expect(rows[27]).toMatch(/^hprebn {10}\| /);
    expect(maxdiff(rows[27]!)).toBeLessThanOrEqual(1e-11);
    expect(rows.slice(28).map((row) => row.split(' |')[0]!.trim())).toEqual(
      parameterNames.map((name) => `fused d${name}`),
    );
    expect(lines.at(-1)).toBe('Verdicts: 26 exact, 9 rounding; every gradient is right.');
    expect(lines.at(-2)).toBe(
      '26 of 26 gradients of exercise 1 are exact; of all 35 comparisons with autograd, 26 are exact and 35 approximate.',
    );
  });

  test('--json prints one object', async () => {
    const { code, stdout } = await handgrad(
      ...small,
      '--json',
      '--eps',
      '1e4',
      '--dtype',
      'float64',
      '--shuffle-seed',
      '-7',
      '--seed',
      '-1',
    );
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.configuration).toEqual({
      shuffleSeed: '-7',
      seed: '-1',
      bnSeed: '0',
      batch: 7,
      block: 3,
      vocabulary: report.itos.length,
      embed: 3,
      hidden: 5,
      eps: 1e4,
      dtype: 'float64',
      build: 'strict',
    });
    expect(report.exercise1).toHaveLength(26);
    expect(report.exercise1.every((row: { exact: boolean }) => row.exact)).toBe(true);
    expect(report.fused).toHaveLength(7);
  });

  test('every option changes what it names', async () => {
    const run = async (...options: string[]) => JSON.parse((await handgrad(...small, '--json', ...options)).stdout);
    const { loss } = await run();
    const losses = await Promise.all(
      [
        ['--shuffle-seed', '43'],
        ['--seed', '18446744073709551615'],
        ['--bn-seed', '1'],
        ['--hidden', '6'],
        ['--embed', '4'],
        ['--block', '2'],
        ['--batch', '8'],
        ['--eps', '1e-5'],
        ['--dtype', 'float64'],
      ].map(async (options) => (await run(...options)).loss as number),
    );
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(losses.filter((other) => other === loss)).toEqual([]);
  });

  test('--dump holds everything under its name, the same bytes on every run, and --params reads it back', async () => {
    const first = path('first.safetensors');
    const second = path('second.safetensors');
    await handgrad(...small, '--dump', first);
    await handgrad(...small, '--dump', second);
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);

    const { tensors, metadata } = parseSafetensors(readFileSync(first));
    const expected = [
      ...parameterNames,
      'Xb',
      'Yb',
      ...intermediateNames,
      ...['autograd', 'stepwise'].flatMap((pass) => differentiatedNames.map((name) => `${pass}.d${name}`)),
      ...fusedNames.map((name) => `fused.d${name}`),
    ];
    expect(new Set(tensors.keys())).toEqual(new Set(expected));
    expect(tensors.get('Xb')).toMatchObject({ dtype: 'int32', shape: [7, 3] });
    expect(tensors.get('loss')!.shape).toEqual([]);
    expect(metadata).toMatchObject({
      seed: '456789096543',
      eps: '100000',
      dtype: 'float32',
      build: 'strict',
      hidden: '5',
    });

    const third = path('third.safetensors');
    const { code } = await handgrad(...small, '--seed', '5', '--params', first, '--dump', third);
    expect(code).toBe(0);
    const again = parseSafetensors(readFileSync(third)).tensors;
    for (const name of expected) expect(again.get(name), name).toEqual(tensors.get(name));
  });

  test('--batch is that of the file, and no seed is reported by which nothing was drawn', async () => {
    const [both, parameters] = [path('both.safetensors'), path('parameters.safetensors')];
    await handgrad(...small, '--dump', both);
    const { tensors } = parseSafetensors(readFileSync(both));
    writeFileSync(parameters, formatSafetensors(new Map(parameterNames.map((name) => [name, tensors.get(name)!]))));
    expect(await handgrad(...small, '--batch', '16', '--params', both)).toEqual({
      code: 2,
      stdout: '',
      stderr: `handgrad: ${both}: expected --batch 7, as many examples as it has, got 16\n`,
    });
    const seeds = async (...options: string[]) => {
      const { stdout } = await handgrad('notebook', ...small.slice(1, -2), '--json', ...options);
      const { batch, seed, bnSeed, shuffleSeed } = JSON.parse(stdout).configuration;
      return { batch, seed, bnSeed, shuffleSeed };
    };
    expect(await seeds()).toEqual({ batch: 32, seed: '456789096543', bnSeed: '0', shuffleSeed: '42' });
    expect(await seeds('--params', parameters)).toEqual({ batch: 32, seed: '456789096543', shuffleSeed: '42' });
    expect(await seeds('--params', both)).toEqual({ batch: 7, shuffleSeed: '42' });
    expect(await seeds('--params', both, '--batch', '7')).toEqual({ batch: 7, shuffleSeed: '42' });
    const dumped = path('dumped.safetensors');
    await handgrad(...small, '--params', both, '--dump', dumped);
    expect(parseSafetensors(readFileSync(dumped)).metadata).not.toHaveProperty('seed');
  });

  test('a word list may come from a URL, with accents, emoji and CRLF', async () => {
    const server = createServer((request, response) => {
      if (request.url !== '/names.txt') response.writeHead(404);
      response.end(`${few.map((word) => `é${word}🦆`).join('\r\n')}\r\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const [found, absent] = await Promise.all(
      ['names.txt', 'other.txt'].map((name) =>
        handgrad('notebook', '--hidden', '5', '--names', `http://127.0.0.1:${port}/${name}`),
      ),
    );
    server.close();
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found!.stdout).toContain("'é'");
    expect(found!.stdout).toContain("'🦆'");
    expect(absent!.code).toBe(2);
    expect(absent!.stderr).toContain('404');
  });

  test.each([
    ['--hidden', '200', '--eps', '1e-5', '--seed', '2147483647', '--bn-seed', '123'],
    '--hidden 13 --embed 3 --block 1 --batch 2 --eps 1e-5 --seed 1099511627779 --bn-seed 77'.split(' '),
  ])('rounding is right: %s %s %s %s', async (...options) => {
    const { code, stdout, stderr } = await handgrad('notebook', ...options);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const at = lines.indexOf('Verdicts: 26 exact, 9 rounding; every gradient is right.');
    const notApproximate = lines.filter((line) => line.includes(' | approximate: False'));
    expect(notApproximate.length).toBeGreaterThan(0);
    expect(lines.slice(at + 1).map((line) => line.split(':')[0])).toEqual(
      notApproximate.map((line) => line.split('|')[0]!.trim()),
    );
  });

  test('--show draws gradients, intermediates and parameters', async () => {
    const { code, stdout } = await handgrad('notebook', '--hidden', '8', '--batch', '4', '--show', 'dlogits,h,dC,loss');
    expect(code).toBe(0);
    const [, ...pictures] = stdout.slice(stdout.indexOf('Verdicts: ')).trimEnd().split('\n\n');
    expect(pictures.map((picture) => picture.split('\n')[0]!.split(/[ :]/)[0])).toEqual(['dlogits', 'h', 'dC', 'loss']);
    expect(pictures[0]!.split('\n').length).toBeGreaterThan(4);
  });

  test('--show names what is nearest to what is no tensor', async () => {
    const { code, stdout, stderr } = await handgrad('notebook', '--show', 'dlogit');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/--show: expected tensors of the notebook, got "dlogit"; the nearest is dlogits\n$/);
  });

  test('says on stderr what can not be decided, and exits with 3', async () => {
    const [dumped, given] = [path('sound.safetensors'), path('beyond.safetensors')];
    await handgrad(...small, '--dump', dumped);
    const tensors = new Map(parseSafetensors(readFileSync(dumped)).tensors);
    const W2 = tensors.get('W2')!;
    tensors.set('W2', { ...W2, data: Float32Array.from(W2.data, (value) => value * 1e25) });
    writeFileSync(given, formatSafetensors(tensors));
    const { code, stderr } = await handgrad(...small, '--params', given);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringMatching(
        /^handgrad: expected gradients that can be judged, got .*probs, .*: the reference is .*\n$/,
      ),
    });
  });

  test('ends quietly when its reader does', async () => {
    const { execSync } = await import('node:child_process');
    const out = execSync('node dist/cli/main.js notebook 2>&1 | head -n 2', {
      cwd: new URL('../../', import.meta.url),
      encoding: 'utf8',
    });
    expect(out.split('\n')[1]).toBe('27');
  });
});

const good = async () => {
  const dumped = path('good.safetensors');
  await handgrad(...small, '--dump', dumped);
  return new Map(parseSafetensors(readFileSync(dumped)).tensors);
};

describe.concurrent('handgrad notebook refuses, with code 2 and one line that says why', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['notebok'], /unknown command/],
    ['an unknown option', ['notebook', '--hiden', '3'], /unknown option/],
    ['an option without its value', ['notebook', '--hidden'], /argument missing/],
    ['a batch of 1', ['notebook', '--batch', '1'], /--batch <B>.*at least 2, got "1"/],
    ['a batch of 0', ['notebook', '--batch', '0'], /--batch <B>.*at least 2, got "0"/],
    ['a negative batch', ['notebook', '--batch', '-3'], /--batch <B>.*got "-3"/],
    ['a fractional batch', ['notebook', '--batch', '2.5'], /--batch <B>.*got "2\.5"/],
    ['a batch that is NaN', ['notebook', '--batch', 'NaN'], /--batch <B>.*got "NaN"/],
    ['hidden of 0', ['notebook', '--hidden', '0'], /--hidden <H>.*at least 1, got "0"/],
    ['hidden beyond memory', ['notebook', '--hidden', '1000000000'], /H 1000000000: expected .*4 GiB, got/],
    [
      'a batch beyond memory',
      ['notebook', '--batch', '1000000000'],
      /^handgrad: B 1000000000, .*: expected .*4 GiB, got/,
    ],
    ['hidden beyond integers', ['notebook', '--hidden', '1e400'], /--hidden <H>/],
    ['embed of 0', ['notebook', '--embed', '0'], /--embed <E>/],
    ['block of 0', ['notebook', '--block', '0'], /--block <T>/],
    ['a negative eps', ['notebook', '--eps', '-1'], /--eps <number>.*at least 0, got "-1"/],
    ['an eps that is NaN', ['notebook', '--eps', 'NaN'], /--eps <number>.*got "NaN"/],
    ['an infinite eps', ['notebook', '--eps', 'Infinity'], /--eps <number>/],
    ['an unknown dtype', ['notebook', '--dtype', 'float16'], /float32, float64/],
    ['a seed out of range', ['notebook', '--seed', '18446744073709551616'], /--seed <integer>.*2\^64 - 1/],
    ['a seed below range', ['notebook', '--bn-seed', '-9223372036854775809'], /--bn-seed <integer>.*-2\^63/],
    ['a seed that is no integer', ['notebook', '--shuffle-seed', '4.2'], /--shuffle-seed <integer>.*"4\.2"/],
    ['an absent word list', ['notebook', '--names', path('absent.txt')], /absent\.txt: expected .*no such file/],
    ['an empty word list', ['notebook', '--names', file('empty.txt', '')], /empty/],
    ['a binary word list', ['notebook', '--names', file('nul.txt', 'ann\0\n'.repeat(20))], /NUL/],
    [
      'a list not in UTF-8',
      ['notebook', '--names', file('latin.txt', Buffer.from('zo\xeb\n'.repeat(20), 'latin1'))],
      /UTF-8/,
    ],
    [
      'a word with a "."',
      ['notebook', '--names', file('dot.txt', `${few.join('\n')}\nann.e\n`)],
      /"ann\.e" on line 12/,
    ],
    ['nine words', ['notebook', '--names', file('nine.txt', few.slice(0, 9).join('\n'))], /at least 10 words, got 9/],
    ['an absent parameter file', ['notebook', '--params', path('absent.safetensors')], /absent\.safetensors: expected/],
    ['a foreign parameter file', ['notebook', '--params', words], /words\.txt: expected/],
    ['a dump into no folder', [...small, '--dump', path('no/folder.safetensors')], /folder\.safetensors: expected/],
    ['a dump onto a full disk', [...small, '--dump', '/dev/full'], /\/dev\/full: expected/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await handgrad(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(/ {4}at /);
  });

  test.each<[string, (tensors: Map<string, NdArray>) => Uint8Array, RegExp]>([
    [
      'a missing parameter',
      (tensors) => {
        tensors.delete('W2');
        return formatSafetensors(tensors);
      },
      /expected a tensor W2, got none/,
    ],
    [
      'a misshapen parameter',
      (tensors) => formatSafetensors(tensors.set('W2', { dtype: 'float32', shape: [1], data: new Float32Array(1) })),
      /^handgrad: \S+a misshapen parameter\.safetensors: W2: expected shape \[5, \d+\], got \[1\]/,
    ],
    [
      'Xb without Yb',
      (tensors) => {
        tensors.delete('Yb');
        return formatSafetensors(tensors);
      },
      /expected a tensor Yb, got none/,
    ],
    [
      'a token outside the vocabulary',
      (tensors) =>
        formatSafetensors(tensors.set('Yb', { dtype: 'int32', shape: [7], data: new Int32Array(7).fill(99) })),
      /vocabulary\.safetensors: Yb: expected classes from 0 to \d+, got 99/,
    ],
    [
      'a batch of one',
      (tensors) =>
        formatSafetensors(
          tensors
            .set('Xb', { dtype: 'int32', shape: [1, 3], data: new Int32Array(3) })
            .set('Yb', { dtype: 'int32', shape: [1], data: new Int32Array(1) }),
        ),
      /a batch of one\.safetensors: Xb: expected at least 2 rows/,
    ],
    ['a truncated file', (tensors) => formatSafetensors(tensors).slice(0, -1), /expected \d+ bytes/],
    [
      'a header that lies',
      (tensors) => {
        const bytes = formatSafetensors(tensors);
        bytes[0]! += 8;
        return bytes;
      },
      /expected/,
    ],
  ])('a parameter file with %s', async (name, damage, message) => {
    const damaged = file(`${name}.safetensors`, damage(await good()));
    const { code, stdout, stderr } = await handgrad(...small, '--params', damaged);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
