// Measurements in turn: whoever is compared runs a slice in every round, so that whatever else the machine does meets them all.

import { Bench } from 'tinybench';
import { stopwatch } from './peers/clock.mjs';

/** Someone who repeats a piece of work. */
export interface Contestant {
  name: string;
  /** Seconds that `times` repetitions take. */
  run(times: number): number | Promise<number>;
}

/** Seconds of one repetition: median, and the 10th and 90th percentile. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

export interface Turns {
  rounds: number;
  /** Seconds of a slice, as near as whole repetitions come to it. */
  slice: number;
}

/**
 * What each contestant's slices took, in the order given; the first slices, while engines still compile, do not count. Each counted
 * slice follows one that is not, for while the others had their turns, caches and memory went to them.
 */
export async function inTurn(contestants: readonly Contestant[], { rounds, slice }: Turns): Promise<Spread[]> {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false });
  const seconds = contestants.map((): number[] => []);
  for (const [i, { name, run }] of contestants.entries()) {
    const times = await repetitions(run, slice);
    bench.add(`${i} ${name}`, async () => {
      await run(times);
      const perTime = (await run(times)) / times;
      seconds[i]!.push(perTime);
      return { overriddenDuration: perTime * 1000 };
    });
  }
  for (let round = 0; round < rounds; round++) {
    bench.reset();
    await bench.run();
  }
  for (const { result, name } of bench.tasks)
    if (result.state === 'errored') throw new Error(name, { cause: result.error });
  return seconds.map(spread);
}

/** Seconds that everyone runs for before anything counts, so that engines have compiled. */
const warmUp = 0.3;

/** How often a piece of work fits into a slice, once it is warm. */
async function repetitions(run: Contestant['run'], slice: number): Promise<number> {
  let times = 1;
  for (let total = 0; total < warmUp; ) {
    const taken = await run(times);
    total += taken;
    times = Math.max(1, Math.min(Math.round((times * slice) / taken), 10 * times));
  }
  return times;
}

export function spread(seconds: readonly number[]): Spread {
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** A contestant of this process. */
export function repeated(name: string, work: () => void): Contestant {
  return {
    name,
    run(times) {
      const seconds = stopwatch();
      for (let i = 0; i < times; i++) work();
      return seconds();
    },
  };
}
