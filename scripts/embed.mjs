// Writes each compiled module as a base64 TypeScript constant, so that the package needs no file, URL or MIME type at run time.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const target = new URL('../src/core/generated/', import.meta.url);
mkdirSync(target, { recursive: true });
for (const [name, file] of [
  ['strict', 'core.wasm'],
  ['relaxed', 'core.relaxed.wasm'],
]) {
  const bytes = readFileSync(new URL(`../build/${file}`, import.meta.url));
  writeFileSync(new URL(`${name}.ts`, target), `export const wasm = '${bytes.toString('base64')}';\n`);
}
