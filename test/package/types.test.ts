// The declarations as installed, under both ways in which TypeScript finds them.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';
import { example } from './environment.js';
import { download, onPage, programsForNode } from './readme.js';

const run = promisify(execFile);
const project = inject('project');
const tsc = fileURLToPath(projectUrl('node_modules/typescript/bin/tsc'));

/** What tsc says of a file under these options. */
async function checked(code: string, moduleResolution: string): Promise<string> {
  const folder = join(project, 'types');
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    noEmit: true,
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
  writeFileSync(join(folder, 'example.ts'), code);
  return run(process.execPath, [tsc, '-p', folder]).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

test.each(['bundler', 'nodenext'])(
  'moduleResolution %s: no errors, in the declarations neither',
  async (resolution) => {
    expect(await checked(example, resolution)).toBe('');
  },
);

test.each([...programsForNode.map(({ code }) => code), onPage + download])(
  'program %# of the README is strict TypeScript as it is',
  async (code) => {
    expect(await checked(code, 'nodenext')).toBe('');
  },
);

test('a wrong argument is an error', async () => {
  const code = example.replace('hg.randint(0, 27, [32])', "hg.randint(0, 27, ['32'])");
  expect(await checked(code, 'bundler')).toMatch(/example\.ts.*error TS2322/);
});
