// The worker that computes what the page shows: the main thread only draws.

import { loaded } from '../parts/loaded.js';
import type { Requests } from './protocol.js';
import { serve } from './serve.js';

// What the first view does not need is loaded when it is asked for.
await serve<Requests>(
  {
    notebook: async (input) => (await loaded(() => import('./notebook.js'))).notebook(input),
    verdicts: async (input) => (await loaded(() => import('./verdicts.js'))).verdicts(input),
    run: async (input) => (await loaded(() => import('./run.js'))).run(input),
    trainOwn: async (input) => (await loaded(() => import('./ownTraining.js'))).trainOwn(input),
    judge: async (input) => (await loaded(() => import('./judge.js'))).judged(input),
    dumps: async (input) => (await loaded(() => import('./dumps.js'))).compared(input),
  },
  () => loaded(async () => (await import('./core.js')).core()),
);
