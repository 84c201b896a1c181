import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);

test('the core is at most 64 KB, the entry with the core inside at most 40 KB gzipped', () => {
  const { core, entryGzipped } = JSON.parse(
    execFileSync(process.execPath, ['scripts/sizes.mjs', '--json'], { cwd: root, encoding: 'utf8' }),
  );
  expect(core).toBeGreaterThan(10_000);
  expect(core).toBeLessThanOrEqual(64 * 1024);
  expect(entryGzipped).toBeGreaterThan(10_000);
  expect(entryGzipped).toBeLessThanOrEqual(40 * 1024);
});
