import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);

test('the notebook in TypeScript finds 26 gradients exact and the fused two approximate', async () => {
  const { stdout } = await run('node', ['--import', 'tsx', 'examples/notebook.ts'], { cwd: root });
  const rows = stdout.split('\n').filter((line) => line.includes('| exact: '));
  expect(rows).toHaveLength(28);
  expect(rows.slice(0, 26).every((row) => row.endsWith('| exact: True  | approximate: True  | maxdiff: 0.0'))).toBe(
    true,
  );
  expect(rows.slice(26).every((row) => row.includes('| exact: False | approximate: True  |'))).toBe(true);
  expect(stdout).toContain('3.277688');
});
