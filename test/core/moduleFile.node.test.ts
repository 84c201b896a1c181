// A module that is given by the URL of its file.

import { expect, test } from 'vitest';
import { create, ModuleError } from '../../src/index.js';

const url = (name: string) => new URL(`../../build/${name}`, import.meta.url);

test.each([
  ['a URL', url('core.wasm')],
  ['its text', url('core.wasm').href],
  ['in capitals', url('core.wasm').href.replace('file', 'FILE')],
])('is read: %s', async (_, wasm) => {
  const hg = await create({ wasm });
  expect(hg.tensor([1, 2]).sum().item()).toBe(3);
});

test.each<[string, URL | string, RegExp]>([
  ['that is not there', url('absent.wasm'), /^wasm: expected a module from file:.*absent\.wasm, got "ENOENT/],
  ['that is a folder', url('./'), /^wasm: expected a module from file:.*build\/, got "EISDIR/],
  ['on another host', 'file://host/core.wasm', /^wasm: expected a module from file:.*core\.wasm, got "/],
  ['with a name that is none', 'file:///%00', /^wasm: expected a module from file:.*, got "/],
  ['that is no URL', 'file://[', /^wasm: expected a module from file:\/\/\[, got "/],
  [
    'that is no module',
    url('../package.json'),
    /^wasm: expected a WebAssembly module, got \d+ bytes that begin with "{/,
  ],
])('one %s is a ModuleError', async (_, wasm, message) => {
  const failure = await create({ wasm }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ModuleError);
  expect((failure as Error).message).toMatch(message);
});
