// The module that a user has written proofs in.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

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
