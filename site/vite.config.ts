// The page: static files that any host serves, under any path.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { firstMinibatch } from './plugins/firstMinibatch.js';
import { licences } from './plugins/licences.js';
import { performance } from './plugins/performance.js';
import { policiesOfPages } from './plugins/policies.js';
import { proofExamples } from './plugins/proofExamples.js';
import { sandbox } from './plugins/sandbox.js';
import { serviceWorkerOfBuild } from './plugins/serviceWorker.js';
import { content } from './plugins/typeset.js';

const inRepository = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** The library under the names by which its users import it. */
const alias = [
  { find: /^handgrad$/, replacement: inRepository('dist/index.js') },
  { find: /^handgrad\/(kernels|lesson|proof|report)$/, replacement: inRepository('dist/$1.js') },
  { find: /^handgrad\/names\.txt/, replacement: inRepository('names.txt') },
];

const { noting, writing } = licences();

/** What the page and its workers are both built with. */
const plugins = () => [content(), firstMinibatch(), noting()];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  resolve: { alias },
  plugins: [
    ...plugins(),
    performance(),
    proofExamples(),
    sandbox(),
    policiesOfPages(),
    writing(),
    serviceWorkerOfBuild(),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es', plugins, rolldownOptions: { checks: { pluginTimings: false } } },
  build: {
    outDir: inRepository('dist-site'),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'sandbox.html'].map((page) => inRepository(`site/${page}`)),
      checks: { pluginTimings: false },
    },
  },
  server: { host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
});
