import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { formatSafetensors, parameterNames, parseSafetensors } from '../../src/index.js';
import { fixture } from '../support/fixture.js';
import { handgrad, main, type Outcome, running } from './run.js';
import { few } from './words.js';

const { bundled: golden } = (await fixture<{ losses: { bundled: number[] } }>('exercise4.json')).losses;
const folder = mkdtempSync(join(tmpdir(), 'handgrad-train-'));
const path = (name: string) => join(folder, name);
const list = (name: string, words: string[]) => {
  writeFileSync(path(name), `${words.join('\n')}\n`);
  return path(name);
};
const words = list('words.txt', few);
const small = ['train', '--names', words, '--hidden', '7', '--embed', '3'];
/** Takes about a second, and writes about a hundred checkpoints. */
const long = [...small, '--hidden', '32', '--steps', '20000', '--checkpoint-every', '200', '--quiet'];
const failed = (code: number, stderr: RegExp) => ({ code, stdout: '', stderr: expect.stringMatching(stderr) });
const temporary = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

describe.concurrent('handgrad train', () => {
  test('prints the losses of the parts and ten names, and the notebook’s lines on stderr', async () => {
    const { code, stdout, stderr } = await handgrad(...small, '--steps', '20001');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(13);
    expect(lines.slice(0, 3).map((line) => line.replace(/\d+\.\d{4}$/, '#'))).toEqual(['train #', 'dev #', 'test #']);
    expect(stderr).toMatch(
      /^handgrad: note: the model will not be saved, for there is no --out\n {6}0\/ {2}20001: \d\.\d{4}\n {2}10000\/ {2}20001: \d\.\d{4}\n {2}20000\/ {2}20001: \d\.\d{4}\n$/,
    );
  });

  test('a training that keeps its model, or is quiet, has no note', async () => {
    const outcome = await handgrad(...small, '--steps', '50', '--out', path('kept.safetensors'));
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringMatching(/^ {6}0\/ {5}50: \d\.\d{4}\n$/) });
    expect((await handgrad('train', '--resume', path('kept.safetensors'), '--names', words)).stderr).toBe('');
  });

  test('--quiet leaves stderr empty and changes no number', async () => {
    const loud = await handgrad(...small, '--steps', '50');
    expect(await handgrad(...small, '--steps', '50', '--quiet')).toEqual({ ...loud, stderr: '' });
  });

  test('--json gives exercise 4’s losses and everything to reproduce them', async () => {
    // The rate falls half-way, after the 100 losses compared.
    const { code, stdout } = await handgrad('train', '--steps', '200', '--json');
    const report = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(report.configuration).toEqual({
      shuffleSeed: '42',
      seed: '2147483647',
      bnSeed: '42',
      batch: 32,
      block: 3,
      vocabulary: 27,
      embed: 10,
      hidden: 200,
      eps: 1e-5,
      dtype: 'float32',
      steps: 200,
      lr: 0.1,
      backward: 'fused',
      words: 'a311634f5113663f131a60cd0c76afb8420199991dbd9045773b8a2949ada835',
    });
    expect(report).toMatchObject({
      build: 'strict',
      parameterCount: 12297,
      sizes: { train: 183430, dev: 22953, test: 22818 },
      every10k: [report.firstLosses[0]],
    });
    expect(report.firstLosses).toHaveLength(100);
    const difference = Math.max(...golden.map((loss, step) => Math.abs(loss - report.firstLosses[step])));
    expect(difference).toBeLessThan(2e-4);
    expect(report.microsecondsPerStep).toBeGreaterThan(0);
    expect(Object.keys(report.loss)).toEqual(['train', 'dev', 'test']);
    expect(report.samples).toHaveLength(10);
  });

  test('every option changes what it names', async () => {
    const run = async (...options: string[]) => {
      const { stdout } = await handgrad(...small, '--steps', '100', '--json', '--quiet', ...options);
      return JSON.parse(stdout).loss.train as number;
    };
    const loss = await run();
    const others = await Promise.all(
      [
        ['--names', list('other.txt', [...few, 'zoe'])],
        ['--shuffle-seed', '43'],
        ['--seed', '-1'],
        ['--bn-seed', '1'],
        ['--hidden', '6'],
        ['--embed', '4'],
        ['--block', '2'],
        ['--batch', '8'],
        ['--eps', '1e5'],
        ['--dtype', 'float64'],
        ['--steps', '99'],
        ['--lr', '0.05'],
      ].map((options) => run(...options)),
    );
    expect(others.every(Number.isFinite)).toBe(true);
    expect(others.filter((other) => other === loss)).toEqual([]);
    for (const pass of ['stepwise', 'autograd']) expect(await run('--backward', pass)).toBeCloseTo(loss, 4);
  });

  test('--relaxed is the other build, or an engine without it is named', async () => {
    const { code, stdout, stderr } = await handgrad(...small, '--steps', '10', '--json', '--quiet', '--relaxed');
    if (code === 0) expect(JSON.parse(stdout).build).toBe('relaxed');
    else
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /^handgrad: --relaxed: expected an engine with relaxed SIMD, got Node\.js \d.*, or leave out --relaxed\n$/,
        ),
      });
  });

  test('a checkpoint of the other build is gone on with by that, or an engine without it is named', async () => {
    const out = path('relaxed.safetensors');
    await handgrad(...small, '--steps', '10', '--quiet', '--out', out);
    const { tensors, metadata } = parseSafetensors(readFileSync(out));
    writeFileSync(out, formatSafetensors(Object.fromEntries(tensors), { ...metadata, relaxed: 'true' }));
    const { code, stdout, stderr } = await handgrad('train', '--resume', out, '--names', words, '--json', '--quiet');
    if (code === 0) expect(JSON.parse(stdout).build).toBe('relaxed');
    else
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /^handgrad: .*relaxed\.safetensors: expected an engine with relaxed SIMD, with which it was begun, got Node\.js/,
        ),
      });
  });

  test('0 steps evaluate and save the drawn parameters', async () => {
    const { code, stdout } = await handgrad(...small, '--steps', '0', '--json', '--out', path('drawn.safetensors'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ firstLosses: [], every10k: [], microsecondsPerStep: null });
    expect(existsSync(path('drawn.safetensors'))).toBe(true);
  });

  test.each([
    [10, 10, 10],
    [200, 200, 20],
    [5500, 344, 20],
  ])(
    '--plot of %i steps has %i points of minibatches and %i of dev, the same each time',
    async (steps, points, dev) => {
      const plots = [path(`a${steps}.svg`), path(`b${steps}.svg`)];
      for (const plot of plots) await handgrad(...small, '--steps', `${steps}`, '--quiet', '--plot', plot);
      const [a, b] = plots.map((plot) => readFileSync(plot, 'utf8'));
      expect(a).toBe(b);
      expect(a).toContain(`<title>Loss while training: minibatches, ${points} values from `);
      expect(a).toContain(`; dev, ${dev} values from `);
      expect(a).not.toMatch(/NaN|Infinity|undefined/);
    },
  );

  test('--plot changes no number, and its last value of dev is about the loss that is printed', async () => {
    const options = [...small, '--steps', '60', '--json', '--quiet'];
    const out = path('plotted.safetensors');
    const plain = JSON.parse((await handgrad(...options)).stdout);
    const plotted = JSON.parse((await handgrad(...options, '--plot', path('dev.svg'), '--out', out)).stdout);
    expect({ ...plotted, microsecondsPerStep: 0 }).toEqual({ ...plain, microsecondsPerStep: 0 });
    const { shape, data } = parseSafetensors(readFileSync(out)).tensors.get('dev')!;
    expect(shape).toEqual([20, 2]);
    expect(data[38]).toBe(60);
    // Batch norm's statistics are those of a part of train.
    expect(Math.abs(data[39]! / plain.loss.dev - 1)).toBeLessThan(0.1);
  });

  test('the file holds nothing that differs between runs, and checkpoints do not change it', async () => {
    const files = [path('first.safetensors'), path('second.safetensors')];
    await handgrad(...small, '--steps', '700', '--quiet', '--out', files[0]!);
    await handgrad(...small, '--steps', '700', '--out', files[1]!, '--checkpoint-every', '13');
    const [first, second] = files.map((file) => readFileSync(file));
    expect(first!.equals(second!)).toBe(true);
    const { tensors, metadata } = parseSafetensors(first!);
    expect(new Set(tensors.keys())).toEqual(
      new Set([...parameterNames, 'bnmean', 'bnvar', 'generator', 'firstLosses', 'every10k', 'lossi']),
    );
    expect(metadata).toMatchObject({ step: '700', steps: '700', lr: '0.1', seed: '2147483647', hidden: '7' });
    expect(JSON.stringify(metadata)).not.toContain(folder);
  });
});

