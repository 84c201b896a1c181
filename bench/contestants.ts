// Who trains: programs in peers/, each in a process of its own, that take their own time when they are told to.

import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Build } from '../src/index.js';
import type { Contestant } from './measure.js';

const inPeers = (name: string) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

/** A program to start: what tables call it, and its command line around the problem's file. */
export interface Entry {
  name: string;
  command: string;
  script: string;
  more: readonly string[];
}

/** A program that is ready to train. */
export interface Running extends Contestant {
  /** Its name with versions. */
  title: string;
  /** Losses of the first batches. */
  losses: readonly number[];
  stop(): void;
}

const answers = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** A Node.js that runs the relaxed build, where there is one: the one in use, or that of peers/. */
export const relaxedNode: string | undefined = [process.execPath, inPeers('node_modules/.bin/node')].find((command) =>
  answers(command, '-e', 'process.exit(parseInt(process.versions.node) >= 22 ? 0 : 1)'),
);

/** HANDGRAD_PYTHON, or the first Python that has PyTorch. */
const python =
  [process.env.HANDGRAD_PYTHON, 'python3', '/usr/bin/python3'].find(
    (command) => command !== undefined && answers(command, '-c', 'import torch'),
  ) ?? 'python3';

export function own(node: string, build: Build, backward: 'fused' | 'stepwise' | 'autograd'): Entry {
  return { name: `${backward}, ${build}`, command: node, script: 'handgrad.mjs', more: [build, backward] };
}

export const peers: readonly Entry[] = [
  ...['autograd', 'manual', 'compile'].map(
    (how): Entry => ({ name: `PyTorch, ${how}`, command: python, script: 'torch_step.py', more: [how] }),
  ),
  { name: 'jax-js', command: relaxedNode ?? process.execPath, script: 'jax.mjs', more: [] },
  { name: 'TensorFlow.js', command: process.execPath, script: 'tfjs.mjs', more: [] },
];

/** Starts a program on a problem; a line that says why, where it does not run. */
export async function start({ name, command, script, more }: Entry, problem: string): Promise<Running | string> {
  const child = spawn(command, [inPeers(script), problem, ...more]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  child.stdin.on('error', () => {}); // of a program that has ended, which its next answer shows
  const failed = new Promise<IteratorResult<string>>((resolve) => {
    child.on('error', () => resolve({ done: true, value: undefined }));
  });
  const answer = async () => {
    // A library may greet on standard output.
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failed]);
      if (done) return undefined;
      if (/^[{\d]/.test(value)) return JSON.parse(value) as unknown;
    }
  };
  const ready = (await answer()) as { title: string; losses: number[] } | undefined;
  if (ready === undefined) {
    const reason = errors.split('\n').filter((line) => /Error|PyTorch/.test(line));
    return `${name}: ${reason.at(-1)?.replace(/ imported from .*/, '') ?? `${command} does not run`}`;
  }
  return {
    name,
    ...ready,
    async run(times) {
      child.stdin.write(`${times}\n`);
      const seconds = await answer();
      if (typeof seconds !== 'number') throw new Error(`${name}: ${errors}`);
      return seconds;
    },
    stop: () => child.kill(),
  };
}
