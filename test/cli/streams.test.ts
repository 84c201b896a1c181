// What becomes of a command whose stdout or stderr can't be written, and of what it writes.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { display } from '../../src/cli/display.js';
import { json, messageOf } from '../../src/cli/streams.js';
import { formatSafetensors, parseSafetensors } from '../../src/index.js';
import { handgrad, shell } from './run.js';
import { smallTraining } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-streams-'));
const { words, small } = smallTraining(folder);
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Long enough for several lines of progress. */
const steps = ['--steps', '20001'];
const isLinux = process.platform === 'linux';

const trained = (async () => {
  const out = path('trained.safetensors');
  await handgrad(...small, '--steps', '10', '--quiet', '--out', out);
  return out;
})();

describe.skipIf(!isLinux).concurrent('a training whose stderr', () => {
  test.each([
    ['is full', '"$@" 2>/dev/full', 0],
    ['is closed', '"$@" 2>&-', 0],
    ['is read by nobody', 'set -o pipefail; { "$@" 2>&1 >&3 | true; } 3>&1', 0],
    ['can only be read', '"$@" 2</dev/null', 0],
  ])('%s goes on in silence, saves and prints', async (name, script, code) => {
    const out = path(`${name.replaceAll(' ', '-')}.safetensors`);
    const outcome = await shell(script, ...small, ...steps, '--out', out);
    expect(outcome).toEqual({ code, stderr: '', stdout: expect.stringMatching(/^train \d\.\d{4}\ndev /) });
    expect(parseSafetensors(readFileSync(out)).metadata.step).toBe('20001');
  });

  test('and stdout are read for one line saves all the same', async () => {
    const out = path('head.safetensors');
    const { stdout } = await shell('"$@" 2>&1 | head -n 1', ...small, ...steps, '--out', out);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(parseSafetensors(readFileSync(out)).tensors.has('bnmean')).toBe(true);
  });

  test('and stdout are read by nobody ends with 0 and saves', async () => {
    const out = path('nobody.safetensors');
    const { stdout, stderr } = await shell(
      '"$@" | head -n 0; echo "$PIPESTATUS"',
      ...small,
      '--steps',
      '10',
      '--quiet',
      '--out',
      out,
    );
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
    expect(existsSync(out)).toBe(true);
  });
});

describe.skipIf(!isLinux).concurrent('a stdout that is full is one line and exit code 4', () => {
  const cases: [string, (model: string) => string[]][] = [
    ['--help', () => ['--help']],
    ['--version', () => ['--version']],
    ['train --help', () => ['train', '--help']],
    ['notebook', () => ['notebook', '--names', words, '--hidden', '5', '--batch', '7']],
    ['notebook --json', () => ['notebook', '--names', words, '--hidden', '5', '--batch', '7', '--json']],
    ['train', () => [...small, '--steps', '10', '--quiet', '--out', path('full.safetensors')]],
    ['train --json', () => [...small, '--steps', '10', '--quiet', '--json']],
    ['evaluate', (model) => ['evaluate', model, '--names', words]],
    ['evaluate --json', (model) => ['evaluate', model, '--names', words, '--json']],
    ['sample', (model) => ['sample', model]],
    ['sample --json', (model) => ['sample', model, '--json']],
    ['sample --count 0 --json', (model) => ['sample', model, '--json', '--count', '0']],
  ];

  test.each(cases)('%s', async (_, args) => {
    expect(await shell('"$@" >/dev/full', ...args(await trained))).toEqual({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^handgrad: stdout: expected a stream that can be written, got ENOSPC.*\n$/),
    });
  });

  test('after the file is saved', async () => {
    await shell('"$@" >/dev/full', ...small, '--steps', '10', '--quiet', '--out', path('saved.safetensors'));
    expect(existsSync(path('saved.safetensors'))).toBe(true);
  });

  test('and code 4 where stderr is full too', async () => {
    expect(await shell('"$@" >/dev/full 2>/dev/full', '--help')).toEqual({ code: 4, stdout: '', stderr: '' });
  });

  test('or one that can only be read', async () => {
    expect(await shell('"$@" </dev/null >&0', '--help')).toMatchObject({ code: 4, stdout: '' });
  });
});

describe.skipIf(!isLinux).concurrent('a slow reader', () => {
  test.each([
    ['notebook --json', ['notebook', '--names', words, '--hidden', '5', '--batch', '7', '--json']],
    ['sample', ['sample']],
  ])('of %s has it all', async (name, args) => {
    // More than a pipe holds.
    const all = name === 'sample' ? [...args, await trained, '--count', '1000', '--prompt', 'a'.repeat(100)] : args;
    const whole = await shell('"$@"', ...all);
    const slow = await shell('"$@" | { sleep 1; cat; }', ...all);
    expect(slow).toEqual(whole);
    expect(whole.code).toBe(0);
    if (name === 'sample') expect(whole.stdout.length).toBeGreaterThan(2 ** 16);
  });
});

