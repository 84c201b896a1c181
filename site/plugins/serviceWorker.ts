// Writes sw.js, the service worker, with the hashes of all files of the build.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import type { Plugin, ResolvedConfig } from 'vite';

const source = fileURLToPath(new URL('../src/offline/worker.ts', import.meta.url));

/** What is no file of the site: the worker itself, and what the server reads. */
const others = new Set(['sw.js', 'policies.json']);

/** The worker for a build of `files`, by their paths. */
export function serviceWorker(files: ReadonlyMap<string, Uint8Array>): string {
  const digest = (content: string | Uint8Array) => createHash('sha256').update(content).digest('base64');
  const hashes = [...files].map(([path, bytes]) => [path.replace(/^index\.html$/, ''), `sha256-${digest(bytes)}`]);
  const byPath = JSON.stringify(Object.fromEntries(hashes.sort()));
  const define = { files: byPath, version: JSON.stringify(digest(byPath)) };
  return transformSync(readFileSync(source, 'utf8'), { loader: 'ts', format: 'iife', minify: true, define }).code;
}

/** The plugin. It reads what has been written, so that no file is left out. */
export function serviceWorkerOfBuild(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'handgrad:service-worker',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    writeBundle() {
      const folder = config.build.outDir;
      const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !others.has(entry.name))
        .map((entry) => join(entry.parentPath, entry.name));
      const files = new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)]));
      writeFileSync(join(folder, 'sw.js'), serviceWorker(files));
    },
  };
}
