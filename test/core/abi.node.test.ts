// What `npm run abi` writes, and the module that was built.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assemblyFiles, typeScriptFiles } from '../../scripts/abi.js';
import { frameStruct } from '../../src/mlp/frame.js';
import { parameterNames } from '../../src/mlp/layout.js';
import { moduleBytes } from '../support/builds.js';
import { wasmSections } from '../support/wasmSections.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the files of the ABI are what `npm run abi` writes', () => {
  for (const files of [assemblyFiles, typeScriptFiles]) {
    for (const [path, text] of files()) expect(read(path), path).toBe(text);
  }
});

test('the module exports the functions that TypeScript knows, and no others', () => {
  const known = [...read('src/core/exports.ts').matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  expect(known).toContain('add_f32');
  expect(known.sort()).toEqual(
    wasmSections(moduleBytes('strict'))
      .exports.filter((name) => name !== 'memory')
      .sort(),
  );
});

test('a frame ends with parameters, gradients, and what a rule keeps, each laid out as the struct of parameters', () => {
  const names = frameStruct.fields.map(([name]) => name);
  const groups = ['', 'd', 'kept_'].flatMap((prefix) => parameterNames.map((name) => prefix + name));
  expect(names.slice(-groups.length)).toEqual(groups);
});
