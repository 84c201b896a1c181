// Writes the script of sandbox.html into it, with the source of its worker and the library as text: from an opaque origin no file
// can be loaded.

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin as EsbuildPlugin } from 'esbuild';
import type { Plugin } from 'vite';

const inRepository = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const library: EsbuildPlugin = {
  name: 'handgrad',
  setup({ onResolve }) {
    onResolve({ filter: /^handgrad(\/|$)/ }, ({ path }) => ({
      path: inRepository(`dist/${path.split('/')[1] ?? 'index'}.js`),
    }));
  },
};

/** One self-contained script of a file in site/src/proof/sandbox. */
async function bundled(file: string, define: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inRepository(`site/src/proof/sandbox/${file}`)],
    bundle: true,
    write: false,
    minify: true,
    target: 'es2022',
    format: 'iife',
    define,
    plugins: [library],
  });
  return outputFiles[0]!.text;
}

/** The plugin. */
export function sandbox(): Plugin {
  return {
    name: 'handgrad:sandbox',
    async transformIndexHtml(_, { filename }) {
      if (basename(filename) !== 'sandbox.html') return;
      const source = JSON.stringify(await bundled('worker.ts'));
      const script = await bundled('frame.ts', { WORKER_SOURCE: source });
      const children = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
      const hash = createHash('sha256').update(children).digest('base64');
      // This script and no other, beside what the policy in policies.ts says.
      const content = `script-src 'sha256-${hash}' blob: 'wasm-unsafe-eval'`;
      return [
        { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content }, injectTo: 'head-prepend' },
        { tag: 'script', children, injectTo: 'body' },
      ];
    },
  };
}
