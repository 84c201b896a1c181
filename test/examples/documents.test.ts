// What README and docs say of programs and commands is so.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { picture } from '../../scripts/picture.js';
import { handgrad } from '../cli/run.js';

const root = new URL('../../', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), 'utf8');
const readme = read('README.md');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

test("the README's excerpt is what handgrad notebook prints, in its order", async () => {
  const excerpt = /npx handgrad notebook\n[^`]+```text\n([^`]+)```/
    .exec(readme)![1]!
    .split('\n')
    .filter((line) => line !== '' && line !== '…');
  const printed = (await handgrad('notebook')).stdout.split('\n');
  expect(excerpt.length).toBeGreaterThan(10);
  expect(printed.filter((line) => excerpt.includes(line))).toEqual(excerpt);
});

test("the README's speeds stand in docs/performance.md", () => {
  const marked = readme.match(/<!-- npm run bench -->\n([\s\S]*?)<!-- -->/)![1]!;
  const rows = marked.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(4);
  const lines = new Set(read('docs/performance.md').split('\n'));
  for (const row of rows) expect(lines).toContain(row);
});

test("the README's picture is what scripts/picture.ts draws", { timeout: 60_000 }, () => {
  expect(picture()).toBe(read('docs/picture.svg'));
});

describe('docs/training-in-a-page.md', () => {
  const guide = read('docs/training-in-a-page.md');

  test.each(['messages.ts', 'worker.ts', 'page.ts', 'plots.ts'])('has examples/worker/%s as it is', (name) => {
    expect(guide).toContain(`\n\`\`\`ts\n${read(`examples/worker/${name}`)}\`\`\`\n`);
  });

  test('begins with a program, which a training that goes on from its file ends like', () => {
    const blocks = [...guide.matchAll(/```js\n([^`]+)```/g)].map(([, code]) => code!);
    const [first, rest] = [blocks[0]!, blocks.find((code) => code.startsWith('const saved ='))!];
    const saving = first.replace('console.log(', 'if (step === 2000) bytes = session.checkpoint();\n  console.log(');
    const source = `let bytes;
${saving}
const whole = session.checkpoint();
{
  ${rest}
  for await (const _ of session);
  console.log(Buffer.compare(session.checkpoint(), whole));
}`;
    writeFileSync(new URL('build/training-in-a-page.mjs', root), source);
    const printed = execFileSync(process.execPath, ['build/training-in-a-page.mjs'], { cwd: root, encoding: 'utf8' });
    const lines = printed.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines.slice(0, 5)) expect(line).toMatch(/^[1-5]000 2\.\d+ 2\.\d+ \[ '\w*', '\w*', '\w*' \]$/);
    expect(lines[5]).toBe('0');
  });
});

describe('commands', () => {
  /** What a script runs, in the README's words. */
  const inWords = (name: string) =>
    [...(scripts[`pre${name}`]?.split(' && ') ?? []), ...scripts[name]!.split(' && ')]
      .map((command) => command.replace(/^npm run --silent (site:)?build$/, 'builds'))
      .map((command) => command.replace(/^node dist\/cli\/main\.js (.*)$/, '`handgrad $1`'));

  test('the README says of npm start what package.json has', () => {
    const [first, ...others] = inWords('start');
    expect(first).toBe('builds');
    const last = others.pop();
    expect(readme).toContain(`| \`npm start\` | builds, then runs ${others.join(' and ')}, and names the command`);
    expect(last).toMatch(/^echo .*npm run site.*npx handgrad lab/);
  });

  test('the README says of npm test and npm run check what package.json has', () => {
    expect(inWords('test')).toEqual(['builds', 'vitest run']);
    expect(readme).toContain('| `npm test` | builds, then runs all tests:');
    expect(readme).toContain(`| \`npm run check\` | \`${scripts.check!.replace(' && ', '` and `')}\` |`);
  });

  test.each([
    'README.md',
    'CONTRIBUTING.md',
    ...['accuracy', 'architecture', 'performance', 'proving-gradients'].map((name) => `docs/${name}.md`),
  ])('every script that %s names is there', (name) => {
    const named = [...read(name).matchAll(/npm (?:run )?([a-z]+(?::[a-z]+)?)\b/g)].map(([, script]) => script!);
    const npm = ['ci', 'install', 'pack', 'package', 'publish'];
    expect(named.filter((script) => !npm.includes(script) && scripts[script] === undefined)).toEqual([]);
  });

  test.each(['lab', 'notebook', 'exercise', 'check', 'compare', 'train', 'evaluate', 'sample'])(
    'docs/command-line.md has the help of %s',
    async (command) => {
      expect(read('docs/command-line.md')).toContain((await handgrad(command, '--help')).stdout);
    },
  );
});

test('docs/from-pytorch.md is a program: 26 gradients exact, two approximate, and the lecture’s own checks', {
  timeout: 60_000,
}, () => {
  const rows = [
    ...read('docs/from-pytorch.md')
      .split('## Also often needed')[0]!
      .matchAll(/^\| .*\| `(.*)` \|$/gm),
  ];
  const program = rows.map(([, code]) => code!).join('\n');
  expect(rows.length).toBeGreaterThan(120);
  mkdirSync(new URL('build/', root), { recursive: true });
  writeFileSync(new URL('build/from-pytorch.mjs', root), program);
  const printed = execFileSync(process.execPath, ['build/from-pytorch.mjs'], { cwd: root, encoding: 'utf8' });
  const compared = printed.split('\n').filter((line) => line.includes('| exact: '));
  expect(compared.filter((line) => line.includes('| exact: True  | approximate: True  | maxdiff: 0.0'))).toHaveLength(
    26,
  );
  expect(compared.slice(26).every((line) => line.includes('| exact: False | approximate: True  |'))).toBe(true);
  expect(compared).toHaveLength(28);
  expect(printed).toContain('tensor(3.2777, ');
  expect(printed).toContain('}\n27\n[ 183430, 3 ] [ 183430 ]\n[ 22953, 3 ] [ 22953 ]\n[ 22818, 3 ] [ 22818 ]\n4137\n');
  const [, loss, difference] = /^(3\.2776\d+) diff: (\S+)$/m.exec(printed)!;
  expect(Number(loss)).toBeCloseTo(3.277688, 6);
  expect(Math.abs(Number(difference))).toBeLessThan(1e-6);
  const largest = [...printed.matchAll(/^max diff: (\S+)$/gm)].map(([, value]) => Number(value));
  expect(largest).toHaveLength(2);
  expect(largest.every((value) => value < 1e-6)).toBe(true);
});
