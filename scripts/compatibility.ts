// Writes docs/compatibility.md from a run of the tests of the package: `npm run compatibility`.

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, type } from 'node:os';
import { type Kept, resultsFolder } from '../test/package/environment.js';

rmSync(resultsFolder, { recursive: true, force: true });
execFileSync('npx', ['vitest', 'run', '--project', 'package', '--no-file-parallelism'], {
  stdio: 'inherit',
  env: { ...process.env, HANDGRAD_REQUIRE_BROWSER: '1' },
});

const read = (name: string) => JSON.parse(readFileSync(new URL(name, resultsFolder), 'utf8'));
const kept: Kept[] = readdirSync(resultsFolder)
  .filter((name) => name !== 'sizes.json')
  .map(read);
const order = ['Node', 'Bun', 'Deno', 'Chromium'];
const rank = ({ name }: Kept) => order.findIndex((first) => name.startsWith(first));
kept.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.version.localeCompare(b.version));

const row = ({ name, version, ...builds }: Kept) => {
  const cells = (['strict', 'relaxed'] as const).flatMap((build) => {
    const result = builds[build];
    return result === undefined
      ? ['not there', '']
      : [result.equal ? 'equal' : 'different', result.microseconds.toFixed(1)];
  });
  return `| ${[name, version, ...cells].join(' | ')} |`;
};

const { core, entryGzipped } = JSON.parse(
  execFileSync(process.execPath, ['scripts/sizes.mjs', '--json'], { encoding: 'utf8' }),
);
const [[, tarball], ...imports] = read('sizes.json') as [[string, number], ...[string, number][]];
const sizes: [string, number][] = [
  ['the tarball', tarball],
  ['core.wasm', core],
  ['the entry with the core inside, minified, gzipped', entryGzipped],
  ...imports.map(([what, bytes]): [string, number] => [`${what}, minified, gzipped`, bytes]),
];

const lab = execFileSync('npx', ['tsx', 'scripts/labSpeed.ts'], { encoding: 'utf8' });

const page = `# Compatibility

\`npm run compatibility\` packs the package, installs the tarball into a project of its own and uses it in every environment below:
the README's example must print what the README says, and the digests of \`test/browser/digests.json\` (the notebook at both
values of eps, 1,000 training steps, exp, tanh and log over a million numbers) must be equal under the strict build, the default.
The relaxed build may differ, and not every engine has it. The browser's pages are served under \`Content-Security-Policy:
default-src 'self'; script-src 'self' 'wasm-unsafe-eval'\` and ask no other host for anything.

A step is one of training the notebook's model, B 32 and H 64, in microseconds, the fastest of 9 slices of 1,000 steps. ${type()}
${arch()}, ${cpus().length} cores of ${cpus()[0]!.model.trim()}.

| environment | version | strict: bytes | µs a step | relaxed: bytes | µs a step |
|---|---|---|---|---|---|
${kept.map(row).join('\n')}

Declarations are checked under \`moduleResolution\` bundler and nodenext, \`lib\` es2022 and dom.

| size | bytes |
|---|---|
${sizes.map(([what, bytes]) => `| ${what} | ${bytes.toLocaleString('en-US')} |`).join('\n')}

## The lab

\`npx tsx scripts/labSpeed.ts\`, on the same machine, at the default size of the room Train (B 32, H 200):

${lab.trim()}
`;
writeFileSync(new URL('../docs/compatibility.md', import.meta.url), page);
