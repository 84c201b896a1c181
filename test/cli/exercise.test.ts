// `handgrad exercise` as a user runs it.

import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Language, proofFile, pythonCell } from '../../src/cli/exerciseFiles.js';
import { operationByOperation as steps } from '../../src/lesson/exercises.js';
import { handgrad, running } from './run.js';

const root = mkdtempSync(join(tmpdir(), 'handgrad-exercise-'));
afterAll(() => rmSync(root, { recursive: true }));

/** The text of a file with `lines` below the heading of the gradient at this place. */
function written(text: string, at: number, lines: string): string {
  const end = text.indexOf('\n\n', text.indexOf(`${at + 1} of 26: `)) + 1;
  return `${text.slice(0, end)}${lines}${text.slice(end)}`;
}

/** The text with the solutions of some of the steps. */
function solved(text: string, language: Language, from = 0, to = steps.length): string {
  return steps.slice(from, to).reduce((all, step, i) => written(all, from + i, step[language]), text);
}

const files = {
  python: { name: 'backward.py', text: pythonCell() },
  typescript: { name: 'backward.mjs', text: proofFile('javascript') },
} as const;

/** Makes a socket, which stays as long as this process. */
const listenAt = (path: string) => new Promise<void>((done) => createServer().unref().listen(path, done));

/** Waits until something is so, for half a minute at most. */
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 30_000, interval: 50 });

/** A folder with one of the files. */
function folderWith(name: string, file: string, text: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), text);
  return folder;
}

