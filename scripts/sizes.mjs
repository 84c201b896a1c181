// Bytes of the compiled modules, and of the package's entry as a bundler for browsers ships it, with the strict module. `npm run size`, with `-- --json` for one JSON object; exit code 1 beyond a limit.

import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Largest sizes in bytes. */
const limits = { core: 64 * 1024, entryGzipped: 64 * 1024 };

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const inputsOf = (name) => metafile.outputs[name].inputs;

const { outputFiles, metafile } = await build({
  entryPoints: [path('src/index.ts')],
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  outdir: path('build/bundle'),
  absWorkingDir: path(''),
  write: false,
  metafile: true,
});
// What importing the entry and creating the default core load. What waits for a use of its own stays out: the relaxed module, and
// the code of the file system and of downloads.
const begin = ['src/index.ts', 'src/core/generated/strict.ts'];
const loaded = new Set(Object.keys(metafile.outputs).filter((name) => begin.some((file) => file in inputsOf(name))));
for (const name of loaded) {
  for (const { path, kind } of metafile.outputs[name].imports) if (kind === 'import-statement') loaded.add(path);
}
const chunks = outputFiles.filter((file) => [...loaded].some((name) => path(name) === file.path));
const bytes = (of) => chunks.reduce((total, { contents }) => total + of(contents).length, 0);
const sizes = {
  core: statSync(path('build/core.wasm')).size,
  relaxed: statSync(path('build/core.relaxed.wasm')).size,
  entry: bytes((contents) => contents),
  entryGzipped: bytes((contents) => gzipSync(contents, { level: 9 })),
};

if (process.argv.includes('--json')) console.log(JSON.stringify(sizes));
else {
  const print = (what, size, limit) => {
    const bound = limit === undefined ? '' : `, at most ${limit}`;
    console.log(`${what.padEnd(45)} ${String(size).padStart(6)} bytes${bound}`);
  };
  print('core.wasm', sizes.core, limits.core);
  print('core.relaxed.wasm', sizes.relaxed);
  print('entry with core.wasm, minified', sizes.entry);
  print('entry with core.wasm, minified, gzipped', sizes.entryGzipped, limits.entryGzipped);
  console.log('\nLargest parts of the entry, minified:');
  const parts = [...loaded].flatMap((name) => Object.entries(inputsOf(name)));
  parts.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [name, { bytesInOutput }] of parts.slice(0, 8)) print(name, bytesInOutput);
}
process.exitCode = sizes.core > limits.core || sizes.entryGzipped > limits.entryGzipped ? 1 : 0;
