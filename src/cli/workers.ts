// Runs a user's file in a worker, which can be ended where the file does not end by itself.

import { Worker } from 'node:worker_threads';
import { attempt } from './streams.js';

/** Why a file could not be judged. */
export interface Failure {
  readonly failure: string;
}

/** What the worker at `script` posts of its task, within `timeout` seconds. What the file prints goes to stderr. */
export async function runWorker<Result>(script: URL, task: object, timeout: number): Promise<Result | Failure> {
  const worker = new Worker(script, { workerData: task, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (text: Buffer) => attempt(process.stderr, String(text)));
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<Result | Failure>((resolve) => {
      timer = setTimeout(
        () => resolve({ failure: `expected an end within ${timeout} seconds, got none` }),
        timeout * 1000,
      );
      worker.on('message', resolve);
      worker.on('error', (error) => resolve({ failure: (error as Error | undefined)?.message ?? String(error) }));
      worker.on('exit', (code) => resolve({ failure: endOf(code) }));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** Node.js's exit code where a module waits at its top level, and nothing is left that could end it. */
const unsettled = 13;

/** Why a worker has ended before it had a result. */
function endOf(code: number): string {
  return code === unsettled
    ? 'expected a module that is loaded to its end, got one that awaits what never comes'
    : `expected a file that leaves the process running, got process.exit(${code})`;
}
