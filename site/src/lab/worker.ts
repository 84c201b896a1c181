// The worker that computes what the page shows: the main thread only draws.

import type { Answer, Kind, Question, Requests } from './protocol.js';

type Handlers = { [K in Kind]: (input: Requests[K]['input']) => Promise<Requests[K]['output']> };

// What the first view does not need is loaded when it is asked for.
const handlers: Handlers = {
  notebook: async (input) => (await import('./notebook.js')).notebook(input),
  verdicts: async (input) => (await import('./verdicts.js')).verdicts(input),
  run: async (input) => (await import('./run.js')).run(input),
  judge: async (input) => (await import('./judge.js')).judged(input),
  dumps: async (input) => (await import('./dumps.js')).compared(input),
};

let turn = Promise.resolve();

// One question after the other: they share a core, whose scopes are a stack.
self.onmessage = ({ data }: MessageEvent<Question>) => {
  turn = turn.then(() => settle(data));
};

async function settle({ id, kind, input }: Question): Promise<void> {
  try {
    answer({ id, output: await handlers[kind](input as never) });
  } catch (error) {
    answer({ id, error: said(error) });
  }
}

function said(error: unknown) {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: `${error}` };
}

function answer(message: Answer): void {
  postMessage(message);
}

try {
  await import('./core.js').then(({ core }) => core());
  answer({ id: 0, output: null });
} catch (error) {
  answer({ id: 0, error: said(error) });
}
