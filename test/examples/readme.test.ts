import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { handgrad } from '../cli/run.js';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test("the README's excerpt is what handgrad notebook prints, in its order", async () => {
  const excerpt = /```text\n([^`]+)```/
    .exec(readme)![1]!
    .split('\n')
    .filter((line) => line !== '' && line !== '…');
  const printed = (await handgrad('notebook')).stdout.split('\n');
  expect(excerpt.length).toBeGreaterThan(10);
  expect(printed.filter((line) => excerpt.includes(line))).toEqual(excerpt);
});

test("the README's example prints what stands below it", () => {
  const [, code, output] = /```ts\n([^`]+)```\n\n```text\n([^`]+)```/.exec(readme)!;
  mkdirSync(new URL('build/', root), { recursive: true });
  writeFileSync(new URL('build/readme.ts', root), code!);
  expect(execFileSync('node', ['--import', 'tsx', 'build/readme.ts'], { cwd: root, encoding: 'utf8' })).toBe(output);
});

test("the README's training runs, and samples five names", () => {
  const code = readme.match(/```ts\n[^`]+```/g)!.find((block) => block.includes('model.train('))!;
  writeFileSync(new URL('build/readmeTraining.ts', root), code.replace(/^```ts\n|```$/g, ''));
  const lines = execFileSync('node', ['--import', 'tsx', 'build/readmeTraining.ts'], { cwd: root, encoding: 'utf8' });
  expect(lines).toMatch(/^1000 2\.\d+$/m);
  expect(lines.match(/'[a-z]*'/g)).toHaveLength(5);
});
