// `handgrad check` as a user runs it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { handgrad, shell } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name);
const file = (name: string, text: string) => {
  writeFileSync(path(name), text);
  return path(name);
};

/** A module whose default export is a proof with this backward pass. */
const proof = (backward: string, more = '') => `${more}
export default {
  name: 'squares',
  inputs: (hg) => ({ x: hg.randn([3, 4], { requiresGrad: true }), b: hg.randn([4], { requiresGrad: true }) }),
  forward: ({ x, b }) => { const y = x.add(b); return { y, loss: y.pow(2).sum() }; },
  backward: (t, d, hg) => { ${backward} },
};
`;
const right = 'd.y = t.y.mul(2); d.x = d.y.clone(); d.b = d.y.sum(0);';

describe.concurrent('handgrad check', () => {
  test('prints a table of at most 100 columns, and exits with 0 when all is right', async () => {
    const { code, stdout, stderr } = await handgrad('check', file('right.mjs', proof(right)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('squares (float32)');
    expect(lines.at(-1)).toBe('Right: 3 exact.');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain('\u001b');
  });

  test.each([
    ['a wrong gradient', right.replace('mul(2)', 'mul(3)'), 1, 'First wrong step: dy: 3/2 times what it should be'],
    ['a missing gradient', right.replace(' d.b = d.y.sum(0);', ''), 1, 'Not right: 2 exact, 1 unclaimed.'],
    [
      'one that can not be decided',
      right.replace('t.y.mul(2)', 't.y.mul(2e30).mul(2e30).div(2e30).div(1e30)'),
      3,
      'Infinity at',
    ],
  ])('%s', async (name, backward, expected, line) => {
    const { code, stdout, stderr } = await handgrad('check', file(`${name.replaceAll(' ', '-')}.mjs`, proof(backward)));
    expect({ code, stderr }).toEqual({ code: expected, stderr: '' });
    expect(stdout).toContain(line);
  });

  test('--init writes an example that is right, and replaces nothing', async () => {
    const example = path('example.mjs');
    expect(await handgrad('check', '--init', example)).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(example, 'utf8');
    expect(await handgrad('check', example, '--repeat', '3')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\n3 of 3 runs are right\.\n$/),
    });
    expect(await handgrad('check', '--init', example)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('free'),
    });
    expect(readFileSync(example, 'utf8')).toBe(text);
  });

  test('--json prints the report, whatever the file prints', async () => {
    const noisy = file('noisy.mjs', proof(right, 'console.log("mine"); process.stdout.write("too");'));
    const { code, stdout, stderr } = await handgrad('check', noisy, '--json', '--dtype', 'float64', '--seed', '7');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'handgrad-report-1', dtype: 'float64', ok: true });
    expect(stderr).toBe('mine\ntoo');
  });

  test('a list of proofs, and of promises of them, is judged one after another', async () => {
    const list = `${proof(right).replace('export default', 'const one =')}export default [Promise.resolve(one), { ...one, name: "two" }];`;
    const { code, stdout } = await handgrad('check', file('list.mjs', list), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).map(({ name }: { name: string }) => name)).toEqual(['squares', 'two']);
  });

  test('a reader that has seen enough is no failure', async () => {
    const { code } = await shell('set -o pipefail; "$@" | head -n 1', 'check', file('piped.mjs', proof(right)));
    expect(code).toBe(0);
  });
});

