// The proofs of examples/proofs are right, and stand in docs/proving-gradients.md as they are.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { handgrad } from '../cli/run.js';

const root = new URL('../../', import.meta.url);
const path = (name: string) => fileURLToPath(new URL(name, root));
const guide = readFileSync(path('docs/proving-gradients.md'), 'utf8');

/** The softmax is built by asc beside a copy of its proof. */
function built(): string {
  const folder = 'build/proofs/softmax';
  mkdirSync(path(folder), { recursive: true });
  copyFileSync(path('examples/proofs/softmax/proof.mjs'), path(`${folder}/proof.mjs`));
  const options = ['--outFile', `${folder}/kernel.wasm`, '--runtime', 'stub', '--use', 'abort='];
  // Another file of options, so that the module is not built as the project's own.
  const asc = [path('node_modules/assemblyscript/bin/asc.js'), 'examples/proofs/softmax/kernel.ts', ...options];
  execFileSync(process.execPath, [...asc, '--config', 'none'], { cwd: path('.') });
  return path(`${folder}/proof.mjs`);
}

describe.concurrent('handgrad check finds right', () => {
  test.each<[string, () => string]>([
    ['crossEntropy.mjs', () => path('examples/proofs/crossEntropy.mjs')],
    ['layerNorm.mjs', () => path('examples/proofs/layerNorm.mjs')],
    ['attention.mjs', () => path('examples/proofs/attention.mjs')],
    ['softmax/proof.mjs', built],
  ])('%s', { timeout: 60_000 }, async (_, file) => {
    const { code, stdout, stderr } = await handgrad('check', file(), '--repeat', '2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/\n2 of 2 runs are right\.\n$/);
  });
});

test.each(['crossEntropy.mjs', 'layerNorm.mjs', 'attention.mjs', 'softmax/kernel.ts', 'softmax/proof.mjs'])(
  'the guide has %s as it is',
  (name) => {
    expect(guide).toContain(`\n${readFileSync(path(`examples/proofs/${name}`), 'utf8')}\`\`\`\n`);
  },
);
