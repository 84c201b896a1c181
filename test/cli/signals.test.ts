// What a signal does to work that must not be broken off.

import { afterEach, expect, test, vi } from 'vitest';
import { exitCodeOf, uninterrupted } from '../../src/cli/signals.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Sends SIGINT to this process, and returns when it has come. */
async function interrupt(): Promise<void> {
  const come = new Promise((resolve) => process.once('SIGINT', resolve));
  process.kill(process.pid, 'SIGINT');
  await come;
}

test.skipIf(process.platform === 'win32')('it ends the process after the work, with a line that says so', async () => {
  const calls: string[] = [];
  vi.spyOn(process, 'exit').mockImplementation(((code: number) => calls.push(`exit ${code}`)) as never);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => calls.push(String(text)) > 0);
  await uninterrupted(async () => {
    await interrupt();
    calls.push('done');
  });
  expect(calls).toEqual(['done', 'handgrad: stopped by SIGINT\n', 'exit 130']);
  await expect(
    uninterrupted(async () => {
      await interrupt();
      throw new Error('failed');
    }),
  ).rejects.toThrow('failed');
  expect(calls.slice(3)).toEqual(['handgrad: stopped by SIGINT\n', 'exit 130']);
  expect(process.listenerCount('SIGINT')).toBe(0);
  expect(process.listenerCount('SIGTERM')).toBe(0);
});

test.skipIf(process.platform === 'win32')('it is left to whoever waits for it', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  const waiting = vi.fn();
  process.on('SIGINT', waiting);
  await uninterrupted(interrupt);
  process.off('SIGINT', waiting);
  expect(waiting).toHaveBeenCalledTimes(1);
  expect(exit).not.toHaveBeenCalled();
});

test('exit codes', () => {
  expect([exitCodeOf('SIGINT'), exitCodeOf('SIGTERM')]).toEqual([130, 143]);
});
