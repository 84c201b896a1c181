// The program of a contestant: takes the training problem's file, answers with its title and the losses of the first five batches,
// then reads a number of steps a line and answers with the seconds that they took.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseSafetensors } from '../../dist/index.js';
import { stopwatch } from './clock.mjs';

export const parameterNames = ['C', 'W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'];
export const eps = 1e-5;
export const rate = 0.1;

/** The problem's tensors by name, and its sizes. */
export function readProblem() {
  const tensors = Object.fromEntries(parseSafetensors(readFileSync(process.argv[2])).tensors);
  const [N, T] = tensors.X.shape;
  const [V, E] = tensors.C.shape;
  return { tensors, sizes: { N, T, V, E, B: tensors.indices.shape[1], H: tensors.b1.shape[0] } };
}

/** `first` gives the losses of the first batches; `train` carries out steps, to the end. */
export async function serve(title, first, train) {
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  say({ title, losses: Array.from(await first()) });
  for await (const line of createInterface({ input: process.stdin })) {
    const seconds = stopwatch();
    await train(Number(line));
    say(seconds());
  }
}

/** Batches as the peers take them: rows of X, flat, and Y; the first ones by the problem's indices, the others at random. */
export function batches({ tensors: { X, Y, indices }, sizes: { N, T, B } }) {
  const take = (index) => {
    const [Xb, Yb] = [new Int32Array(B * T), new Int32Array(B)];
    for (let b = 0; b < B; b++) {
      const row = index(b);
      for (let t = 0; t < T; t++) Xb[b * T + t] = X.data[row * T + t];
      Yb[b] = Y.data[row];
    }
    return { Xb, Yb };
  };
  return {
    first: Array.from({ length: indices.shape[0] }, (_, step) => take((b) => indices.data[step * B + b])),
    random: () => take(() => Math.floor(Math.random() * N)),
  };
}
