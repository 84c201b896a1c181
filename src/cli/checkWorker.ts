// The worker of `handgrad check`: imports a file, and carries out its proofs.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { show } from '../base/show.js';
import { init, type Proof, prove } from '../index.js';
import { reportHtml } from '../report.js';
import { judgedCell } from './checkCell.js';
import type { Judged, Outcome, Task } from './checkRun.js';
import { messageOf } from './streams.js';

const task = workerData as Task;
parentPort!.postMessage(await outcomeOf(task));

async function outcomeOf(task: Task): Promise<Outcome> {
  const { file, dtype, seed, repeat, page, cell } = task;
  try {
    expectFile(file);
    if (cell !== undefined) return { judged: judgedCell(await init(), readFileSync(file, 'utf8'), { ...task, cell }) };
    const proofs = await proofsOf(file);
    const hg = await init();
    const judged: Judged[] = [];
    for (let run = 0; run < repeat; run++) {
      for (const proof of proofs) {
        const report = prove(hg, proof as Proof, { dtype, seed: (seed + run) % 2 ** 32 });
        judged.push({
          seed: (seed + run) % 2 ** 32,
          outcome: report.outcome,
          text: String(report),
          data: report.toJSON(),
          page: page ? reportHtml(report) : undefined,
        });
      }
    }
    return { judged };
  } catch (error) {
    return { failure: `${messageOf(error)}${placeOf(error, file)}` };
  }
}

function expectFile(file: string): void {
  if (!existsSync(file)) throw new Error('expected a file that can be read, got none');
  if (!statSync(file).isFile()) throw new Error('expected a file, got something else under that name');
}

/** The default export of a file: a proof, or a list of them. */
async function proofsOf(file: string): Promise<unknown[]> {
  if (/\.[cm]?ts$/.test(file) && !stripsTypes()) {
    throw new Error(
      `expected JavaScript, got TypeScript, which this Node.js ${process.version} does not run; Node.js 22.18 or later does, and ` +
        'esbuild makes JavaScript of it: npx esbuild proof.ts --bundle --packages=external --format=esm --outfile=proof.mjs',
    );
  }
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const given = await module.default;
  if (given === undefined) throw new Error('expected a default export, a proof or a list of them, got none');
  const proofs = Array.isArray(given) ? given : [given];
  if (proofs.length === 0) throw new Error('expected at least one proof, got an empty list');
  for (const proof of proofs) {
    if (typeof proof !== 'object' || proof === null) throw new Error(`expected a proof, got ${show(proof)}`);
  }
  return proofs;
}

/** Whether this process runs TypeScript. */
function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: string | false }).typescript);
}

/** Where in the file an error came from, as far as its stack tells. */
function placeOf(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frame = stack.split('\n').find((line) => line.includes(pathToFileURL(file).href));
  const place = frame === undefined ? undefined : /:(\d+):\d+\)?$/.exec(frame);
  return place == null ? '' : ` (line ${place[1]})`;
}
