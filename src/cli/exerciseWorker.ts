// The worker of `handgrad exercise`: judges what a file has of the exercise so far.

import { parentPort, workerData } from 'node:worker_threads';
import { type Handgrad, init, type Proof, prove, type Tensor } from '../index.js';
import { operationByOperation } from '../lesson/exercises.js';
import type { Attempt, Task } from './exerciseRun.js';
import { placeOf, proofsOf } from './proofFile.js';
import { messageOf } from './streams.js';
import type { Failure } from './workers.js';

const task = workerData as Task;
parentPort!.postMessage(await attemptOf(task));

type Gradients = Record<string, Tensor>;

async function attemptOf({ file, skip }: Task): Promise<Attempt | Failure> {
  try {
    const [proof] = (await proofsOf(file)) as [Proof];
    let stopped: string | null = null;
    // What is written up to an error can be judged all the same.
    const unfinished: Proof = {
      ...proof,
      backward(t, d, hg) {
        try {
          proof.backward(t, withSkipped(t, d as Gradients, hg, skip), hg);
        } catch (error) {
          stopped ??= `${messageOf(error)}${placeOf(error, file)}`;
        }
      },
    };
    const { gradients } = prove(await init(), unfinished);
    return { gradients: gradients.filter(({ verdict }) => verdict !== 'unclaimed'), stopped };
  } catch (error) {
    return { failure: `${messageOf(error)}${placeOf(error, file)}` };
  }
}

/** `d`, from which the gradients in `skip` can be read though they are not written. */
function withSkipped(t: object, d: Gradients, hg: Handgrad, skip: readonly string[]): Gradients {
  if (skip.length === 0) return d;
  const solution = new Function('t', 'd', 'hg', operationByOperation.map(({ typescript }) => typescript).join('\n'));
  const solved: Gradients = {};
  solution(t, solved, hg);
  const written = new Set<string>();
  return new Proxy(d, {
    get: (target, name: string) => (skip.includes(name) && !written.has(name) ? solved[name] : target[name]),
    set: (target, name: string, value: Tensor) => {
      written.add(name);
      target[name] = value;
      return true;
    },
  });
}
