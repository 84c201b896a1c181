// The module that a user has written proofs in.

import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
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
  const proofs = Array.isArray(given) ? given : [given];
  if (proofs.length === 0) throw new Error('expected at least one proof, got an empty list');
  for (const proof of proofs) {
    if (typeof proof !== 'object' || proof === null) throw new Error(`expected a proof, got ${show(proof)}`);
  }
  return proofs;
}

/** Whether this process runs TypeScript. */
export function stripsTypes(): boolean {
  return Boolean((process.features as { typescript?: string | false }).typescript);
}

/** Where in the file an error came from, as far as its stack tells. */
export function placeOf(error: unknown, file: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frame = stack.split('\n').find((line) => line.includes(pathToFileURL(file).href));
  const place = frame === undefined ? undefined : /:(\d+):\d+\)?$/.exec(frame);
  return place == null ? '' : ` (line ${place[1]})`;
}
