import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);

test("the README's example prints what stands below it", () => {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  const [, code, output] = /```ts\n([^`]+)```\n\n```text\n([^`]+)```/.exec(readme)!;
  mkdirSync(new URL('build/', root), { recursive: true });
  writeFileSync(new URL('build/readme.ts', root), code!);
  expect(execFileSync('node', ['--import', 'tsx', 'build/readme.ts'], { cwd: root, encoding: 'utf8' })).toBe(output);
});
