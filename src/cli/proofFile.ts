// The module that a user has written proofs in.

import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Throws where there is no file of this name. */
export function expectFile(file: string): void {
  if (!existsSync(file)) throw new Error('expected a file that can be read, got none');
  if (!statSync(file).isFile()) throw new Error('expected a file, got something else under that name');
}

/** The module of a file. Throws where this process can't run it. */
export async function importFile(file: string): Promise<{ readonly default?: unknown }> {
  expectFile(file);
  if (/\.[cm]?ts$/.test(file) && !stripsTypes()) {
    throw new Error(
      `expected JavaScript, got TypeScript, which this Node.js ${process.version} does not run; Node.js 22.18 or later does, and ` +
        'esbuild makes JavaScript of it: npx esbuild proof.ts --bundle --packages=external --format=esm --outfile=proof.mjs',
    );
  }
  return await import(pathToFileURL(file).href);
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
