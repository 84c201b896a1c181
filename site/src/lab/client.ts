// The page's side of the worker that computes.

import type { Answer, Kind, Question, Requests } from './protocol.js';

interface Waiting {
  resolve(output: never): void;
  reject(error: Error): void;
}

/** A worker that answers one question after the other, started with the first of them. */
export class Lab {
  #worker: Worker | undefined;
  #ready: Promise<void> = Promise.resolve();
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** Asks, and gives the answer. Rejects with what the worker could not do. */
  async ask<K extends Kind>(kind: K, input: Requests[K]['input']): Promise<Requests[K]['output']> {
    this.#worker ??= this.#start();
    await this.#ready;
    const id = ++this.#last;
    const question: Question = { id, kind, input };
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker!.postMessage(question);
    });
  }

  /** Ends the worker with whatever it computes; the next question starts another. */
  stop(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#ready = new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => {
        reject(new Error(message));
        this.stop(message || 'the worker could not be started');
      };
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.id === 0) 'error' in data ? reject(asError(data.error)) : resolve();
        else this.#settle(data);
      };
    });
    return worker;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(asError(answer.error));
    else waiting?.resolve(answer.output as never);
  }
}

function asError({ name, message }: { name: string; message: string }): Error {
  return Object.assign(new Error(message), { name });
}

/** The page's one worker for what is asked and answered at once. */
export const lab = new Lab();
