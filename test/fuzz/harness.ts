// What the targets have in common: runs with a seed each, findings, and the search for the shortest way to one.

import { performance } from 'node:perf_hooks';
import { derive, Random } from './random.js';

/** Something that is not as promised. `key` tells findings of different causes apart, `call` says what was done. */
export class Finding extends Error {
  override readonly name = 'Finding';
  readonly key: string;
  readonly call: string;
  /** Whether its world can go on. */
  readonly harmless: boolean;

  constructor(key: string, call: string, { harmless = false, ...options }: ErrorOptions & { harmless?: boolean } = {}) {
    super(key, options);
    this.key = key;
    this.call = call;
    this.harmless = harmless;
  }
}

/** A world in which runs take place one after the other. */
export interface World {
  /** One run, by the choices of `random`. Throws a Finding. */
  run(random: Random): void | Promise<void>;
  close?(): void | Promise<void>;
}

export interface Target {
  readonly name: string;
  /** Runs unless another number is asked for. */
  readonly runs: number;
  /** Runs in `npm test`. */
  readonly quick: number;
  /** Runs in one world. */
  readonly together: number;
  /** Seconds that one run may take before the watchdog ends the process. */
  readonly patience: number;
  /** A new world, the same for the same seed. */
  open(seed: number): World | Promise<World>;
  /** What else there is to say of the runs so far. */
  summary?(): string;
}

export interface Settings {
  readonly seed: number;
  readonly runs?: number;
  /** The first run; with `runs` 1 a single one is done again. */
  readonly from?: number;
  /** Ends after this time. */
  readonly milliseconds?: number;
  /** Ends at the first finding. */
  readonly first?: boolean;
  /** Passes over findings whose keys do not match. */
  readonly only?: RegExp;
  /** Called before each run. */
  readonly beat?: (run: number) => void;
}

export interface Found {
  readonly key: string;
  readonly call: string;
  /** The run that came first. */
  readonly run: number;
  /** Runs of its world before it that it needs; undefined where it does not happen again. */
  readonly after: number | undefined;
  /** How often it was found. */
  times: number;
}

export interface Report {
  readonly target: string;
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  readonly found: readonly Found[];
  readonly summary: string | undefined;
}

/** How the key of a call that takes too long ends. */
export const slowly = 'takes too long';

/** Distinct findings after which a target ends. */
const most = 1000;

/** Carries out the runs of a target. */
export async function fuzz(target: Target, settings: Settings): Promise<Report> {
  const {
    seed,
    runs = target.runs,
    from = 0,
    milliseconds = Number.POSITIVE_INFINITY,
    first = false,
    only,
    beat,
  } = settings;
  const found = new Map<string, Found>();
  const start = performance.now();
  let run = from;
  const note = async (error: unknown, at: number) => {
    const finding = asFinding(error);
    if (only?.test(finding.key) === false) return;
    const known = found.get(finding.key);
    if (known !== undefined) known.times++;
    else {
      const { key, call } = finding;
      const after = await shortest(target, seed, at, key, from);
      // A call that was slow once, on a machine that does other things too, is none.
      if (after === undefined && key.endsWith(slowly)) return;
      found.set(key, { key, call, run: at, after, times: 1 });
    }
  };
  const over = () => run >= from + runs || performance.now() - start > milliseconds || found.size >= (first ? 1 : most);
  while (!over()) {
    const world = await target.open(derive(seed, Math.floor(run / target.together)));
    do {
      const at = run++;
      beat?.(at);
      try {
        const pending = world.run(new Random(derive(seed ^ 0x5bd1e995, at)));
        if (pending !== undefined) await pending;
      } catch (error) {
        await note(error, at);
        if (!(error instanceof Finding && error.harmless)) break;
      }
    } while (run % target.together !== 0 && !over());
    await world.close?.();
  }
  const seconds = (performance.now() - start) / 1000;
  const summary = target.summary?.();
  return { target: target.name, seed, runs: run - from, seconds, found: [...found.values()], summary };
}

/** How many runs before run `at` it takes to find `key` again: as few of 0, 1, 3, 7, … as do, or all of its world. */
async function shortest(
  target: Target,
  seed: number,
  at: number,
  key: string,
  from: number,
): Promise<number | undefined> {
  const begin = Math.max(Math.floor(at / target.together) * target.together, from);
  for (let before = 0; ; before = 2 * before + 1) {
    const start = Math.max(at - before, begin);
    if (await happens(target, seed, start, at, key)) return at - start;
    if (start === begin) return undefined;
  }
}

async function happens(target: Target, seed: number, start: number, at: number, key: string): Promise<boolean> {
  const world = await target.open(derive(seed, Math.floor(at / target.together)));
  try {
    for (let run = start; run <= at; run++) {
      try {
        await world.run(new Random(derive(seed ^ 0x5bd1e995, run)));
      } catch (error) {
        if (!(error instanceof Finding && error.harmless) || run === at) throw error;
      }
    }
  } catch (error) {
    return asFinding(error).key === key;
  } finally {
    await world.close?.();
  }
  return false;
}

/** An error that is no finding is one of the fuzz itself, and as good as one. */
function asFinding(error: unknown): Finding {
  if (error instanceof Finding) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Finding(`not a finding but an error: ${text.split('\n')[0]}`, text);
}

/** A report in a few lines, with what finds each thing again. */
export function describe({ target, seed, runs, seconds, found, summary }: Report): string {
  const speed = Number((runs / Math.max(seconds, 1e-3)).toPrecision(2));
  const head = `${target}: seed ${seed}, ${runs} runs in ${seconds.toFixed(1)} s (${speed} a second), ${found.length} found`;
  const lines = found.map(({ key, call, run, after, times }) => {
    const again =
      after === undefined
        ? `seen in run ${run}, not again`
        : `npm run fuzz -- ${target} --seed ${seed} --from ${run - after} --runs ${after + 1}`;
    return `  ${key} (${times} times)\n    ${call.replaceAll('\n', '\n    ')}\n    ${again}`;
  });
  return [summary === undefined ? head : `${head} (${summary})`, ...lines].join('\n');
}
