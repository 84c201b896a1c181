// Signals that ask the process to end.

import { constants } from 'node:os';
import { say } from './streams.js';

/** Ctrl-C, a request to end, and a closed terminal; the last also reaches a process under nohup, for Node.js does not ignore it. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof stopSignals)[number];

/** The exit code of a process that a signal has ended. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/** Listens for signals until `end()`; `stopped` is the last one that came. Each calls `onStop`. */
export function listen(onStop: () => void = () => {}, signals: readonly StopSignal[] = stopSignals) {
  const stop = (signal: StopSignal) => {
    listening.stopped = signal;
    onStop();
  };
  const listening = {
    stopped: undefined as StopSignal | undefined,
    end() {
      for (const signal of signals) process.off(signal, stop);
    },
  };
  for (const signal of signals) process.on(signal, stop);
  return listening;
}

/**
 * What `work` returns. Where a signal comes meanwhile that nobody else listens to, the process ends as soon as the work is done,
 * so that no temporary file is left behind.
 */
export async function uninterrupted<Result>(work: () => Promise<Result>): Promise<Result> {
  const unawaited = stopSignals.filter((signal) => process.listenerCount(signal) === 0);
  const listening = listen(() => {}, unawaited);
  try {
    return await work();
  } finally {
    listening.end();
    const { stopped } = listening;
    if (stopped !== undefined) {
      say(`handgrad: stopped by ${stopped}`);
      process.exit(exitCodeOf(stopped));
    }
  }
}
