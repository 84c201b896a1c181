// The worker's core: one for all that it computes.

import { type Handgrad, init } from 'handgrad';

let started: Promise<Handgrad> | undefined;

/** The core, made with the first call. */
export function core(): Promise<Handgrad> {
  started ??= init();
  return started;
}
