// The page's side of the frame in which modules run: a new frame for each run, so that nothing of one is there in the next.

import { readAnswer } from './readAnswer.js';
import type { Answer, Asked, Task } from './sandbox/protocol.js';

export interface Running {
  /** Ends it; nothing more is said. */
  stop(): void;
}

/** How often the frame is asked whether it is there, and how many times it may leave that unanswered, in milliseconds. */
const [interval, patience] = [1000, 8];

/** Runs a task. `say` is called for everything that comes of it; the last is `done` or `failed`. */
export function runInSandbox(task: Task, say: (answer: Answer) => void): Running {
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = 'sandbox.html';
  frame.title = 'The sandbox in which the module runs';
  frame.className = 'sandbox';
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  let isThere = false;
  let unanswered = 0;

  const timer = setInterval(() => {
    if (++unanswered <= patience) ask({ kind: 'ping' });
    else if (isThere) fail('the sandbox no longer answers: the module has probably used more memory than there is');
    else fail('the sandbox could not be loaded: is there a network?');
  }, interval);
  addEventListener('message', listen);
  document.body.append(frame);
  return { stop };

  function ask(asked: Asked): void {
    // An opaque origin has no name. The policy of this page lets the frame lead nowhere else.
    frame.contentWindow?.postMessage(asked, '*');
  }

  function listen({ source, data }: MessageEvent<unknown>): void {
    if (source !== frame.contentWindow) return;
    unanswered = 0;
    try {
      hear(readAnswer(data));
    } catch (error) {
      fail(`the module has sent something that is no report (${(error as Error).message})`);
    }
  }

  function hear(answer: Answer): void {
    if (answer.kind === 'pong') return;
    if (answer.kind === 'ready' && !isThere) {
      isThere = true;
      ask({ kind: 'run', task });
    }
    if (answer.kind === 'done' || answer.kind === 'failed') stop();
    say(answer);
  }

  function fail(message: string): void {
    stop();
    say({ kind: 'failed', failure: { name: 'Error', message, line: null, column: null } });
  }

  function stop(): void {
    clearInterval(timer);
    removeEventListener('message', listen);
    frame.remove();
  }
}
