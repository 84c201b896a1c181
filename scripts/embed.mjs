// Writes each compiled module, compressed, as a base64 TypeScript constant, so that the package needs no file, URL or MIME type at
// run time. Compressed before and not after base64, it is a third smaller on the wire.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import zopfli from '@gfx/zopfli';

const target = new URL('../src/core/generated/', import.meta.url);
mkdirSync(target, { recursive: true });
for (const [name, file] of [
  ['strict', 'core.wasm'],
  ['relaxed', 'core.relaxed.wasm'],
]) {
  const wasm = readFileSync(new URL(`../build/${file}`, import.meta.url));
  const bytes = await zopfli.deflateAsync(wasm, { numiterations: 15 });
  writeFileSync(new URL(`${name}.ts`, target), `export const wasm = '${Buffer.from(bytes).toString('base64')}';\n`);
}
