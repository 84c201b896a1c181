// What README and docs say of programs and commands is so.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
