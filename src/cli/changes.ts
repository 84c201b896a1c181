// When something in a folder changes.

import { watch } from 'node:fs';

/** Milliseconds in which the writes of one save come. */
const pause = 50;

/** Listens from now on; `next` waits for a change since it was called last. */
export function changesIn(folder: string): { next(): Promise<void>; end(): void } {
  let hasChanged = false;
  let failure: unknown;
  let wake = () => {};
  const watcher = watch(folder, () => {
    hasChanged = true;
    wake();
  });
  watcher.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    async next() {
      if (!hasChanged && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pause));
      hasChanged = false;
    },
    end: () => watcher.close(),
  };
}
