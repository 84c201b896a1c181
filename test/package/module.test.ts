import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Numbers of sections in the binary format. */
const [globalSection, startSection, dataSection] = [6, 8, 11];

/** The numbers of a module's sections. */
function sections(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    found.push(bytes[at++]!);
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    at += size;
  }
  return found;
}

test.each(['core.wasm', 'core.relaxed.wasm'])('%s has no state: no start function, no globals', (file) => {
  const found = sections(readFileSync(new URL(`../../build/${file}`, import.meta.url)));
  expect(found).toContain(dataSection);
  expect(found).not.toContain(startSection);
  expect(found).not.toContain(globalSection);
});

test('core.wasm imports its memory alone', () => {
  const bytes = readFileSync(new URL('../../build/core.wasm', import.meta.url));
  expect(WebAssembly.Module.imports(new WebAssembly.Module(bytes))).toEqual([
    { module: 'env', name: 'memory', kind: 'memory' },
  ]);
});
