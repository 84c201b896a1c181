// Writes licences.txt: the licence of every package of which code is in the build, as each of them asks for.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, ResolvedConfig } from 'vite';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Packages whose licence lies in another, of the same authors. */
const elsewhere: Readonly<Record<string, string>> = { '@assemblyscript/loader': 'assemblyscript' };

/** The names of the packages that modules are of, by the paths of these. */
export function packagesOf(paths: Iterable<string>): string[] {
  const names = Array.from(paths, (path) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names.flat())].sort();
}

/** What packages say of their licences. Throws where one says nothing. */
export function licencesOf(packages: readonly string[]): string {
  const own = `handgrad\n\n${readFileSync(inRepository('LICENSE'), 'utf8').trim()}`;
  return `${[own, ...packages.map(licenceOf)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function licenceOf(name: string): string {
  const folder = inRepository(`node_modules/${elsewhere[name] ?? name}`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${name}: expected a licence in its folder, got none`);
  return [name, ...files.map((file) => readFileSync(join(folder, file), 'utf8').trim())].join('\n\n');
}

/** Two plugins: `noting` for the page and its workers, whose packages it notes; `writing` for the page, whose build ends last. */
export function licences(): { noting: () => Plugin; writing: () => Plugin } {
  const modules = new Set<string>();
  let config: ResolvedConfig;
  return {
    noting: () => ({
      name: 'handgrad:packages',
      apply: 'build',
      generateBundle(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'chunk') for (const path of file.moduleIds) modules.add(path.replaceAll('\\', '/'));
        }
      },
    }),
    writing: () => ({
      name: 'handgrad:licences',
      apply: 'build',
      configResolved(resolved) {
        config = resolved;
      },
      writeBundle() {
        writeFileSync(join(config.build.outDir, 'licences.txt'), licencesOf(packagesOf(modules)));
      },
    }),
  };
}
