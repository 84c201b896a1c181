// Signals that ask the process to end.

import { constants } from 'node:os';
import { say } from './streams.js';

/** Ctrl-C, what asks a process to end, and a terminal that is closed. Node.js does not leave SIGHUP to nohup. */
export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof stopSignals)[number];

/** The exit code of a process that a signal has ended. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * What `work` returns. A signal that comes meanwhile, and that nobody else waits for, ends the process after it, so that no
 * temporary file is left behind.
 */
export async function uninterrupted<Result>(work: () => Promise<Result>): Promise<Result> {
  let stopped: StopSignal | undefined;
  const stop = (signal: StopSignal) => {
    stopped = signal;
  };
  const unawaited = stopSignals.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of unawaited) process.on(signal, stop);
  try {
    return await work();
  } finally {
    for (const signal of unawaited) process.off(signal, stop);
    if (stopped !== undefined) {
      say(`handgrad: stopped by ${stopped}`);
      process.exit(exitCodeOf(stopped));
    }
  }
}
