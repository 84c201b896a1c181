// When something in a folder changes.

import { watch } from 'node:fs';

/** Milliseconds in which the writes of one save come. */
const pause = 50;

/** Listens from now on; `next` waits for a change, or a `wake`, since it was called last. */
export function changesIn(folder: string): { next(): Promise<void>; wake(): void; end(): void } {
  let hasChanged = false;
  let failure: unknown;
  let goOn = () => {};
  const wake = () => {
    hasChanged = true;
    goOn();
  };
  const watcher = watch(folder, wake);
  watcher.on('error', (error) => {
    failure = error;
    wake();
  });
  return {
    wake,
    async next() {
      if (!hasChanged) {
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      }
      if (failure !== undefined) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pause));
      hasChanged = false;
    },
    end: () => watcher.close(),
  };
}
