// No command writes over what it reads, nor one output over another.

import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkOutputs, fileOfNames } from '../../src/cli/outputs.js';
import { FileError, formatSafetensors, parseSafetensors } from '../../src/index.js';
import { handgrad, main, running, shell } from './run.js';
import { smallTraining } from './words.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-outputs-'));
const { words, small } = smallTraining(folder);
const path = (name: string) => join(folder, name);
const entries = () => (readdirSync(folder, { recursive: true }) as string[]).sort();
const checkpoint = path('checkpoint.safetensors');
const parameters = path('parameters.safetensors');
const odd = path('ö w.txt');
const notebook = ['notebook', '--hidden', '5', '--embed', '3', '--batch', '7'];

beforeAll(async () => {
  mkdirSync(path('d/e'), { recursive: true });
  symlinkSync(folder, path('d/back'));
  symlinkSync(words, path('link'));
  symlinkSync('link', path('link-to-link'));
  linkSync(words, path('hard'));
  symlinkSync('absent', path('dangling'));
  symlinkSync('d/../absent', path('dangling-too'));
  writeFileSync(odd, readFileSync(words));
  await handgrad(...small, '--steps', '10', '--quiet', '--out', checkpoint);
  await handgrad(...notebook, '--names', words, '--dump', parameters);
});
afterAll(() => rmSync(folder, { recursive: true }));

const used = {
  code: 2,
  stdout: '',
  stderr: expect.stringMatching(/^handgrad: .*: expected a file of its own, got one in use\n$/),
};
const [train, resume] = [
  [...small, '--steps', '10', '--quiet'],
  ['train', '--names', words, '--quiet', '--resume', checkpoint],
];

