// The package as installed, in Node, in a worker thread, and in the engines of engines/package.json.

import { execFile, execFileSync } from 'node:child_process';
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

/** Installs the engines, once; offline this fails, and what is not there is skipped. */
function installed(): string[] {
  const modules = join(engines, 'node_modules');
  if (!existsSync(modules)) {
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    try {
      execFileSync('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: engines, timeout: 60_000, stdio: 'ignore' });
    } catch {
      return [];
    }
  }
  return readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((name) => join(modules, name));
}

const files = installed();
const executable = (pattern: RegExp) => files.find((file) => pattern.test(file.replaceAll('\\', '/')));

const node24 = executable(/\/node-[^/]+\/bin\/node$/);
const bun = executable(/\/@oven\/bun-[^/]+\/bin\/bun$/);
const deno = executable(/\/@deno\/[^/]+\/deno$/);

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

for (const [name, command, args] of [
  ['Node 24', node24, ['main.js']],
  ['Bun', bun, ['main.js']],
  ['Deno', deno, ['run', '--no-prompt', '--allow-read=.', 'main.js']],
] as const) {
  test.skipIf(command === undefined)(
    `${name}${command === undefined ? ' (skipped: it is not installed)' : ''}`,
    async () => {
      expectRight({ name: name.split(' ')[0]!, version: versionOf(command!) }, await printed(command!, args));
    },
  );
}

test('the command line', async () => {
  const bin = join(project, 'node_modules/.bin/handgrad');
  expect((await run(bin, ['notebook'], { cwd: project })).stdout).toContain(
    '26 of 26 gradients of exercise 1 are exact',
  );
});
