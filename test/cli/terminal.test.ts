// What a terminal gets to see of words that would steer it.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { handgrad, main } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));
const words = join(folder, 'words.txt');
writeFileSync(words, 'a\x1b[31mb\nb\x9bc\nc\u202ed\nd\ne\nf\ng\nh\ni\nj\nk\n');
const model = join(folder, 'model');

/** Whether there is a program that runs another one on a terminal, as that of util-linux does. */
function hasTerminal(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

/** What the command line shows on a terminal. */
function onTerminal(...args: string[]): Promise<string> {
  const command = [process.execPath, main, ...args].map((part) => `'${part}'`).join(' ');
  return new Promise((resolve, reject) => {
    execFile('script', ['-qec', command, '/dev/null'], (error, stdout) => {
      if (error === null) resolve(stdout.replaceAll('\r\n', '\n'));
      else reject(error);
    });
  });
}

const steering = /(?!\n)[\p{Cc}\p{Cf}]/u;

test.skipIf(!hasTerminal())(
  'words are shown with escapes on a terminal, and written as they are elsewhere',
  async () => {
    const small = ['train', '--names', words, '--hidden', '5', '--steps', '50', '--quiet'];
    const { stdout } = await handgrad(...small, '--out', model);
    expect(stdout).toMatch(steering);
    const shown = await onTerminal(...small);
    expect(shown).not.toMatch(steering);
    expect(shown).toMatch(/\\u00(1b|9b)|\\u202e/);
    for (const args of [
      ['sample', model],
      ['sample', model, '--json'],
      [...small, '--json'],
    ]) {
      expect(await onTerminal(...args), args.join(' ')).not.toMatch(steering);
    }
    const [raw, escaped] = [await handgrad('sample', model, '--json'), await onTerminal('sample', model, '--json')];
    expect(JSON.parse(escaped)).toEqual(JSON.parse(raw.stdout));
    const notebook = ['notebook', '--names', words, '--hidden', '5', '--batch', '3'];
    expect(await onTerminal(...notebook)).not.toMatch(steering);
    const { itos } = JSON.parse((await handgrad(...notebook, '--json')).stdout);
    expect(JSON.parse(await onTerminal(...notebook, '--json')).itos).toEqual(itos);
  },
);
