// The page's side of a worker that computes.

import { NotLoadedError } from '../parts/loaded.js';
import type { Answer, Asks, Question, Requests } from './protocol.js';

interface Waiting {
  resolve(output: never): void;
  reject(error: Error): void;
}

/** What else a worker says, and that it has ended by itself. */
export interface Listener<Event> {
  heard(event: Event): void;
  lost(reason: string): void;
}

/** A worker that answers questions, started with the first of them. */
export class Client<R extends Asks<R>, Event = never> {
  readonly #make: () => Worker;
  readonly #listener: Listener<Event> | undefined;
  #worker: Worker | undefined;
  #ready: Promise<void> = Promise.resolve();
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(make: () => Worker, listener?: Listener<Event>) {
    this.#make = make;
    this.#listener = listener;
  }

  /** Asks, and gives the answer. Rejects with what the worker could not do. */
  async ask<K extends keyof R & string>(kind: K, input: R[K]['input']): Promise<R[K]['output']> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const question: Question = { id: ++this.#last, kind, input };
    return await new Promise((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
      // One that was stopped before the worker listened is not asked any more.
      const put = () => this.#waiting.has(question.id) && worker.postMessage(question);
      this.#ready.then(put).catch(reject);
    });
  }

  /** The same, with an end to the worker, for `reason`, where there is no answer within some milliseconds. */
  async askWithin<K extends keyof R & string>(
    milliseconds: number,
    reason: string,
    kind: K,
    input: R[K]['input'],
  ): Promise<R[K]['output']> {
    const timer = setTimeout(() => this.stop(reason), milliseconds);
    try {
      return await this.ask(kind, input);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the worker with whatever it computes, and rejects what was asked; the next question starts another. */
  stop(reason: string): void {
    this.#end(new Error(reason));
  }

  #end(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = this.#make();
    let isReady = false;
    this.#ready = new Promise((resolve) => {
      worker.onerror = ({ message }) => {
        const error = message ? new Error(message) : new NotLoadedError('a worker could not be started');
        this.#end(error);
        if (isReady) this.#listener?.lost(error.message);
      };
      worker.onmessage = ({ data }: MessageEvent<Answer | { readonly event: Event }>) => {
        if ('event' in data) this.#listener?.heard(data.event);
        else if (data.id !== 0) this.#settle(data);
        else if ('error' in data) this.#end(asError(data.error));
        else {
          isReady = true;
          resolve();
        }
      };
    });
    return worker;
  }

  #settle(answer: Answer): void {
    // A worker remembers which of its modules were missing: another one looks again. One that is listened to has more to lose.
    if ('error' in answer && answer.error.name === 'NotLoadedError' && !this.#listener)
      this.#end(asError(answer.error));
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(asError(answer.error));
    else waiting?.resolve(answer.output as never);
  }
}

function asError({ name, message }: { name: string; message: string }): Error {
  return Object.assign(new Error(message), { name });
}

/** A client of the worker for what is asked and answered at once. */
export class Lab extends Client<Requests> {
  constructor() {
    super(() => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
  }
}

/** The page's one worker for what is asked and answered at once. */
export const lab = new Lab();
