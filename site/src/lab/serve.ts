// The worker's side: questions answered one after the other.

import type { Answer, Asks, Question } from './protocol.js';

/** What answers each kind of question. */
export type Handlers<R extends Asks<R>> = {
  [K in keyof R]: (input: R[K]['input']) => R[K]['output'] | Promise<R[K]['output']>;
};

/** Answers what the page asks, once `begin` is through; where that fails, the page is told. */
export async function serve<R extends Asks<R>>(handlers: Handlers<R>, begin: () => Promise<unknown>): Promise<void> {
  let turn = Promise.resolve();
  // One question after the other: they share a core, whose scopes are a stack.
  self.onmessage = ({ data }: MessageEvent<Question>) => {
    turn = turn.then(() => settle(data, handlers[data.kind as keyof R] as (input: unknown) => unknown));
  };
  await settle({ id: 0, kind: '', input: null }, async () => void (await begin()));
}

async function settle({ id, input }: Question, handle: (input: unknown) => unknown): Promise<void> {
  try {
    answer({ id, output: await handle(input) });
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
