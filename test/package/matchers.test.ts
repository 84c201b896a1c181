// `handgrad/vitest` and the types of proofs in a project that has the package and vitest installed.

import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, inject, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';

const run = promisify(execFile);
const modules = fileURLToPath(projectUrl('node_modules'));
const project = join(inject('project'), 'matchers');

/** A test of a proof whose backward pass multiplies by `factor`. */
const program = (factor: number, gradient = 'd.x') => `
import { init } from 'handgrad';
import { defineProof, prove } from 'handgrad/proof';
import { expect, test } from 'vitest';
import 'handgrad/vitest';

const hg = await init();
const proof = defineProof({
  name: 'squares',
  inputs: (hg) => ({ x: hg.randn([3], { requiresGrad: true }) }),
  forward: ({ x }) => ({ loss: x.pow(2).sum() }),
  backward: (t, d) => {
    ${gradient} = t.x.mul(${factor});
  },
});

test('squares', () => {
  expect(prove(hg, proof)).toBeProved({ undecided: 'fail' });
  expect(hg.ones([2])).toEqual(hg.ones([2]));
  expect(hg.ones([2])).toMatchGradient(hg.ones([2]), { truth: hg.ones([2], { dtype: 'float64' }) });
});
`;

beforeAll(() => {
  // With all that vitest needs at hand, and the package as it was installed.
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  cpSync(join(inject('project'), 'node_modules/handgrad'), join(project, 'node_modules/handgrad'), { recursive: true });
  for (const name of ['vitest', '@assemblyscript', 'typescript']) {
    symlinkSync(join(modules, name), join(project, 'node_modules', name));
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'matchers', type: 'module' }));
  writeFileSync(join(project, 'vitest.config.ts'), 'export default {};\n');
});

/** What vitest makes of a test file. */
async function tested(name: string, code: string): Promise<{ code: number; output: string }> {
  writeFileSync(join(project, name), code);
  const vitest = [join(modules, 'vitest/vitest.mjs'), 'run', name, '--root', project];
  const env = { ...process.env, NO_COLOR: '1' };
  return run(process.execPath, vitest, { cwd: project, env }).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  );
}

test('a right proof passes, a wrong one fails with the report', { timeout: 120_000 }, async () => {
  expect(await tested('right.test.ts', program(2))).toMatchObject({ code: 0 });
  const { code, output } = await tested('wrong.test.ts', program(3));
  expect(code).toBe(1);
  expect(output).toContain('First wrong step: dx: 3/2 times what it should be');
});

test('a misspelt gradient is an error of types', { timeout: 60_000 }, () => {
  const compilerOptions = { module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom'], types: [], strict: true };
  const options = { ...compilerOptions, skipLibCheck: true, noEmit: true };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['typed.test.ts'] }));
  const tsc = (code: string) => {
    writeFileSync(join(project, 'typed.test.ts'), code);
    return spawnSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', project], { encoding: 'utf8' })
      .stdout;
  };
  expect(tsc(program(2))).toBe('');
  expect(tsc(program(2, 'd.gain'))).toMatch(
    /^[^\n]*typed\.test\.ts\(\d+,7\): error TS2339: Property 'gain' does not exist/,
  );
});
