// Cells run where no code may be made of text, as under a strict Content-Security-Policy, and in workers, which post what they find.

import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { steps, words } from './cells.js';

const url = (name: string) => new URL(`../../dist/${name}.js`, import.meta.url).href;

const program = (send: string) => `
import { init } from ${JSON.stringify(url('index'))};
import { judge, Notebook } from ${JSON.stringify(url('lesson'))};
const words = ${JSON.stringify(words)};
const hg = await init();
const { output } = new Notebook(hg, { words }).run('def f(x): return x * 2\\n[f(i) for i in range(3)]');
const judgement = judge(hg, ${JSON.stringify(steps.dh)}, { words, hidden: 5, embed: 2, batch: 4, given: ['dlogits'] });
${send}
`;

test('where no code may be made of text', () => {
  const source = program('console.log(JSON.stringify([output, judgement.ok]));');
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', source];
  expect(JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }))).toEqual([['[0, 2, 4]'], true]);
  const evil = `try { eval('1'); console.log('ran'); } catch (error) { console.log(error.name); }`;
  expect(execFileSync(process.execPath, [...flags.slice(0, 3), evil], { encoding: 'utf8' })).toBe('EvalError\n');
});

test('in a worker, which posts all of it', async () => {
  const source = program(`(await import('node:worker_threads')).parentPort.postMessage(judgement);`);
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
  const posted = await new Promise<{ ok: boolean; report: { gradients: unknown[]; values: Map<string, unknown> } }>(
    (resolve, reject) => {
      worker.on('message', resolve);
      worker.on('error', reject);
    },
  );
  await worker.terminate();
  expect([posted.ok, posted.report.gradients.length, [...posted.report.values.keys()]]).toEqual([true, 1, ['h']]);
});
