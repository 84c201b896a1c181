// Whether the fuzz finds what it should: each mend is taken out of a copy of the build, and the fuzz must notice.

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Edits of files of dist/ that take a mend out. Each must apply. */
interface Mend {
  readonly name: string;
  readonly target: string;
  readonly edits: readonly (readonly [file: string, pattern: RegExp, replacement: string])[];
}

/** To be filled in once the mends are there; one without edits is passed over, and a line says so. */
const mends: readonly Mend[] = [
  { name: 'models, generators and tensors share a core', target: 'arguments', edits: [] },
  { name: 'sparse arrays and NaN do not reach the allocator', target: 'arguments', edits: [] },
  { name: 'a generator is one of its kind', target: 'arguments', edits: [] },
  { name: 'unequal tensors do not compare as equal', target: 'arguments', edits: [] },
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const runs = 200_000;
const seed = 1;

/** Prints, for each mend, after how many runs the fuzz found that it was gone; returns 1 where it did not. */
export async function checkMends(): Promise<number> {
  let missed = 0;
  for (const mend of mends) {
    if (mend.edits.length === 0) {
      console.log(`${mend.name}: no edits to take it out with`);
      continue;
    }
    const outcome = await without(mend);
    if (outcome === undefined) missed++;
    console.log(`${mend.name}: ${outcome ?? `not found in ${runs} runs`}`);
  }
  return missed === 0 ? 0 : 1;
}

/** What a run against a copy without the mend says; undefined where it finds nothing. */
async function without({ name, target, edits }: Mend): Promise<string | undefined> {
  // Beside the project's own dist/, so that packages and package.json are found from it.
  const folder = mkdtempSync(join(root, 'build', 'fuzz-'));
  try {
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const file of ['package.json', 'names.txt', 'node_modules']) symlinkSync(join(root, file), join(folder, file));
    for (const [file, pattern, replacement] of edits) {
      const path = join(folder, 'dist', file);
      const text = readFileSync(path, 'utf8');
      if (!pattern.test(text)) throw new Error(`${name}: expected ${pattern} in dist/${file}, got none`);
      writeFileSync(path, text.replace(pattern, replacement));
    }
    return await found(pathToFileURL(join(folder, 'dist', 'index.js')).href, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function found(copy: string, target: string): Promise<string | undefined> {
  const args = ['--import', 'tsx', fileURLToPath(new URL('./main.ts', import.meta.url)), target];
  args.push('--seed', String(seed), '--runs', String(runs), '--first');
  const env = { ...process.env, HANDGRAD_LIBRARY: copy };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(undefined);
      else if (error.code === 1) resolve(stdout.trim());
      else reject(new Error(`the fuzz ended with ${error.code ?? error.signal}: ${stderr}`));
    });
  });
}
