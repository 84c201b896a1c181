// Whether every engine computes the same bytes: dumps of `handgrad notebook` under several versions of Node.js, each fetched as the
// npm package `node` into a temporary folder. `npm run test:engines`; exit code 1 when they differ.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const majors = ['20', '22', '24'];
const configurations = ['1e5', '1e-5'].flatMap((eps) => ['float32', 'float64'].map((dtype) => ({ eps, dtype })));
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'handgrad-engines-'));

/** The executable of a major version, and its exact version and that of its engine. */
function fetchNode(major) {
  const prefix = join(folder, `node-${major}`);
  mkdirSync(prefix);
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', ...quiet, '--prefix', prefix, `node@${major}`], { stdio: 'inherit' });
  const executable = join(prefix, 'node_modules', '.bin', 'node');
  const versions = JSON.parse(
    execFileSync(executable, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }),
  );
  if (versions.node.split('.')[0] !== major) throw new Error(`node: expected version ${major}, got ${versions.node}`);
  return { executable, title: `Node ${versions.node} (V8 ${versions.v8})`, major };
}

/** What one run of `handgrad notebook` reports, and the SHA-256 of its dump. */
function runNotebook({ executable, major }, { eps, dtype }, ...more) {
  const dump = join(folder, `${major}-${eps}-${dtype}.safetensors`);
  const args = [main, 'notebook', '--json', '--eps', eps, '--dtype', dtype, '--dump', dump, ...more];
  const report = JSON.parse(execFileSync(executable, args, { encoding: 'utf8' }));
  return { report, digest: createHash('sha256').update(readFileSync(dump)).digest('hex') };
}

try {
  const engines = majors.map(fetchNode);
  let different = 0;
  for (const configuration of configurations) {
    const digests = engines.map((engine) => runNotebook(engine, configuration).digest);
    const equal = new Set(digests).size === 1;
    if (!equal) different++;
    console.log(
      `eps ${configuration.eps}, ${configuration.dtype}: ${equal ? `equal, SHA-256 ${digests[0]}` : 'different'}`,
    );
    engines.forEach(({ title }, i) => {
      if (!equal) console.log(`  ${title}: ${digests[i]}`);
    });
  }
  // Version 20 has no relaxed SIMD. These bytes may differ between engines; the gradients must still be close to autograd's.
  for (const engine of engines.filter(({ major }) => Number(major) >= 22)) {
    for (const configuration of configurations) {
      const { report } = runNotebook(engine, configuration, '--relaxed');
      const rows = [...report.exercise1, report.exercise2, report.exercise3, ...report.fused];
      const count = (of) => rows.filter((row) => row[of]).length;
      if (count('approximate') < rows.length) different++;
      console.log(
        `relaxed, ${engine.title}, eps ${configuration.eps}, ${configuration.dtype}: of ${rows.length} comparisons ` +
          `${count('exact')} exact, ${count('approximate')} approximate`,
      );
    }
  }
  console.log(
    `${engines.map(({ title }) => title).join(', ')}: ${different === 0 ? 'the same bytes' : 'NOT the same bytes'}`,
  );
  process.exitCode = different === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
