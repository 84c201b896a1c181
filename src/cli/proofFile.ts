// The module that a user has written proofs in.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { show } from '../base/show.js';

/** Throws where there is no file of this name. */
export function expectFile(file: string): void {
  if (!existsSync(file)) throw new Error('expected a file that can be read, got none');
  if (!statSync(file).isFile()) throw new Error('expected a file, got something else under that name');
}

/** The default export of a file: a proof, or a list of them. */
export async function proofsOf(file: string): Promise<unknown[]> {
  expectFile(file);
  if (/\.[cm]?ts$/.test(file) && !stripsTypes()) {
    throw new Error(
      `expected JavaScript, got TypeScript, which this Node.js ${process.version} does not run; Node.js 22.18 or later does, and ` +
        'esbuild makes JavaScript of it: npx esbuild proof.ts --bundle --packages=external --format=esm --outfile=proof.mjs',
    );
  }
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  const given = await module.default;
  if (given === undefined) throw new Error('expected a default export, a proof or a list of them, got none');
  const proofs: unknown[] = await Promise.all(Array.isArray(given) ? given : [given]);
  if (proofs.length === 0) throw new Error('expected at least one proof, got an empty list');
  for (const proof of proofs) {
    if (Array.isArray(proof)) throw new Error('expected a list of proofs, got a list inside of a list');
    if (typeof proof !== 'object' || proof === null) throw new Error(`expected a proof, got ${show(proof)}`);
    if (!('inputs' in proof || 'forward' in proof || 'backward' in proof)) {
      throw new Error('expected a proof, an object with inputs, forward and backward, got one without them');
    }
  }
  return proofs;
}

/** Whether this process runs TypeScript. */
export function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: string | false }).typescript);
}

/** Where in the file, or in one that it imports, an error came from, as far as its stack tells or Node.js does. */
export function placeOf(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const { href } = pathToFileURL(file);
  const frame = stack.split('\n').find((line) => line.includes(href));
  const place = frame === undefined ? undefined : /:(\d+)(?::\d+)?\)?$/.exec(frame);
  if (place != null) return ` (line ${place[1]})`;
  return error instanceof SyntaxError && /\n +at [^\n]*node:internal\/modules\//.test(stack) ? placeOfSyntax(href) : '';
}

/**
 * Where a module, or one that it imports, is no JavaScript. Node.js prints that for an error that ends it, and only then; what can't be
 * read is not run.
 */
function placeOfSyntax(href: string): string {
  const args = ['--input-type=module', '--eval', `import ${JSON.stringify(href)}`];
  const { stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 10_000 });
  const [, source, line] = /^(file:\S+):(\d+)$/m.exec(stderr) ?? [];
  if (source === undefined) return '';
  return source === href ? ` (line ${line})` : ` (${fileURLToPath(source)}, line ${line})`;
}
