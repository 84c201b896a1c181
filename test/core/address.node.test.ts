// Where a process may have few addresses, as under `ulimit -v`, a core begins or says in a typed error what is missing.

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const entry = new URL('../../dist/index.js', import.meta.url).href;
const program = `
  import { init } from ${JSON.stringify(entry)};
  try {
    console.log((await init()).ones([2]).sum().item());
  } catch (error) {
    console.log(error.name + ': ' + error.message);
  }
`;

/** What the program prints where it may have 4 GB of addresses. */
function limited(...options: string[]): { stdout: string; stderr: string } {
  const command = `ulimit -v 4000000; exec "$0" "$@"`;
  const words = ['-c', command, process.execPath, ...options, '--input-type=module', '-e', program];
  return spawnSync('/bin/sh', words, { encoding: 'utf8' });
}

const unlimited = process.platform === 'win32' || process.platform === 'darwin';

test.skipIf(unlimited)('a core begins in 4 GB of addresses when Node.js reserves none for traps', () => {
  expect(limited('--disable-wasm-trap-handler')).toMatchObject({ stdout: '2\n', stderr: '' });
});

test.skipIf(unlimited)('where Node.js reserves 10 GiB, the error says so', () => {
  const { stdout, stderr } = limited();
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^(2|OutOfMemoryError: memory: expected room for 1 to 65536 pages, got .*--disable-wasm-trap-handler)\n$/,
  );
});
