// Tensors, generators, models and trainings that nobody can reach any more give their memory back.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { create } from '../../src/index.js';

const program = fileURLToPath(new URL('unreachable.mjs', import.meta.url));

interface Report {
  used: Record<string, { before: number; made: number; after: number; kept: number[][] }>;
  most: number;
}

const { used, most } = JSON.parse(
  execFileSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' }),
) as Report;

test.each(Object.entries(used))('%s without a scope give everything back', (name, { before, made, after, kept }) => {
  expect(made).toBeGreaterThan(name === 'iterators' ? 0 : before);
  expect(after).toBe(before);
  expect(kept).toEqual([[1], [2], [3]]);
});

test('600 steps without a scope need no more than those of a few turns of the event loop', () => {
  // A step leaves some 20 KiB; 50 are made between two turns.
  expect(most).toBeLessThan(3 * 50 * 20 * 1024);
});

test('a warning names scopes, once, when very many tensors live without one', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const hg = await create();
  const held = Array.from({ length: 30_000 }, () => hg.zeros([]));
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toMatch(/^handgrad: 10000 tensors live outside any scope; hg\.scope/);
  for (const tensor of held) tensor.dispose();
  const again = Array.from({ length: 10_000 }, () => hg.zeros([]));
  expect(warn).toHaveBeenCalledTimes(1);
  for (const tensor of again) tensor.dispose();
  hg.scope(() => Array.from({ length: 30_000 }, () => hg.zeros([])).length);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(hg.usedBytes).toBeLessThan(10_000);
  warn.mockRestore();
});
