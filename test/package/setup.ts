// Packs the package once, as it has been built, and installs it into a throw-away project, which the tests of this folder then use as anyone would.

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transformSync } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { projectUrl } from '../support/fixture.js';
import { example } from './environment.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the project. */
    project: string;
    /** Path of the tarball. */
    tarball: string;
  }
}

const root = fileURLToPath(projectUrl('.'));
const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

export default async function setup({ provide }: TestProject): Promise<() => void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'handgrad-package-')));
  const project = join(folder, 'project');
  mkdirSync(project);
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, ...quiet], {
      cwd: root,
      encoding: 'utf8',
    }),
  );
  const tarball = join(folder, packed.filename);
  install(project, tarball);
  await write(project);
  provide('project', project);
  provide('tarball', tarball);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** The tarball, and its dependencies as they lie here, so that no network is needed. */
function install(project: string, tarball: string): void {
  const readers = ['common', 'highlight', 'lr', 'python'].map((name) => `@lezer/${name}`);
  const names = ['@assemblyscript/loader', ...readers, 'commander'];
  const dependencies = {
    handgrad: `file:${tarball}`,
    ...Object.fromEntries(names.map((name) => [name, `file:${join(root, 'node_modules', name)}`])),
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  execFileSync('npm', ['install', '--offline', '--install-links', '--ignore-scripts', ...quiet], {
    cwd: project,
    stdio: 'inherit',
  });
}

/** main.js: the README's example, then the probe; names.txt beside it, for the probe and for pages. */
async function write(project: string): Promise<void> {
  const at = (name: string) => join(project, name);
  writeFileSync(at('example.ts'), example);
  writeFileSync(at('example.js'), transformSync(example, { loader: 'ts', target: 'es2022' }).code);
  writeFileSync(at('main.js'), "import './example.js';\nimport './probe.js';\n");
  copyFileSync(projectUrl('names.txt'), at('names.txt'));
  await build({
    entryPoints: [fileURLToPath(projectUrl('test/package/probe.ts'))],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['handgrad'],
    outfile: at('probe.js'),
  });
}
