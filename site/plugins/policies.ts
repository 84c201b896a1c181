// Writes the policies of the pages: into each page, for hosts that send no headers, and as policies.json, from which `handgrad lab`
// sends them.

import { basename } from 'node:path';
import type { Plugin } from 'vite';
import { policies } from '../policies.js';

/** Directives that browsers take from a header alone. */
const ofHeaders = /^(frame-ancestors|sandbox|report-uri)\b/;

/** The plugin. While the site is developed there is no policy, for Vite's own client writes styles into the page then. */
export function policiesOfPages(): Plugin {
  return {
    name: 'handgrad:policies',
    apply: 'build',
    transformIndexHtml(_, { filename }) {
      const directives = policies[basename(filename)]?.filter((directive) => !ofHeaders.test(directive));
      if (directives === undefined) throw new Error(`${filename}: expected a policy in site/policies.ts, got none`);
      const attrs = { 'http-equiv': 'Content-Security-Policy', content: directives.join('; ') };
      return [{ tag: 'meta', attrs, injectTo: 'head-prepend' }];
    },
    generateBundle() {
      const byFile = Object.entries(policies).map(([file, directives]) => [file, directives.join('; ')]);
      const source = JSON.stringify(Object.fromEntries(byFile));
      this.emitFile({ type: 'asset', fileName: 'policies.json', source });
    },
  };
}
