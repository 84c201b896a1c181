// npm run fuzz -- [targets…] [--runs N] [--seed S] [--minutes M] [--from R] [--first] [--only regexp] [--mends]
// Runs the targets one after the other, says what they found, and exits with code 1 where that is something.

import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { describe, fuzz } from './harness.js';
import { names, targetOf } from './targets.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    from: { type: 'string' },
    first: { type: 'boolean', default: false },
    only: { type: 'string' },
    mends: { type: 'boolean', default: false },
  },
});

function natural(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`--${name}: expected an integer, got ${text}`);
  return value;
}

/** Ends the process where a run takes longer than `seconds`, after saying which. */
function watchdog(target: string, seed: number, seconds: number) {
  const run = new Int32Array(new SharedArrayBuffer(4));
  const watch = `
    const { workerData: { run, text, seconds } } = require('node:worker_threads');
    let [last, since] = [-1, Date.now()];
    setInterval(() => {
      const now = Atomics.load(run, 0);
      if (now !== last) [last, since] = [now, Date.now()];
      else if (Date.now() - since > 1000 * seconds) {
        require('node:fs').writeSync(2, text + ' --from ' + now + ' --runs 1: no end after ' + seconds + ' s\\n');
        process.kill(process.pid, 'SIGKILL');
      }
    }, 500);`;
  const text = `npm run fuzz -- ${target} --seed ${seed}`;
  const worker = new Worker(watch, { eval: true, workerData: { run, text, seconds } });
  worker.unref();
  return { beat: (at: number) => void Atomics.store(run, 0, at), end: () => worker.terminate() };
}

async function main(): Promise<number> {
  if (values.mends) return (await import('./mends.js')).checkMends(positionals);
  const chosen = positionals.length > 0 ? positionals : names;
  const seed = natural('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const [runs, from] = [natural('runs', values.runs), natural('from', values.from)];
  const milliseconds = values.minutes === undefined ? undefined : (Number(values.minutes) * 60_000) / chosen.length;
  let found = 0;
  for (const name of chosen) {
    const target = await targetOf(name);
    const dog = watchdog(name, seed, target.patience);
    const unlimited = milliseconds === undefined ? {} : { milliseconds, runs: Number.MAX_SAFE_INTEGER };
    const report = await fuzz(target, {
      seed,
      first: values.first,
      beat: dog.beat,
      ...unlimited,
      ...(runs !== undefined && { runs }),
      ...(from !== undefined && { from }),
      ...(values.only !== undefined && { only: new RegExp(values.only) }),
    });
    await dog.end();
    writeSync(1, `${describe(report)}\n`);
    found += report.found.length;
  }
  return found === 0 ? 0 : 1;
}

process.exitCode = await main();