describe.concurrent('handgrad check refuses, with code 2 and one line that says why', () => {
  test.each<[string, string, RegExp]>([
    [
      'a file without a default export',
      'export const a = 1;',
      /expected a default export, a proof or a list of them, got none/,
    ],
    ['an empty list', 'export default [];', /expected at least one proof, got an empty list/],
    ['another kind of thing', 'export default 3;', /expected a proof, got 3/],
    [
      'an object that is no proof',
      'export default {};',
      /expected a proof, an object with inputs, forward and backward, got one without them/,
    ],
    ['a promise of one', 'export default Promise.resolve({});', /expected a proof, an object with inputs/],
    ['a list in a list', 'export default [[{}]];', /expected a list of proofs, got a list inside of a list/],
    ['half a proof', 'export default { inputs() {} };', /proof\.forward: expected a function, got undefined/],
    ['a file that is no JavaScript', 'export default {\n  x: = 1,\n};', /Unexpected token '=' \(line 2\)\n$/],
    [
      'one that imports such a file',
      "import './a-file-that-is-no-JavaScript.mjs';",
      /Unexpected token '=' \(.*a-file-that-is-no-JavaScript\.mjs, line 2\)\n$/,
    ],
    ['one that imports what is not there', "\nimport { a } from 'handgrad-is-not-here';", /handgrad-is-not-here/],
    ['one that imports a name that is not there', "\nimport { a } from 'node:fs';", /named 'a' \(line 2\)\n$/],
    [
      'one that waits',
      'await new Promise(() => {});',
      /expected a module that is loaded to its end, got one that awaits what never comes\n$/,
    ],
    ['a file that throws', 'throw new Error("mine");', /mine \(line 1\)/],
    [
      'a file that leaves',
      'process.exit(0);',
      /expected a file that leaves the process running, got process\.exit\(0\)/,
    ],
    ['one that leaves with a code', 'process.exit(3);', /got process\.exit\(3\)/],
    ['a proof that throws', proof('\nthrow new Error("deep");'), /deep \(line 7\)/],
    ['a proof that misspells', proof('d.yy = t.y;'), /d\.yy: .*the nearest is y/],
  ])('%s', async (name, text, message) => {
    const { code, stdout, stderr } = await handgrad('check', file(`${name.replaceAll(' ', '-')}.mjs`, text));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^handgrad: [^\n]*\n$/);
    expect(stderr).toMatch(message);
  });

  test('one that does not end', async () => {
    const endless = file('endless.mjs', proof('for (;;);'));
    const { code, stderr } = await handgrad('check', endless, '--timeout', '1');
    expect(code).toBe(2);
    expect(stderr).toMatch(/endless\.mjs: expected an end within 1 seconds, got none\n$/);
  });

  test.each([
    ['absent.mjs', /absent\.mjs: expected a file that can be read, got none/],
    ['.', /expected a file, got something else/],
  ])('%s', async (name, message) => {
    const { code, stderr } = await handgrad('check', path(name));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test.each([
    [['--seed', '-1'], /--seed/],
    [['--seed', String(2 ** 32)], /--seed: expected at most 4294967295, got 4294967296/],
    [['--repeat', '0'], /--repeat/],
    [['--timeout', 'x'], /--timeout/],
    [['--dtype', 'int32'], /--dtype/],
  ])('%s', async (options, message) => {
    const { code, stderr } = await handgrad('check', path('absent.mjs'), ...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe.concurrent('handgrad check of a cell', () => {
  const names = file(
    'names.txt',
    Array.from({ length: 60 }, (_, i) => `${'abcdefghij'[i % 10]}${'klmnopqrst'[(i * 7) % 10]}${'uvwxyz'[i % 6]}`).join(
      '\n',
    ),
  );
  const small = ['--names', names, '--hidden', '8', '--embed', '3', '--batch', '6'];
  const softmax = 'dlogits = F.softmax(logits, 1)\ndlogits[range(n), Yb] -= 1\ndlogits /= n\n';

  test('names the seeds of its runs, each of which can be asked for', async () => {
    const cell = file('seeds.py', 'dlogits = F.softmax(logits, 1)\n');
    const { stdout } = await handgrad('check', cell, ...small, '--repeat', '2');
    const [, first, second] = stdout.split(/^seed (?=\d)/m);
    expect([first, second].map((run) => run?.split('\n')[0])).toEqual(['456789096543', '456789096544']);
    const alone = await handgrad('check', cell, ...small, '--seed', '456789096544');
    expect(second).toContain(alone.stdout.trim());
  });

  test('is right where what it writes is right, and says what is open', async () => {
    const { code, stdout, stderr } = await handgrad('check', file('softmax.py', `${softmax}print(1 + 1)\n`), ...small);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '2\n' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('softmax.py (float32)');
    expect(stdout).toContain('Right: 1 rounding.');
    expect(stdout).toContain('Open: dlogprobs, dprobs, ');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
  });

  test('says what is wrong, and on which lines', async () => {
    const source = `dbndiff = bnvar_inv * dbnraw\ndhprebn = dbndiff\n`;
    const { code, stdout } = await handgrad('check', file('branches.py', source), ...small);
    expect(code).toBe(1);
    expect(stdout).toContain('First wrong step: dbndiff: the branch through bndiff2 is missing');
    expect(stdout).toContain('\ndbndiff: line 1\n');
    expect(stdout).toContain('\nTaken from the reference: dbnraw\n');
  });

  test.each<[what: string, source: string, message: string]>([
    [
      'an error',
      `${softmax}dh = dlogits @ W2\n`,
      "line 4, column 6: dlogits @ W2: expected [m, k] @ [k, n], got [6, 27] @ [8, 27]; the right one's .T would fit",
    ],
    ['no Python', 'dh = (\n', 'line 1, column 6: expected ")" to end "(", got none'],
    ['no gradient', 'x = 1\n', 'expected at least one gradient, a variable as dlogits, got none'],
    [
      'no end',
      'dh = 0\nwhile True: pass\n',
      'line 2, column 1: while True: pass: expected a cell that ends within 10000000 steps, got one that does not',
    ],
  ])('%s is exit code 2', async (what, source, message) => {
    const path = file(`${what.replaceAll(' ', '-')}.py`, source);
    const { code, stderr } = await handgrad('check', path, ...small);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `handgrad: ${path}: ${message}\n` });
  });

  test('--strict wants all of them, --json gives the data, --report a page', async () => {
    const path = file('strict.py', softmax);
    const page = `${path}.html`;
    const { code, stdout } = await handgrad(
      'check',
      path,
      ...small,
      '--strict',
      '--json',
      '--report',
      page,
      '--repeat',
      '2',
    );
    expect(code).toBe(1);
    const reports = JSON.parse(stdout) as {
      format: string;
      ok: boolean;
      open: string[];
      report: { gradients: { verdict: string }[] };
    }[];
    expect(reports).toHaveLength(2);
    expect(reports[0]).toMatchObject({ format: 'handgrad-cell-1', ok: false, error: null, given: [] });
    expect(reports[0]!.report.gradients.filter(({ verdict }) => verdict === 'unclaimed')).toHaveLength(25);
    expect(readFileSync(page, 'utf8')).toContain('strict.py');
  });

  test('a file that is none, and settings for a module, are refused', async () => {
    expect(await handgrad('check', path('absent.py'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('a file that can be read'),
    });
    const { code, stderr } = await handgrad('check', file('module.mjs', proof(right)), '--hidden', '3');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `handgrad: --hidden: expected a cell, a file that ends in .py, to set it for, got ${path('module.mjs')}\n`,
    });
  });
});
