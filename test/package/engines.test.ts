// The package as installed, in Node, in a worker thread, and in the engines of engines/package.json.

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';
import { expectRight } from './environment.js';

const run = promisify(execFile);
const project = inject('project');
const engines = fileURLToPath(projectUrl('test/package/engines'));

/** The files of the engines, which are installed once; without a network there are none. */
function installed(): string[] {
  const modules = join(engines, 'node_modules');
  if (!existsSync(modules)) {
    const options = ['--ignore-scripts', '--no-package-lock', '--fetch-retries=0', '--no-audit', '--no-fund'];
    spawnSync('npm', ['install', ...options], { cwd: engines, timeout: 120_000 });
  }
  return existsSync(modules) ? readdirSync(modules, { recursive: true, encoding: 'utf8' }) : [];
}

const files = installed();
function executable(pattern: RegExp): string | undefined {
  const file = files.find((name) => pattern.test(`/${name.replaceAll('\\', '/')}`));
  return file && join(engines, 'node_modules', file);
}

const node24 = executable(/\/node-[^/]+\/bin\/node$/);
const others = [
  { name: 'Node 24', command: node24, args: ['main.js'] },
  { name: 'Bun', command: executable(/\/@oven\/bun-[^/]+\/bin\/bun$/), args: ['main.js'] },
  {
    name: 'Deno',
    command: executable(/\/@deno\/[^/]+\/deno$/),
    args: ['run', '--no-prompt', '--allow-read=.', 'main.js'],
  },
];
const missing = others.filter(({ command }) => command === undefined);
if (missing.length > 0) console.warn(`skipped, not installed: ${missing.map(({ name }) => name).join(', ')}`);

async function printed(command: string, args: readonly string[]): Promise<string[]> {
  return (await run(command, args, { cwd: project, timeout: 60_000 })).stdout.split('\n');
}

/** What `--version` of an engine prints, its number alone. */
const versionOf = (command: string) =>
  /\d+\.\d+\.\d+/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' }))![0];

test('this Node', async () => {
  expectRight({ name: 'Node', version: process.versions.node }, await printed(process.execPath, ['main.js']));
});

test('a worker thread', async () => {
  writeFileSync(join(project, 'thread.js'), "new (await import('node:worker_threads')).Worker('./main.js');\n");
  const environment = { name: 'Node, worker thread', version: process.versions.node };
  expectRight(environment, await printed(process.execPath, ['thread.js']));
});

for (const { name, command, args } of others) {
  test.skipIf(command === undefined)(name, async () => {
    const environment = { name: name.split(' ')[0]!, version: versionOf(command!) };
    expectRight(environment, await printed(command!, args));
  });
}

test.skipIf(node24 === undefined)('a proof in TypeScript, where Node strips types', async () => {
  const typed = `import type { Handgrad, Tensor } from 'handgrad';
import { defineProof } from 'handgrad/proof';
const twice = (x: Tensor): Tensor => x.mul(2);
export default defineProof({
  inputs: (hg: Handgrad) => ({ x: hg.randn([4, 3], { requiresGrad: true }) }),
  forward: ({ x }) => ({ loss: twice(x).sum() }),
  backward: (t, d, hg) => {
    d.x = hg.onesLike(t.x).mul(FACTOR) satisfies Tensor;
  },
});
`;
  const main = 'node_modules/handgrad/dist/cli/main.js';
  const check = (factor: string) => {
    writeFileSync(join(project, 'proof.ts'), typed.replace('FACTOR', factor));
    return run(node24!, [main, 'check', 'proof.ts'], { cwd: project, timeout: 60_000 });
  };
  expect((await check('2')).stdout).toMatch(/\nRight: 1 exact\.\n$/);
  await expect(check('3')).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('First wrong step: dx: 3/2 times what it should be'),
  });
});

test('the command line', async () => {
  const bin = join(project, 'node_modules/.bin/handgrad');
  expect((await run(bin, ['notebook'], { cwd: project })).stdout).toContain(
    '26 of 26 gradients of exercise 1 are exact',
  );
});
