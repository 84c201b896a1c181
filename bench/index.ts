// npm run bench: measures, prints the tables, writes docs/performance.md and the README's table. `-- --rounds 5` is faster, `-- --run`
// adds a whole run of 200,000 steps.

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, type } from 'node:os';
import { parseArgs } from 'node:util';
import { kernels } from './kernels.js';
import { headline, report } from './report.js';
import { rooflines } from './roofline.js';
import { run } from './run.js';
import { steps } from './step.js';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '21' }, run: { type: 'boolean', default: false } },
});
const rounds = Number(options.rounds);
if (!(Number.isInteger(rounds) && rounds > 0))
  throw new RangeError(`rounds: expected 1 or more, got ${options.rounds}`);

const [load] = loadavg();
const measured = {
  machine: `${availableParallelism()} cores of an ${cpus()[0]!.model}, ${type()}, Node ${process.versions.node} (V8 ${process.versions.v8})`,
  load: load!,
  rounds,
  kernels: await kernels({ rounds, slice: 0.003 }),
  steps: await steps({ rounds, slice: 0.02 }),
  rooflines: await rooflines(),
  run: options.run ? await run() : undefined,
};
const text = report(measured);
console.log(text);
writeFileSync(new URL('../docs/performance.md', import.meta.url), text);
const readme = new URL('../README.md', import.meta.url);
const marked = /(?<=<!-- npm run bench -->\n)[\s\S]*?(?=<!-- -->)/;
writeFileSync(
  readme,
  readFileSync(readme, 'utf8').replace(marked, () => `\n${headline(measured)}\n\n`),
);