describe('a file in use is not written:', () => {
  test.concurrent.each<[string, string[]]>([
    ['the words, by their address', [...train, '--names', pathToFileURL(words).href, '--out', words]],
    ['by an address with escapes', [...train, '--names', pathToFileURL(odd).href, '--out', odd]],
    ['by an address in capitals', [...train, '--names', words.replace(/^/, 'FILE://'), '--plot', words]],
    ['in another spelling', [...train, '--out', path('./d/../words.txt')]],
    ['from here', [...train, '--out', relative(process.cwd(), words)]],
    ['with slashes doubled', [...train, '--out', words.replaceAll('/', '//')]],
    ['through a link to the folder', [...train, '--out', path('d/back/words.txt')]],
    ['through a link', [...train, '--out', path('link')]],
    ['through two', [...train, '--plot', path('link-to-link')]],
    ['under another name', [...train, '--out', path('hard')]],
    ['the other way round', [...train, '--names', path('hard'), '--out', path('link')]],
    ['by the notebook', [...notebook, '--names', words, '--dump', words]],
    ['by the notebook, by address', [...notebook, '--names', pathToFileURL(words).href, '--dump', path('hard')]],
    [
      'the parameters',
      [...notebook, '--names', words, '--params', parameters, '--dump', path('d/../parameters.safetensors')],
    ],
    ['the bundled words', [...notebook, '--dump', join(main, '../../../names.txt')]],
    ['the checkpoint, by the plot', [...resume, '--out', path('other'), '--plot', checkpoint]],
    ['the checkpoint, by the plot alone', [...resume, '--plot', path('d/back/checkpoint.safetensors')]],
    ['the words, going on', [...resume, '--out', path('link')]],
    ['one output by the other', [...train, '--out', path('new'), '--plot', path('d/e/../../new')]],
    ['one by the other through a folder', [...train, '--out', path('new'), '--plot', path('d/back/new')]],
    ['one by the other, behind a dangling link', [...train, '--out', path('dangling'), '--plot', path('absent')]],
    ['the other way round too', [...train, '--out', path('absent'), '--plot', path('dangling')]],
    ['and behind two', [...train, '--out', path('dangling'), '--plot', path('dangling-too')]],
  ])('%s', async (_, args) => {
    const before = entries();
    expect(await handgrad(...args)).toEqual(used);
    expect(entries().filter((name) => !before.includes(name) && !name.endsWith('.tmp'))).toEqual([]);
  });

  test.each(['"$@" >"$OUT"', '"$@" 2>"$OUT"'])('that of a stream, as in %s', async (script) => {
    const out = path('stream');
    const { code } = await shell(script.replaceAll('$OUT', out), ...train, '--out', out);
    expect(code).toBe(2);
    expect(readFileSync(out, 'utf8')).not.toContain('bnmean');
  });

  test('and is as it was', () => {
    expect(readFileSync(words, 'utf8')).toMatch(/^emma\n/);
    expect(readFileSync(odd, 'utf8')).toMatch(/^emma\n/);
    expect(parseSafetensors(readFileSync(checkpoint)).metadata.step).toBe('10');
    expect(parseSafetensors(readFileSync(parameters)).tensors.has('C')).toBe(true);
    expect(entries().filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('an output is not called as something else is:', () => {
  const page = path('page.html');
  const curve = path('curve.svg');
  const tensors = path('tensors.safetensors');
  const proof = path('proof.mjs');
  const commands = (report: string, plot: string, dump: string) => [
    ['check', proof, '--report', report],
    ['compare', parameters, parameters, '--report', report],
    [...train, '--plot', plot],
    [...train, '--out', dump],
    [...notebook, '--names', words, '--dump', dump],
  ];

  beforeAll(() => {
    writeFileSync(proof, "import './imported.mjs';\n");
    writeFileSync(path('imported.mjs'), 'throw new Error("never loaded");\n');
  });

  test('each may be written twice, and over another file', async () => {
    await handgrad('check', '--init', path('example.mjs'));
    const twice = commands(page, curve, tensors).map((args) =>
      args.map((arg) => (arg === proof ? path('example.mjs') : arg)),
    );
    for (const name of [page, curve, tensors]) writeFileSync(name, 'other');
    for (const args of [...twice, ...twice]) expect(await handgrad(...args)).toMatchObject({ code: 0 });
  });

  test.each(['imported.mjs', 'm.ts', 'c.cjs', 'cell.py', 'W.TXT', 'loss.json'])(
    'a name such as %s is none',
    async (name) => {
      for (const args of commands(path(name), path(name), path(name))) {
        const { code, stderr } = await handgrad(...args);
        expect({ code, stderr }).toEqual({
          code: 2,
          stderr: expect.stringMatching(
            /: expected a name that ends in \.(html|svg|safetensors), got one that ends in \.\w+\n$/,
          ),
        });
      }
      expect(readFileSync(path('imported.mjs'), 'utf8')).toContain('never loaded');
    },
  );

  test('nor is the ending of another output', async () => {
    for (const args of commands(path('a.svg'), path('a.safetensors'), path('a.HTM'))) {
      expect((await handgrad(...args)).stderr).toMatch(/expected a name that ends in/);
    }
  });
});

test('a training goes on in its own file, also where it is named', async () => {
  const own = path('resumed.safetensors');
  writeFileSync(own, readFileSync(checkpoint));
  for (const out of [[], ['--out', own], ['--out', path('d/../resumed.safetensors')]]) {
    const outcome = await handgrad('train', '--names', words, '--quiet', '--resume', own, ...out);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  }
});

test('a plot through a dangling link comes where the link leads', async () => {
  symlinkSync('d/curve.svg', path('curve'));
  expect(await handgrad(...train, '--plot', path('curve'))).toMatchObject({ code: 0 });
  expect(readFileSync(path('d/curve.svg'), 'utf8')).toMatch(/^<svg/);
});

test.each(['absent/x', 'd', 'words.txt/x', ''])('an output at "%s" is refused before the work', async (name) => {
  const out = name === '' ? '' : path(name);
  // Steps without end, and passes beyond memory: neither is begun.
  for (const args of [
    [...train, '--steps', '100000000', '--out', out],
    [...train, '--steps', '100000000', '--out', path('fine'), '--plot', out],
    [...notebook, '--names', words, '--hidden', '1000000000', '--dump', out],
  ]) {
    const { code, stderr } = await handgrad(...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^handgrad: .*: expected a (file|path)/),
    });
  }
  expect(existsSync(path('fine'))).toBe(false);
});

test('what is no file is none of an input', () => {
  expect(fileOfNames('https://example.org/w')).toBeUndefined();
  expect(fileOfNames('DATA:,a')).toBeUndefined();
  expect(fileOfNames('file:///%2f')).toBeUndefined();
  expect(fileOfNames('w.txt')).toBe('w.txt');
  expect(fileOfNames(undefined)).toMatch(/names\.txt$/);
});

test('where case does not count, names that differ in it are one', async () => {
  const check = () =>
    checkOutputs(
      [
        { path: path('Model'), kind: 'tensors' },
        { path: path('mODEL'), kind: 'tensors' },
      ],
      [],
    );
  writeFileSync(path('probe'), '');
  if (existsSync(path('PROBE'))) await expect(check()).rejects.toThrow(FileError);
  else await check();
  expect(entries().filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

describe.concurrent('two trainings with one --out', () => {
  test('both end well, and the file is whole and of one of them', async () => {
    const out = path('both.safetensors');
    const args = [...small, '--steps', '3000', '--checkpoint-every', '10', '--quiet', '--out', out];
    const outcomes = await Promise.all(['1', '2', '3'].map((seed) => handgrad(...args, '--seed', seed)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const { metadata, tensors } = parseSafetensors(readFileSync(out));
    expect(['1', '2', '3']).toContain(metadata.seed);
    expect(metadata.step).toBe('3000');
    expect(tensors.has('bnmean')).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('both'))).toEqual(['both.safetensors']);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'leave nothing behind when %s comes in the midst of writing',
    async (signal) => {
      const name = `stopped-${signal}`;
      // A large model and a checkpoint after each step: nearly always writing.
      const large = ['--hidden', '4000', '--batch', '2', '--steps', '1000000', '--checkpoint-every', '1', '--quiet'];
      const { child, outcome } = running(...small, ...large, '--out', path(name));
      while (!existsSync(path(name)) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill(signal);
      child.kill(signal);
      expect((await outcome).code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(parseSafetensors(readFileSync(path(name))).tensors.has('W1')).toBe(true);
      expect(readdirSync(folder).filter((entry) => entry.startsWith(name))).toEqual([name]);
    },
  );
});

test('a file that formatSafetensors wrote is an input like any other', async () => {
  const given = path('given.safetensors');
  const { tensors } = parseSafetensors(readFileSync(parameters));
  writeFileSync(given, formatSafetensors(tensors));
  symlinkSync('given.safetensors', path('given-link'));
  expect(await handgrad(...notebook, '--names', words, '--params', given, '--dump', path('given-link'))).toEqual(used);
});
