// The worker that computes what the page shows: the main thread only draws.

import type { Requests } from './protocol.js';
import { serve } from './serve.js';

// What the first view does not need is loaded when it is asked for.
await serve<Requests>(
  {
    notebook: async (input) => (await import('./notebook.js')).notebook(input),
    verdicts: async (input) => (await import('./verdicts.js')).verdicts(input),
    run: async (input) => (await import('./run.js')).run(input),
    trainOwn: async (input) => (await import('./ownTraining.js')).trainOwn(input),
    judge: async (input) => (await import('./judge.js')).judged(input),
    dumps: async (input) => (await import('./dumps.js')).compared(input),
  },
  async () => (await import('./core.js')).core(),
);
