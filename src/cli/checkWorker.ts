// The worker of `handgrad check`: imports a file, and carries out its proofs.

import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { init } from '../index.js';
import { proofsOf, prove } from '../proof.js';
import { reportHtml } from '../report.js';
import { judgedCell } from './checkCell.js';
import type { Judged, Outcome, Task } from './checkRun.js';
import { expectFile, importFile, placeOf } from './proofFile.js';
import { messageOf } from './streams.js';

const task = workerData as Task;
parentPort!.postMessage(await outcomeOf(task));

async function outcomeOf(task: Task): Promise<Outcome> {
  const { file, dtype, seed, repeat, page, cell } = task;
  try {
    expectFile(file);
    if (cell !== undefined) return { judged: judgedCell(await init(), readFileSync(file, 'utf8'), { ...task, cell }) };
    const proofs = await proofsOf(await importFile(file));
    const hg = await init();
    const judged: Judged[] = [];
    for (let run = 0; run < repeat; run++) {
      for (const proof of proofs) {
        const report = prove(hg, proof, { dtype, seed: (seed + run) % 2 ** 32 });
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
