// `virtual:proof-examples`: the modules that one may begin with, as `handgrad check --init` writes one and as the package has them in
// examples/proofs.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Plugin, runnerImport } from 'vite';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

async function texts(): Promise<Record<string, string>> {
  const { module } = await runnerImport<{ exampleFor(file: string): string }>(inRepository('src/cli/checkExample.ts'));
  const file = (name: string) => readFileSync(inRepository(`examples/proofs/${name}.mjs`), 'utf8');
  return {
    first: module.exampleFor('proof.mjs'),
    ...Object.fromEntries(['attention', 'crossEntropy', 'layerNorm'].map((name) => [name, file(name)])),
  };
}

/** The plugin. */
export function proofExamples(): Plugin {
  const name = 'virtual:proof-examples';
  return {
    name: 'handgrad:proof-examples',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      return id === `\0${name}` ? `export const texts = ${JSON.stringify(await texts())};` : null;
    },
  };
}
