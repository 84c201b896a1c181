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

  test('a list of proofs is judged one after another', async () => {
    const list = `${proof(right).replace('export default', 'const one =')}export default [one, { ...one, name: "two" }];`;
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
    ['an object that is no proof', 'export default {};', /proof\.inputs: expected a function, got undefined/],
    ['a file that is no JavaScript', 'export default {', /Unexpected/],
    ['a file that throws', 'throw new Error("mine");', /mine \(line 1\)/],
    ['a file that leaves', 'process.exit(0);', /expected reports, got an end with exit code 0/],
    ['a proof that throws', proof('\nthrow new Error("deep");'), /deep \(line 7\)/],
    ['a proof that misspells', proof('d.z = t.y;'), /d\.z: .*the nearest is/],
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
    [['--repeat', '0'], /--repeat/],
    [['--timeout', 'x'], /--timeout/],
    [['--dtype', 'int32'], /--dtype/],
  ])('%s', async (options, message) => {
    const { code, stderr } = await handgrad('check', path('absent.mjs'), ...options);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
