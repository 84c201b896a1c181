// The script of sandbox.html: starts a worker for a module that the page hands it, and ends it in time. The page that may not have
// an origin of its own runs nothing, so that nobody embeds it without a sandbox and has it run with this site's storage.

import type { Answer, Asked, Failure, Task } from './protocol.js';

/** The worker's script with the library in it: an opaque origin can load no file. */
declare const WORKER_SOURCE: string;

/** Answers of one module; a module that found the way to send more is ended. */
const mostAnswers = 100_000;

if (self.origin === 'null' && parent !== self) {
  addEventListener('message', ({ source, data }: MessageEvent<Asked>) => {
    if (source !== parent) return;
    if (data.kind === 'ping') answer({ kind: 'pong' });
    else run(data.task);
  });
  answer({ kind: 'ready' });
}

function answer(answer: Answer): void {
  parent.postMessage(answer, '*');
}

function run(task: Task): void {
  // A classic worker: Chromium starts no module worker from an opaque origin.
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const { port1, port2 } = new MessageChannel();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let count = 0;

  function end(failure?: Omit<Failure, 'line' | 'column'>): void {
    clearTimeout(timer);
    worker.terminate();
    port1.onmessage = null;
    port1.close();
    if (failure) answer({ kind: 'failed', failure: { line: null, column: null, ...failure } });
  }

  port1.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (++count > mostAnswers) return end({ name: 'Stopped', message: 'it said too much and was stopped' });
    answer(data);
    if (data?.kind === 'started') timer = setTimeout(late, task.seconds * 1000);
    if (data?.kind === 'done' || data?.kind === 'failed') end();
  };
  worker.onerror = (event) => {
    event.preventDefault();
    end({ name: 'Error', message: event.message || 'the worker came to its end without a word' });
  };
  worker.postMessage(task, [port2]);

  function late(): void {
    const message = `expected an end within ${task.seconds} s, got none; it was stopped`;
    end({ name: 'Time limit', message });
  }
}