describe.concurrent('handgrad exercise', () => {
  test('writes a cell and a proof, and never again', async () => {
    const folder = join(root, 'new');
    const first = await handgrad('exercise', folder);
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toMatch(/wrote .*backward\.py\n.*wrote .*backward\.mjs\n.*--watch\n$/);
    expect(readdirSync(folder).sort()).toEqual(['backward.mjs', 'backward.py']);
    rmSync(join(folder, 'backward.py'));
    const text = readFileSync(join(folder, 'backward.mjs'), 'utf8');
    const second = await handgrad('exercise', folder);
    expect(second).toMatchObject({ code: 1, stderr: '' });
    expect(second.stdout).toContain('\n0 of 26 are right.\nNext: dlogprobs. logprobs is used in\n');
    expect(readdirSync(folder)).toEqual(['backward.mjs']);
    expect(readFileSync(join(folder, 'backward.mjs'), 'utf8')).toBe(text);
  });

  test('writes into a folder that has other files, and leaves them', async () => {
    const folder = folderWith('other', 'notes.txt', 'mine');
    expect(await handgrad('exercise', folder)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('a list of words and an epsilon stay with it', { timeout: 60_000 }, async () => {
    const [folder, list] = [join(root, 'kept'), join(root, 'words.txt')];
    const words = Array.from({ length: 40 }, (_, i) => `n${'äöü'[i % 3]}a${'bcde'[i % 4]}`);
    writeFileSync(list, `${words.join('\n')}\n`);
    const first = await handgrad('exercise', folder, '--names', list, '--eps', '1e5');
    expect(first).toMatchObject({ code: 0, stdout: '' });
    const given = ['backward.mjs', 'backward.py', 'exercise-names.txt', 'exercise.json'];
    expect(readdirSync(folder).sort()).toEqual(given);
    rmSync(list);
    const cell = readFileSync(join(folder, 'backward.py'), 'utf8');
    expect(cell).toContain('eps = 100000.0');
    const text = readFileSync(join(folder, 'backward.mjs'), 'utf8');
    // n, three letters of another language, a, four more, and the end of a word.
    expect(text).toContain('parameter(hg, [10, 10], 1)');
    expect(text).toContain('eps: 100000.0,');
    writeFileSync(join(folder, 'backward.py'), written(solved(cell, 'python'), 25, 'print(vocab_size)'));
    writeFileSync(join(folder, 'backward.mjs'), solved(text, 'typescript'));
    for (const more of [[], ['--eps', '100000']]) {
      const later = await handgrad('exercise', folder, ...more);
      expect(later).toMatchObject({ code: 0, stderr: '10\n' });
      expect(later.stdout.match(/All 26 are right/g)).toHaveLength(2);
    }
    const watched = await handgrad('exercise', folder, '--watch');
    expect(watched).toMatchObject({ code: 0, stderr: '10\n' });

    const otherEps = await handgrad('exercise', folder, '--eps', '1e-5');
    expect(otherEps).toMatchObject({ code: 2, stdout: '' });
    expect(otherEps.stderr).toMatch(/kept: expected --eps 100000, with which it was begun, got 0.00001\n$/);
    writeFileSync(list, `${words.toReversed().join('\n')}\n`);
    const otherWords = await handgrad('exercise', folder, '--names', list);
    expect(otherWords).toMatchObject({ code: 2, stdout: '' });
    expect(otherWords.stderr).toMatch(/kept: expected the --names with which it was begun, got other words\n$/);
    // Files that are written anew are of the same exercise.
    for (const name of ['backward.py', 'backward.mjs']) rmSync(join(folder, name));
    expect(await handgrad('exercise', folder)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'backward.py'), 'utf8')).toBe(cell);
    writeFileSync(join(folder, 'exercise.json'), '{');
    expect(await handgrad('exercise', folder)).toMatchObject({ code: 2, stdout: '' });
  });

  test.each([
    ['--names', 'absent.txt', /absent\.txt/],
    ['--names', 'short.txt', /expected/],
    ['--eps', '-1', /Expected a finite number of at least 0/],
  ])('%s %s, of which nothing can be begun, writes nothing', async (option, value, message) => {
    writeFileSync(join(root, 'short.txt'), 'a\n');
    const folder = join(root, 'nothing');
    const { code, stderr } = await handgrad(
      'exercise',
      folder,
      option,
      option === '--names' ? join(root, value) : value,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(readdirSync(root)).not.toContain('nothing');
  });

  test('an exercise that was begun with the usual ones takes no others', async () => {
    const folder = folderWith('usual', 'backward.py', pythonCell());
    const { code, stderr } = await handgrad('exercise', folder, '--eps', '1e5');
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected --eps 0.00001, with which it was begun, got 100000\n$/);
  });

  describe.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a character device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a socket', listenAt],
  ] as const)('refuses %s', (kind, make) => {
    test.each(['backward.py', 'backward.mjs', 'exercise.json'])('in the place of %s, at once', async (name) => {
      const folder = join(root, `${kind.slice(2)} ${name}`);
      mkdirSync(folder);
      // A path of a socket is short.
      const [place, real] = [join(folder, name), join(root, kind.slice(2, 6) + name.slice(-2))];
      await make(real);
      symlinkSync(real, place);
      for (const watch of [[], ['--watch']]) {
        expect(await handgrad('exercise', folder, ...watch)).toEqual({
          code: 2,
          stdout: '',
          stderr: `handgrad: ${place}: expected a file that can be read, got ${kind}\n`,
        });
      }
    });
  });

  test('a file that becomes a FIFO ends a watch', async () => {
    const folder = folderWith('becomes', 'backward.py', pythonCell());
    const { child, outcome } = running('exercise', folder, '--watch');
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    rmSync(join(folder, 'backward.py'));
    execFileSync('mkfifo', [join(folder, 'backward.py')]);
    expect(await outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('got a FIFO') });
  });

  test.each([
    ['name', 'EEXIST|ENOTDIR'],
    ['absent/folder', 'ENOENT'],
  ])('%s, where no folder can be, is refused', async (name, reason) => {
    const path = join(folderWith('taken', 'name', ''), name);
    const { code, stderr } = await handgrad('exercise', path);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`^handgrad: .*: expected a folder that files can be written to, got (${reason}): .*\\n$`),
    );
  });

  test.each([
    ['dcounts', 1, /two ways back[\s\S]*--hint dcounts:2\n$/],
    ['dcounts:2', 2, /meets \[B, 1\][\s\S]*--hint dcounts:3\n$/],
    ['dcounts:3', 3, /\n\ndcounts = ____ \* dprobs\ndcounts \+= .*____\n$/],
  ])('--hint %s prints hint %s of three', async (name, level, text) => {
    const { code, stdout, stderr } = await handgrad('exercise', '--hint', name);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`hint ${level} of 3`);
    expect(stdout).toMatch(text);
  });

  test.each([
    ['--hint', 'counts', /got "counts"; the nearest is dcounts/],
    ['--hint', 'dcounts:4', /Expected a hint from 1 to 3, as in dcounts:3, got "dcounts:4"\./],
    ['--hint', 'dcounts:', /Expected a hint from 1 to 3/],
    ['--hint', 'dcuonts:9', /got "dcuonts"; the nearest is dcounts\./],
    ['--skip', 'dprobs,dx', /got "dx"/],
    ['--timeout', '0', /--timeout/],
  ])('%s %s is refused', async (option, value, message) => {
    const { code, stderr } = await handgrad('exercise', option, value);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe.concurrent.each(Object.entries(files))('in %s', (key, { name, text }) => {
  const language = key as Language;
  const folder = (title: string, content: string) => folderWith(`${language}-${title}`, name, content);

  test('all solutions are exact, and exit with 0', async () => {
    const { code, stdout, stderr } = await handgrad('exercise', folder('solved', solved(text, language)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout.split('\n').filter((line) => line.startsWith('  '));
    expect(rows.map((row) => row.trim().replaceAll(/ +/g, ' '))).toEqual(steps.map((step) => `${step.name} exact`));
    expect(stdout).toMatch(/\nAll 26 are right\.\n$/);
  });

  test('some of them are judged, and say what is next', async () => {
    const { code, stdout } = await handgrad('exercise', folder('begun', solved(text, language, 0, 4)));
    expect(code).toBe(1);
    expect(stdout).toMatch(/dcounts_sum {5}exact\n4 of 26 are right\.\nNext: dcounts\. counts is used in\n/);
  });

  test('what they print goes to stderr', async () => {
    const prints = { python: 'print(dprobs.shape)', typescript: 'console.log(d.probs.shape);' };
    const place = folder('prints', written(solved(text, language, 0, 2), 2, prints[language]));
    const { stdout, stderr } = await handgrad('exercise', place);
    expect(stdout).toMatch(/dprobs {10}exact\n2 of 26 are right\./);
    expect(stderr).toMatch(language === 'python' ? /^torch\.Size\(\[32, 27\]\)\n$/ : /^(\[ 32, 27 \]\n)+$/);
  });

  test('what reads a gradient that is not there ends it, unless that is skipped', async () => {
    const gap = folder('gap', solved(solved(text, language, 0, 4), language, 5, 9));
    const stopped = await handgrad('exercise', gap);
    expect(stopped.code).toBe(1);
    expect(stopped.stdout).toMatch(/stopped: .*dcounts.*\n4 of 26 are right\.\n/);
    const skipped = await handgrad('exercise', gap, '--skip', 'dcounts');
    expect(skipped.code).toBe(1);
    expect(skipped.stdout).toMatch(/dh {14}exact\n8 of 26 are right; skipped: dcounts\.\nNext: dW2\./);
  });

  test('a mistake is named, and what follows from it is not blamed', async () => {
    const wrong = {
      python: 'dcounts = counts_sum_inv * dprobs',
      typescript: 'd.counts = t.counts_sum_inv.mul(d.probs);',
    };
    const start = solved(solved(text, language, 0, 4), language, 5, 6);
    const place = folder('wrong', written(start, 4, wrong[language]));
    const { code, stdout } = await handgrad('exercise', place);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /dcounts {9}wrong\n {6}the branch through counts_sum is missing\n {6}at \[\d+, \d+\]: \S+, expected/,
    );
    expect(stdout).toMatch(/dnorm_logits {4}inherited\n/);
    expect(stdout).toContain('Next: dcounts.');
    // What is written counts, though it is skipped.
    const skipped = await handgrad('exercise', place, '--skip', 'dcounts');
    expect(skipped.stdout).toMatch(/dcounts {9}wrong\n[\s\S]*dnorm_logits {4}inherited\n[\s\S]*Next: dnorm_logits\./);
  });

  test('an error in a line ends it there', async () => {
    const lines = { python: 'dcounts = W1 @ dprobs', typescript: 'd.counts = t.W1.matmul(d.probs);' };
    const { code, stdout } = await handgrad(
      'exercise',
      folder('stops', written(solved(text, language, 0, 4), 4, lines[language])),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/stopped: .*\(line \d+\)\n4 of 26 are right\./);
  });

  test('all solutions with an error behind them are not the end', async () => {
    const last = { python: 'demb @ demb', typescript: 'd.emb.matmul(d.emb);' };
    const lines = `${steps[25]![language]}\n${last[language]}`;
    const place = folder('behind', written(solved(text, language, 0, 25), 25, lines));
    const { code, stdout } = await handgrad('exercise', place);
    expect(code).toBe(1);
    expect(stdout).toMatch(/stopped: .*\(line \d+\)\n26 of 26 are right\.\n$/);
  });

  test('what cannot be read is said, with what stands before it in Python', async () => {
    const { code, stdout, stderr } = await handgrad('exercise', folder('broken', `${solved(text, language, 0, 2)}\n)`));
    if (language === 'python') {
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toMatch(/stopped: .*\(line \d+\)\n2 of 26 are right\./);
    } else {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^handgrad: .*backward\.mjs: .*\n$/);
    }
  });

  test('--watch judges at each save, keeps what is solved, and ends when all are right', {
    timeout: 180_000,
  }, async () => {
    const watched = folder('watched', solved(text, language, 0, 2));
    const { child, outcome } = running('exercise', watched, '--watch');
    let [out, err] = ['', ''];
    child.stdout!.on('data', (more) => (out += more));
    child.stderr!.on('data', (more) => (err += more));
    const save = (content: string) => writeFileSync(join(watched, name), content);
    await until(() => out.includes('2 of 26 are right.\nNext: dcounts_sum_inv.'));
    save(`${text}\n)`);
    await until(() => err.includes('backward') || out.includes('stopped: '));
    expect(out).not.toMatch(/[01] of 26/);
    // As editors do that write beside a file and then put it in its place.
    writeFileSync(join(watched, 'saved'), solved(text, language, 0, 3));
    renameSync(join(watched, 'saved'), join(watched, name));
    await until(() => out.includes('3 of 26 are right.\nNext: dcounts_sum.'));
    child.stdin!.write('hint\nHint\n');
    await until(() => out.includes('dcounts_sum, hint 1 of 3') && out.includes('dcounts_sum, hint 2 of 3'));
    // Typed twice before the next one is known, it counts once.
    child.stdin!.write('skip\nskip\n');
    await until(() => out.includes('3 of 26 are right; skipped: dcounts_sum.\nNext: dcounts. counts is used in'));
    child.stdin!.write('help\n');
    await until(() => out.includes('hint gives a hint on the next gradient'));
    save(solved(text, language));
    const { code, stdout } = await outcome;
    expect(code).toBe(0);
    expect(stdout).toMatch(/All 26 are right\.\n$/);
    expect(stdout.match(/dlogprobs {7}exact/g)).toHaveLength(1);
  });
});

describe('the files', () => {
  test('have the forward pass, and room for each gradient in the order of the exercise', () => {
    for (const text of [pythonCell(), proofFile('javascript'), proofFile('typescript')]) {
      const places = steps.map(({ of }, at) => text.search(new RegExp(`${at + 1} of 26: d\\.?${of}, of shape`)));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places[0]).toBeGreaterThan(text.indexOf('logprobs'));
      expect(text.split('\n').filter((line) => line.length > 125 || /\s$/.test(line))).toEqual([]);
    }
  });

  test('in TypeScript have no errors of types, before and after', async () => {
    // Inside the package, so that its name leads to its declarations.
    const folder = fileURLToPath(new URL('../../build/exercise/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'before.ts'), proofFile('typescript'));
    writeFileSync(join(folder, 'after.ts'), solved(proofFile('typescript'), 'typescript'));
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', ''];
    const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
    const run = promisify(execFile)(
      process.execPath,
      [tsc, ...options, '--skipLibCheck', '--ignoreConfig', 'before.ts', 'after.ts'],
      {
        cwd: folder,
      },
    );
    expect((await run.catch((error) => error)).stdout).toBe('');
  });
});