describe.concurrent('a training that is stopped', () => {
  const unbroken = (async () => {
    const [out, plot] = [path('unbroken.safetensors'), path('unbroken.svg')];
    const { stdout } = await handgrad(...long, '--out', out, '--plot', plot);
    return { bytes: readFileSync(out), plot: readFileSync(plot), stdout };
  })();

  async function finish(out: string): Promise<void> {
    const plot = `${out}.svg`;
    const { bytes, stdout, plot: curve } = await unbroken;
    const outcome = await handgrad('train', '--resume', out, '--names', words, '--quiet', '--plot', plot);
    expect(outcome).toEqual({ code: 0, stdout, stderr: '' });
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(readFileSync(plot).equals(curve)).toBe(true);
  }

  /** Starts the training and sends `signal` some time after the first checkpoint. */
  async function stopped(
    out: string,
    signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL',
    milliseconds: number,
  ): Promise<Outcome> {
    const { child, outcome } = running(...long, '--out', out, '--plot', `${out}.svg`);
    while (!existsSync(out) && child.exitCode === null) await delay(2);
    await delay(milliseconds);
    child.kill(signal);
    return outcome;
  }

  test.each([0, 37, 150, 333])('by SIGKILL %i ms after a checkpoint ends in the same bytes', async (milliseconds) => {
    const out = path(`killed-${milliseconds}.safetensors`);
    await stopped(out, 'SIGKILL', milliseconds);
    expect(parseSafetensors(readFileSync(out)).metadata.steps).toBe('20000');
    await finish(out);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s writes a checkpoint, says how to go on and ends in the same bytes', async (signal, code) => {
    const out = path(`${signal}.safetensors`);
    const plot = `${out}.svg`;
    const endless = [...long.slice(0, -1), '--checkpoint-every', '1000000', '--out', out, '--plot', plot];
    const { child, outcome } = running(...endless);
    child.stderr!.once('data', () => setTimeout(() => child.kill(signal), 20));
    const { stderr, ...rest } = await outcome;
    expect(rest).toEqual({ code, stdout: '' });
    const [, step, command] =
      /\nhandgrad: stopped after (\d+) of 20000 steps; go on with: (handgrad train .*)\n$/.exec(stderr) ?? [];
    expect(command).toBe(`handgrad train --resume ${out} --names ${words} --plot ${plot}`);
    expect(parseSafetensors(readFileSync(out)).metadata.step).toBe(step);
    await finish(out);
  });

  test('by Ctrl-C without --out says that nothing is saved', async () => {
    const { child, outcome } = running(...small, '--hidden', '64', '--steps', '10000000');
    child.stderr!.once('data', () => child.kill('SIGINT'));
    expect(await outcome).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/; nothing is saved, .* --out\n$/),
    });
  });

  test('leaves no temporary file, and those of others alone', async () => {
    const out = path('left.safetensors');
    const theirs = 'left.safetensors.01234567-89ab-cdef-0123-456789abcdef.tmp';
    writeFileSync(path(theirs), 'half');
    expect((await handgrad(...small, '--steps', '10', '--out', out)).code).toBe(0);
    expect(temporary().filter((name) => name.startsWith('left'))).toEqual([theirs]);
  });

  test('goes on twice, from one file to another, and once it is finished gives the same again', async () => {
    const { bytes, stdout } = await unbroken;
    const [first, second] = [path('here.safetensors'), path('there.safetensors')];
    await stopped(first, 'SIGINT', 0);
    const before = readFileSync(first);
    const goOn = ['train', '--resume', first, '--names', words, '--quiet', '--out', second, '--plot', `${second}.svg`];
    expect((await handgrad(...goOn)).code).toBe(0);
    expect(readFileSync(second).equals(bytes)).toBe(true);
    expect(readFileSync(first).equals(before)).toBe(true);
    expect((await handgrad('train', '--resume', second, '--names', words, '--quiet')).stdout).toBe(stdout);
    expect(readFileSync(second).equals(bytes)).toBe(true);
  });

  test.skipIf(process.platform === 'win32')(
    'by a disk that is full leaves the last whole checkpoint, and reports',
    async () => {
      const out = path('full.safetensors');
      await handgrad(...small, '--steps', '10', '--quiet', '--out', out);
      const before = readFileSync(out);
      // bash counts in units of 1,024 bytes, and other shells in 512.
      const limited = `ulimit -f ${Math.floor(before.length / 1024) - 2}; exec "$@"`;
      const args = ['-c', limited, 'bash', process.execPath, main, ...small, '--steps', '20', '--quiet', '--out', out];
      const outcome = await new Promise<Outcome>((resolve) => {
        execFile('bash', args, (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }));
      });
      expect(outcome.code).toBe(2);
      expect(outcome.stdout).toMatch(/^train \d/);
      expect(outcome.stderr).toMatch(/^handgrad: .*full\.safetensors: expected a file that can be written, got .*\n$/);
      expect(readFileSync(out).equals(before)).toBe(true);
      expect(temporary().filter((name) => name.startsWith('full'))).toEqual([]);
    },
  );

  test('a folder that is gone costs the curve, not the report', async () => {
    const gone = path('gone');
    mkdirSync(gone);
    const training = running(...small, '--steps', '30000', '--plot', join(gone, 'loss.svg'));
    // Progress says that the command has seen that the curve can be written.
    await new Promise((resolve) => training.child.stderr!.once('data', resolve));
    rmdirSync(gone);
    const { code, stdout, stderr } = await training.outcome;
    expect(code).toBe(2);
    expect(stdout).toMatch(/^train \d/);
    expect(stderr).toMatch(/\nhandgrad: .*loss\.svg: expected a file that can.*\n$/);
  });

  test('by a rate too large says where, why, what is left, and exits with 1', async () => {
    const out = path('diverged.safetensors');
    const wild = [...small, '--lr', '1e30', '--steps', '50', '--quiet'];
    const outcome = await handgrad(...wild, '--out', out, '--checkpoint-every', '1');
    expect(outcome).toEqual(
      failed(
        1,
        /^handgrad: diverged at step \d+: expected .*rate, 1e\+30, is too large: .*\(--lr\); last good checkpoint: /,
      ),
    );
    expect((await handgrad(...wild)).stderr).toMatch(/last good checkpoint: none\n$/);
  });
});

