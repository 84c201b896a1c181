// How long a training step takes: the three passes in both builds, and the peers, all in turn.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Entry, own, peers, type Running, relaxedNode, start } from './contestants.js';
import { inTurn, type Spread, type Turns } from './measure.js';
import { examples, type Size, sizes, title, writeProblem } from './problem.js';

/** The largest relative difference to our loss at which a peer still does the same work. */
const tolerance = 2e-5;
/** Seconds a step above which a contestant does not take part. */
const slowest = 1;

export interface StepTime extends Spread {
  name: string;
  title: string;
}

/** The times of every contestant at a size; ours, fused and strict, come first. */
export interface StepTimes {
  size: Size;
  times: StepTime[];
  /** Why others are missing. */
  missing: string[];
}

const passes = ['fused', 'stepwise', 'autograd'] as const;
const entries = [
  ...passes.map((backward) => own(process.execPath, 'strict', backward)),
  ...(relaxedNode === undefined ? [] : relaxedAnd(relaxedNode)),
  ...peers,
];

/** The relaxed build where it runs and, where that is another Node.js, the strict one there. */
function relaxedAnd(node: string): Entry[] {
  const relaxed = passes.map((backward) => own(node, 'relaxed', backward));
  return node === process.execPath
    ? relaxed
    : [{ ...own(node, 'strict', 'fused'), name: 'fused, strict, there' }, ...relaxed];
}

export async function steps(turns: Turns): Promise<StepTimes[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-bench-'));
  try {
    const dataset = await examples();
    const measured: StepTimes[] = [];
    for (const size of sizes) {
      const problem = join(folder, `${title(size)}.safetensors`);
      await writeProblem(problem, size, dataset);
      measured.push({ size, ...(await measure(problem, turns)) });
    }
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(problem: string, turns: Turns): Promise<Omit<StepTimes, 'size'>> {
  const running: Running[] = [];
  const missing: string[] = [];
  try {
    for (const entry of entries) {
      const started = await start(entry, problem);
      if (typeof started === 'string') missing.push(started);
      else if ((await started.run(1)) > slowest) {
        missing.push(`${entry.name}: more than ${slowest} s a step`);
        started.stop();
      } else running.push(started);
    }
    for (const { name, losses } of running) expectSame(name, losses, running[0]!.losses);
    const times = await inTurn(running, turns);
    return { times: times.map((time, i) => ({ ...time, name: running[i]!.name, title: running[i]!.title })), missing };
  } finally {
    for (const { stop } of running) stop();
  }
}

function expectSame(name: string, losses: readonly number[], ours: readonly number[]): void {
  const same = losses.length === ours.length && losses.every((loss, i) => Math.abs(loss / ours[i]! - 1) < tolerance);
  if (!same) throw new Error(`${name}: expected the losses ${ours.join(', ')}, got ${losses.join(', ')}`);
}
