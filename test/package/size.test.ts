// Bytes that users download.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, inject, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';
import { resultsFolder } from './environment.js';

const project = inject('project');

/** What a bundler makes of `names`, minified, and its bytes gzipped. */
async function bundled(names: string): Promise<{ text: string; gzipped: number }> {
  return bundledProgram(`export { ${names} } from 'handgrad';`);
}

async function bundledProgram(contents: string): Promise<{ text: string; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const [bundle] = outputFiles;
  return { text: bundle!.text, gzipped: gzipSync(bundle!.contents, { level: 9 }).length };
}

/** How the embedded module begins. */
const [, embedded] = /'(.{50})/.exec(
  readFileSync(join(project, 'node_modules/handgrad/dist/core/generated/strict.js'), 'utf8'),
)!;

test('the core is at most 64 KB, the entry with the core inside at most 64 KB gzipped', () => {
  const { core, entryGzipped } = JSON.parse(
    execFileSync(process.execPath, ['scripts/sizes.mjs', '--json'], { cwd: projectUrl('.'), encoding: 'utf8' }),
  );
  expect(core).toBeGreaterThan(10_000);
  expect(core).toBeLessThanOrEqual(64 * 1024);
  expect(entryGzipped).toBeGreaterThan(10_000);
  expect(entryGzipped).toBeLessThanOrEqual(64 * 1024);
});

const smallest = [
  ['allclose', 2304],
  ['cmp', 3392],
  ['parseSafetensors, formatSafetensors', 4096],
  ['parseWords, split, Vocabulary, buildDataset', 4096],
] as const;

test.each(smallest)('%s alone is at most %i bytes gzipped, without the core', async (names, limit) => {
  const { text, gzipped } = await bundled(names);
  expect(text).not.toContain(embedded!);
  expect(text).not.toContain('WebAssembly');
  expect(gzipped).toBeLessThanOrEqual(limit);
});

test('init brings the core', async () => {
  expect((await bundled('init')).text).toContain(embedded!);
});

test('sizes are kept for docs/compatibility.md', async () => {
  const sizes = [['the tarball', statSync(inject('tarball')).size]];
  for (const [names] of smallest) sizes.push([`\`import { ${names} }\``, (await bundled(names)).gzipped]);
  mkdirSync(resultsFolder, { recursive: true });
  writeFileSync(new URL('sizes.json', resultsFolder), JSON.stringify(sizes));
});

test('what proves and what draws are entries of their own', async () => {
  const [verdicts, cells] = ['handgrad-report-1', 'hg-cells'];
  const all = (...entries: string[]) => bundledProgram(entries.map((entry) => `export * from '${entry}';`).join('\n'));
  const trains = await all('handgrad');
  expect(trains.text).not.toContain(verdicts);
  const proves = await all('handgrad', 'handgrad/proof');
  expect(proves.text).toContain(verdicts);
  expect(proves.text).not.toContain(cells);
  expect((await all('handgrad', 'handgrad/proof', 'handgrad/report')).text).toContain(cells);
});
