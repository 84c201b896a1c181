// Words are printed as they are drawn.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { init } from '../../src/index.js';
import { handgrad, main, running, shell } from './run.js';
import { smallTraining } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-sample-'));
const { words, small } = smallTraining(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const trained = (async () => {
  const out = join(folder, 'trained.safetensors');
  await handgrad(...small, '--steps', '300', '--quiet', '--out', out);
  return out;
})();

/** The first `count` words in one go. */
async function drawn(count: number): Promise<string[]> {
  const hg = await init();
  const { model, vocabulary, statistics } = hg.loadModel(readFileSync(await trained));
  const generator = hg.generator().manualSeed(2147483657n);
  return model.sample({ vocabulary, statistics: statistics!, generator, count });
}

/** Far more than there is time for. */
const endless = ['--count', '1000000000000000'];

describe.concurrent('handgrad sample', () => {
  test.each([0, 1, 15, 16, 17, 100])('prints the same %i words as one call draws', async (count) => {
    const words = await drawn(count);
    const args = ['sample', await trained, '--count', String(count)];
    const text = { code: 0, stdout: words.map((word) => `${word}\n`).join(''), stderr: '' };
    expect(await handgrad(...args)).toEqual(text);
    expect(await handgrad(...args, '--json')).toEqual({ ...text, stdout: `${JSON.stringify(words)}\n` });
  });

  test('also where words may be long', async () => {
    const args = ['sample', await trained, '--count', '20'];
    const { stdout } = await handgrad(...args);
    expect((await handgrad(...args, '--max-length', '10000')).stdout).toBe(stdout);
  });

  test.each([[], ['--json']])('prints the first words long before the last ones %s', async (...options) => {
    const { child, outcome } = running('sample', await trained, ...endless, ...options);
    const first = await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.kill('SIGKILL');
    await outcome;
    const [word] = await drawn(1);
    expect(String(first).slice(0, word!.length + 2)).toBe(
      options.length > 0 ? `["${word}` : `${word}\n${String(first)[word!.length + 1]}`,
    );
  });

  test.skipIf(process.platform === 'win32').each([[], ['--json']])(
    'ends when its reader does %s',
    async (...options) => {
      const script = '"$@" | head -c 10; echo " $PIPESTATUS"';
      const { stdout, stderr } = await shell(script, 'sample', await trained, ...endless, ...options);
      expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^[\s\S]{10} 0\n$/), stderr: '' });
    },
  );

  test.each([
    ['SIGINT', 130, []],
    ['SIGTERM', 143, []],
    ['SIGINT', 130, ['--json']],
    ['SIGTERM', 143, ['--json']],
  ] as const)('by %s ends with %i and whole output %s', async (signal, code, options) => {
    const { child, outcome } = running('sample', await trained, ...endless, ...options);
    child.stdout!.once('data', () => child.kill(signal));
    const { stdout, stderr, ...rest } = await outcome;
    expect(rest).toEqual({ code });
    const [, printed] = new RegExp(`^handgrad: stopped by ${signal} after (\\d+) of 10{15} words\n$`).exec(stderr)!;
    const words = options.length > 0 ? JSON.parse(stdout) : stdout.split('\n').slice(0, -1);
    expect(words).toEqual(await drawn(Number(printed)));
  });

  test('waits for a slow reader', async () => {
    const child = spawn(process.execPath, [main, 'sample', await trained, ...endless], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Nobody reads: the process fills the pipe and waits. Then it is asked to end, and its words are whole.
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGINT');
    let text = '';
    child.stdout.on('data', (piece) => {
      text += piece;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(130);
    expect(text.endsWith('\n')).toBe(true);
    const words = text.split('\n').slice(0, -1);
    expect(words).toEqual(await drawn(words.length));
  });

  test.each([false, true])(
    'of a model that a program saved without statistics says what is missing: %s',
    async (trains) => {
      const hg = await init();
      const { model, vocabulary, training } = hg.loadModel(readFileSync(await trained));
      const file = join(folder, `uncalibrated-${trains}.safetensors`);
      writeFileSync(file, model.save({ vocabulary, training: trains ? training : undefined }));
      expect(await handgrad('sample', file)).toEqual({
        code: 2,
        stdout: '',
        stderr: `handgrad: ${file}: expected bnmean and bnvar, got a model saved without them; calibrate() gives them, and save({ vocabulary, statistics }) writes them\n`,
      });
      expect(await handgrad('evaluate', file, '--names', words)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test('refuses a prompt before it prints', async () => {
    expect(await handgrad('sample', await trained, '--json', '--prompt', 'É')).toMatchObject({ code: 2, stdout: '' });
  });
});