describe.concurrent('every exit but 0 says why, once, on one line', () => {
  /** The trained model with metadata that is as no program writes it. */
  const withMetadata = async (name: string, texts: Record<string, string>) => {
    const { tensors, metadata } = parseSafetensors(readFileSync(await trained));
    writeFileSync(path(name), formatSafetensors(tensors, { ...metadata, ...texts }));
    return path(name);
  };

  test.each<[string, () => Promise<string[]>, RegExp]>([
    [
      'no command',
      async () => [],
      /^error: expected a command, one of notebook, exercise, check, compare, train, evaluate, sample, lab; /,
    ],
    ['help for no command', async () => ['help', 'learn'], /^error: expected a command/],
    ['a command with colours', async () => ['\x1b[31mlearn\n'], /^error: unknown command '\\u001b\[31mlearn\\?/],
    ['a near miss', async () => ['trian'], /^error: unknown command 'trian' \(Did you mean train\?\)\n$/],
    ['an argument too many', async () => ['train', 'x'], /^error: too many arguments/],
    ['an option with a line', async () => ['sample', 'x', '--count', '1\n2\x9b'], /got "1\\n2\\u009b"\.\n$/],
    [
      'a shuffle seed that is none',
      async () => ['evaluate', await withMetadata('abc', { shuffleSeed: 'abc' }), '--names', words],
      /abc: shuffleSeed: Expected an integer, got "abc"\.\n$/,
    ],
    [
      'an empty shuffle seed',
      async () => ['evaluate', await withMetadata('empty', { shuffleSeed: '' }), '--names', words],
      /empty: shuffleSeed: Expected an integer, got ""\.\n$/,
    ],
    [
      'a path with a line and colours',
      async () => ['sample', path('a\n\x1b[31m')],
      /a\\u000a\\u001b\[31m: expected a file that can be read, got no such file or folder \(ENOENT\)\n$/,
    ],
    [
      'a vocabulary with colours',
      async () => ['sample', await withMetadata('colours', { vocabulary: 'b\x1b[31m' })],
      /^handgrad: /,
    ],
    [
      'words with colours',
      async () => ['train', '--resume', await withMetadata('words', { words: '\x1b[31m' }), '--names', words],
      /words: words: expected a SHA-256, got "\\u001b\[31m"\n$/,
    ],
    ['a prompt with colours', async () => ['sample', await trained, '--prompt', '\x1b[31m'], /got "\\u001b" in /],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await handgrad(...(await args()));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  /** With something broken before the command line begins. */
  const broken = (script: string, ...args: string[]) =>
    shell(
      `NODE_OPTIONS='--import=data:text/javascript,${encodeURIComponent(script).replaceAll("'", '%27')}' "$@"`,
      ...args,
    );

  /** `statement`, once the command line has begun. */
  const later = (statement: string) =>
    `const timer = setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      clearInterval(timer);
      ${statement};
    }, 10);`;

  test.skipIf(process.platform === 'win32').each([
    ['a rejection that nobody awaits', later('Promise.reject("a\\nb")'), '"a\\nb"'],
    ['an error out of a timer', later('throw new TypeError("a\\nb\\x1b")'), 'a\\u000ab\\u001b'],
    ['nothing, thrown', later('throw undefined'), 'undefined'],
    ['a bug', 'performance.now = null', 'performance.now is not a function'],
    ['a bug that throws what is no error', 'performance.now = () => { throw { code: 1 } }', 'a Object'],
  ])('%s', async (_, script, message) => {
    const outcome = await broken(script, ...small, '--steps', '100000000', '--quiet');
    expect(outcome).toEqual({ code: 2, stdout: '', stderr: `handgrad: ${message}\n` });
  });

  test('whatever is thrown has a message', () => {
    expect(messageOf(new TypeError('x'))).toBe('x');
    expect(messageOf(new TypeError())).toBe('TypeError');
    expect(messageOf('x')).toBe('"x"');
    expect(messageOf(null)).toBe('null');
    expect(messageOf({})).toBe('a Object');
  });
});

test('JSON for a terminal means the same and steers nothing', () => {
  const value = { a: ['\x9b31m', '\u202e\u{e0041}', 'plain 😀', '\x7f'] };
  expect(json(value, false, 2)).toBe(JSON.stringify(value, null, 2));
  const shown = json(value, true, 2);
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(shown).toContain('plain 😀');
  expect(JSON.parse(shown)).toEqual(value);
});

test('progress goes on where a stream throws', () => {
  const stream = {
    isTTY: true,
    columns: 80,
    write: () => {
      throw new Error('EIO');
    },
  };
  for (const isTTY of [true, false]) {
    const shown = display({ ...stream, isTTY } as never, false);
    const losses = Float64Array.of(1);
    shown.show({ step: 1, steps: 1, losses, loss: 1, meanLoss: 1, stepsPerSecond: 1 });
    shown.close();
  }
});
