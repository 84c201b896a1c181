// Bytes of the compiled modules, and of the package's entry as a bundler for browsers ships it, with the strict module. `npm run size`, with `-- --json` for one JSON object; exit code 1 beyond a limit.

import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Largest sizes in bytes. */
const limits = { core: 64 * 1024, entryGzipped: 64 * 1024 };

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** A bundle of TypeScript: the bytes that importing it and creating the default core load, and the size of each file in them. */
async function bundled(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: path('src'), loader: 'ts' },
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
  const inputsOf = (name) => metafile.outputs[name].inputs;
  // What waits for a use of its own stays out: the relaxed module, and the code of the file system and of downloads.
  const begin = ['<stdin>', 'src/core/generated/strict.ts'];
  const loaded = new Set(Object.keys(metafile.outputs).filter((name) => begin.some((file) => file in inputsOf(name))));
  for (const name of loaded) {
    for (const { path, kind } of metafile.outputs[name].imports) if (kind === 'import-statement') loaded.add(path);
  }
  const chunks = outputFiles.filter((file) => [...loaded].some((name) => path(name) === file.path));
  const bytes = (of) => chunks.reduce((total, { contents }) => total + of(contents).length, 0);
  return {
    minified: bytes((contents) => contents),
    gzipped: bytes((contents) => gzipSync(contents, { level: 9 })),
    parts: [...loaded].flatMap((name) => Object.entries(inputsOf(name))),
  };
}

const index = readFileSync(path('src/index.ts'), 'utf8');
/** The entry and others with it. */
const withOthers = (...names) =>
  bundled([index, ...names.map((name) => readFileSync(path(`src/${name}.ts`), 'utf8'))].join('\n'));
const entry = await bundled(index);
const proof = await withOthers('proof');
const lesson = await withOthers('proof', 'lesson');
const sizes = {
  core: statSync(path('build/core.wasm')).size,
  relaxed: statSync(path('build/core.relaxed.wasm')).size,
  entry: entry.minified,
  entryGzipped: entry.gzipped,
  proof: proof.gzipped - entry.gzipped,
  lesson: lesson.gzipped - proof.gzipped,
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
  print('handgrad/proof beside it, gzipped', sizes.proof);
  print('handgrad/lesson beside both, gzipped', sizes.lesson);
  console.log('\nLargest parts of the entry, minified:');
  const { parts } = entry;
  parts.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [name, { bytesInOutput }] of parts.slice(0, 8)) print(name, bytesInOutput);
}
process.exitCode = sizes.core > limits.core || sizes.entryGzipped > limits.entryGzipped ? 1 : 0;