describe.concurrent('handgrad train refuses', () => {
  const begun = (async () => {
    const out = path('begun.safetensors');
    await handgrad(...small, '--steps', '10', '--quiet', '--out', out);
    return out;
  })();

  test.each([
    ['--steps', '-1'],
    ['--steps', '1.5'],
    ['--steps', '1e5'],
    ['--lr', 'nan'],
    ['--lr', '-0.1'],
    ['--lr', 'Infinity'],
    ['--lr', '0x10'],
    ['--lr', ' 5'],
    ['--lr', '1e999'],
    ['--eps', '-0'],
    ['--batch', '1'],
    ['--hidden', '0'],
    ['--eps', '-1'],
    ['--dtype', 'int8'],
    ['--backward', 'magic'],
    ['--checkpoint-every', '0'],
    ['--seed', 'x'],
    ['--bogus', '1'],
  ])('%s %s', async (option, value) => {
    expect(await handgrad('train', option, value)).toEqual(failed(2, new RegExp(`^error: .*${option}.*\n$`)));
  });

  test('an --out or --plot that can’t be written, before a step', async () => {
    // So many steps that the test would not end in time if a training began.
    const steps = ['--steps', '100000000'];
    for (const option of ['--out', '--plot']) {
      const run = (to: string) => handgrad(...small, ...steps, option, to);
      expect(await run(path('none/m'))).toEqual(
        failed(2, /none\/m: expected a file .* no such file or folder \(ENOENT\)\n$/),
      );
      expect(await run(folder)).toEqual(failed(2, /expected a file that can be written, got a folder\n$/));
      expect(await run(join(words, 'm'))).toEqual(failed(2, /not a folder \(ENOTDIR\)\n$/));
    }
    if (process.getuid?.() !== 0) {
      mkdirSync(path('locked'));
      chmodSync(path('locked'), 0o500);
      expect(await handgrad(...small, ...steps, '--out', path('locked/m'))).toEqual(failed(2, /EACCES/));
    }
  });

  test('an --out that would replace the words, or what --plot writes', async () => {
    const message = /expected a file of its own, got one in use\n$/;
    expect(await handgrad(...small, '--out', words)).toEqual(failed(2, message));
    expect(await handgrad(...small, '--out', path('one'), '--plot', join(folder, '.', 'one'))).toEqual(
      failed(2, message),
    );
    expect(readFileSync(words, 'utf8')).toBe(`${few.join('\n')}\n`);
  });

  test.each([
    ['--hidden', '8', '7'],
    ['--embed', '4', '3'],
    ['--block', '2', '3'],
    ['--batch', '8', '32'],
    ['--eps', '0.1', '0.00001'],
    ['--dtype', 'float64', 'float32'],
    ['--seed', '1', '2147483647'],
    ['--bn-seed', '1', '42'],
    ['--shuffle-seed', '1', '42'],
    ['--steps', '11', '10'],
    ['--lr', '0.2', '0.1'],
    ['--backward', 'stepwise', 'fused'],
  ])('to go on with another %s', async (option, value, was) => {
    const outcome = await handgrad('train', '--resume', await begun, '--names', words, option, value);
    expect(outcome).toEqual(
      failed(2, new RegExp(`begun\\.safetensors: expected ${option} ${was}, with which it was begun, got ${value}\n$`)),
    );
  });

  test('to go on with other words, naming --names', async () => {
    const other = list('swapped.txt', [few[1]!, few[0]!, ...few.slice(2)]);
    for (const names of [[], ['--names', other]]) {
      const outcome = await handgrad('train', '--resume', await begun, ...names);
      expect(outcome).toEqual(
        failed(2, /begun\.safetensors: expected --names with the words it was begun with \(SHA-256 /),
      );
    }
  });

  test('a file that is missing, damaged, foreign or of no training', async () => {
    const whole = readFileSync(await begun);
    const { tensors, metadata } = parseSafetensors(whole);
    const file = (name: string, bytes: Uint8Array) => {
      writeFileSync(path(name), bytes);
      return path(name);
    };
    const { generator: _, ...others } = Object.fromEntries(tensors);
    const { step, ...texts } = metadata;
    const damaged = new Int32Array(tensors.get('generator')!.data);
    damaged[2] = 5;
    const cases: [string, RegExp][] = [
      [path('missing'), /no such file/],
      [file('cut', whole.subarray(0, 3000)), /cut: /],
      [file('foreign', formatSafetensors({ C: tensors.get('C')! })), /foreign: expected a model that handgrad saved/],
      [file('stateless', formatSafetensors(others, metadata)), /stateless: expected a tensor generator, got none\n$/],
      [file('stepless', formatSafetensors(Object.fromEntries(tensors), texts)), /stepless: .* "step", got none/],
      [file('untrained', formatSafetensors(others, texts)), /untrained: expected a checkpoint .* got no step\n$/],
      [
        file('late', formatSafetensors(Object.fromEntries(tensors), { ...texts, step: '11' })),
        /late: .* step from 0 to 10, got 11/,
      ],
      [file('nostart', formatSafetensors(Object.fromEntries(tensors), { ...metadata, lr: 'x' })), /nostart: lr: .*"x"/],
      [
        file(
          'state',
          formatSafetensors({ ...others, generator: { dtype: 'int32', shape: [1264], data: damaged } }, metadata),
        ),
        /state: generator: bytes: expected a count of words left of \d+, got 5\n$/,
      ],
      [
        file('losses', formatSafetensors({ ...Object.fromEntries(tensors), lossi: tensors.get('C')! }, metadata)),
        /losses: .* lossi of 10 /,
      ],
    ];
    for (const [resume, message] of cases) {
      expect(await handgrad('train', '--resume', resume, '--names', words)).toEqual(failed(2, message));
    }
  });
});

describe.concurrent('handgrad evaluate and sample', () => {
  const trained = (async () => {
    const out = path('trained.safetensors');
    const { stdout } = await handgrad(...small, '--steps', '3000', '--shuffle-seed', '7', '--quiet', '--out', out);
    return { out, lines: stdout.trimEnd().split('\n') };
  })();

  test('evaluate repeats the losses of the training, from the file and the words alone', async () => {
    const { out, lines } = await trained;
    const outcome = await handgrad('evaluate', out, '--names', words);
    expect(outcome).toEqual({ code: 0, stdout: `${lines.slice(0, 3).join('\n')}\n`, stderr: '' });
    const { stdout } = await handgrad('evaluate', out, '--names', words, '--json');
    const report = JSON.parse(stdout);
    expect(report.loss.train.toFixed(4)).toBe(lines[0]!.slice('train '.length));
    expect(report).toMatchObject({ sizes: { train: expect.any(Number) }, calibrated: true });
  });

  test('evaluate says so when the words are others, and refuses characters unknown', async () => {
    const { out } = await trained;
    const other = await handgrad('evaluate', out, '--names', list('fewer.txt', few.slice(0, 10)));
    expect(other).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/not the word list of the training .*--names/),
    });
    const unknown = await handgrad('evaluate', out, '--names', list('unknown.txt', [...few, 'Zoé']));
    expect(unknown).toEqual(
      failed(2, /^handgrad: \S+trained\S+: expected --names with the words of its training, .* "Z" in "Zoé"\n$/),
    );
  });

  test('evaluate calibrates a training that has not ended; sample says how to go on', async () => {
    const out = path('half.safetensors');
    const { child, outcome } = running(...long, '--out', out);
    while (!existsSync(out) && child.exitCode === null) await delay(2);
    child.kill('SIGINT');
    await outcome;
    expect(await handgrad('evaluate', out, '--names', words)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^train \d\.\d{4}\ndev \d\.\d{4}\ntest \d\.\d{4}\n$/),
    });
    expect(await handgrad('sample', out)).toEqual(
      failed(2, /go on with: handgrad train --resume .*half\.safetensors\n$/),
    );
  });

  test('sample prints a word a line, as the training did', async () => {
    const { out, lines } = await trained;
    const { code, stdout } = await handgrad('sample', out, '--count', '10');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, -1)).toEqual(lines.slice(3));
    expect((await handgrad('sample', out)).stdout.split('\n')).toHaveLength(21);
    const json = await handgrad('sample', out, '--count', '10', '--json');
    expect(JSON.parse(json.stdout)).toEqual(lines.slice(3));
  });

  test('sample: seed, temperature, prompt and length', async () => {
    const { out } = await trained;
    const run = async (...options: string[]) =>
      (await handgrad('sample', out, '--count', '5', ...options)).stdout.trimEnd().split('\n');
    const plain = await run();
    expect(await run('--seed', '2147483657')).toEqual(plain);
    expect(await run('--seed', '1')).not.toEqual(plain);
    expect(await run('--temperature', '3')).not.toEqual(plain);
    expect(new Set(await run('--temperature', '0')).size).toBe(1);
    expect((await run('--prompt', 'ma')).every((word) => word.startsWith('ma'))).toBe(true);
    expect((await run('--max-length', '2')).every((word) => word.length <= 2)).toBe(true);
  });

  test.each([
    [['--count', '-1'], /^error: .*--count/],
    [['--temperature', '-1'], /^error: .*--temperature/],
    [['--seed', '1.5'], /^error: .*--seed/],
    [['--prompt', 'É'], /^handgrad: prompt: expected characters of .* got "É" in "É"\n$/],
  ])('sample refuses %j', async (options, message) => {
    expect(await handgrad('sample', (await trained).out, ...options)).toEqual(failed(2, message));
  });

  test.each(['evaluate', 'sample'])('%s refuses no file, a missing and a foreign one', async (command) => {
    expect(await handgrad(command)).toEqual(failed(2, /missing required argument/));
    expect(await handgrad(command, path('absent'))).toEqual(failed(2, /absent: .*no such file/));
    expect(await handgrad(command, words)).toEqual(failed(2, /words\.txt: /));
  });

  test('the model is tens of kilobytes at most', async () => {
    expect(statSync((await trained).out).size).toBeLessThan(20_000);
  });
});
