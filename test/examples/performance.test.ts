// The README's table of speeds is docs/performance.md's.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test("the README's speeds stand in docs/performance.md", () => {
  const marked = read('README.md').match(/<!-- npm run bench -->\n([\s\S]*?)<!-- -->/)![1]!;
  const rows = marked.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(4);
  const lines = new Set(read('docs/performance.md').split('\n'));
  for (const row of rows) expect(lines).toContain(row);
});
