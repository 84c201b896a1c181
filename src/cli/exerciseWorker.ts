// The worker of `handgrad exercise`: judges what a file has of the exercise so far.

import { parentPort, workerData } from 'node:worker_threads';
import { type Handgrad, init, loadWords, readFile, type Tensor } from '../index.js';
import { judge, operationByOperation } from '../lesson.js';
import { type Proof, proofsOf, prove } from '../proof.js';
import type { Attempt, Task } from './exerciseRun.js';
import { importFile, placeOf } from './proofFile.js';
import { messageOf } from './streams.js';
import type { Failure } from './workers.js';

const task = workerData as Task;
parentPort!.postMessage(await attemptOf(task));

type Gradients = Record<string, Tensor>;

async function attemptOf(task: Task): Promise<Attempt | Failure> {
  const { file } = task;
  try {
    return file.endsWith('.py') ? await cellOf(task) : await proofOf(task);
  } catch (error) {
    return { failure: `${messageOf(error)}${placeOf(error, file)}` };
  }
}

/** Judges a cell. */
async function cellOf({ file, skip, names, eps }: Task): Promise<Attempt> {
  const words = await loadWords(names);
  const given = skip.map((name) => `d${name}`);
  const source = new TextDecoder().decode(await readFile(file));
  const { report, error, lines, output } = judge(await init(), source, { words, eps, given });
  const notesOn = (name: string) => lines.findLast((line) => line.name === `d${name}`)?.notes ?? [];
  return {
    gradients: report.gradients.map((row) => ({ ...row, notes: notesOn(row.name) })),
    stopped:
      error === null ? null : `${[reasonOf(error.message), error.hint ?? []].flat().join('; ')} (line ${error.line})`,
    printed: output,
  };
}

/** Judges a proof. */
async function proofOf({ file, skip }: Task): Promise<Attempt> {
  const [proof] = (await proofsOf(await importFile(file))) as [Proof];
  let stopped: string | null = null;
  // What is written up to an error can be judged all the same.
  const unfinished: Proof = {
    ...proof,
    backward(t, d, hg) {
      try {
        proof.backward(t, withSkipped(t, d as Gradients, hg, skip), hg);
      } catch (error) {
        stopped ??= `${reasonOf(messageOf(error))}${placeOf(error, file)}`;
      }
    },
  };
  const { gradients } = prove(await init(), unfinished);
  return { gradients: gradients.filter(({ verdict }) => verdict !== 'unclaimed'), stopped, printed: [] };
}

/** Why an attempt ended; where a gradient is missing, what helps. */
function reasonOf(message: string): string {
  const unwritten =
    /^d\.(\w+): expected a gradient written before/.exec(message)?.[1] ??
    /expected d(\w+) to be written before it is read/.exec(message)?.[1];
  return unwritten === undefined
    ? message
    : `d${unwritten} is read and has not been written; --skip d${unwritten} goes on with its true value`;
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
