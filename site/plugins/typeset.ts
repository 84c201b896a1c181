// `virtual:typeset/NAME`: the data of site/src/content/NAME.ts, with its formulas set as MathML while the site is built, so that the
// page carries no typesetter.

import { fileURLToPath } from 'node:url';
import katex from 'katex';
import { type Plugin, runnerImport } from 'vite';

/** Members that hold TeX. */
const formulas = new Set(['tex', 'formula', 'gradient']);

/** MathML of TeX, without the copy of the source that KaTeX adds, and with one element for a name of several letters. */
export function mathml(tex: string): string {
  const html = katex.renderToString(tex, { output: 'mathml', displayMode: true, throwOnError: true });
  return html
    .replace(/<annotation[\s\S]*?<\/annotation>/, '')
    .replace(/^<span[^>]*>|<\/span>$/g, '')
    .replaceAll(/(?:<mi mathvariant="normal">[a-z]<\/mi>){2,}/g, joined);
}

const joined = (letters: string) => `<mi>${letters.replaceAll(/<[^>]+>/g, '')}</mi>`;

/** The same data with MathML in place of TeX. */
function typeset(data: unknown): string {
  return JSON.stringify(data, (key, value) => (formulas.has(key) && typeof value === 'string' ? mathml(value) : value));
}

/** The plugin. */
export function content(): Plugin {
  const prefix = 'virtual:typeset/';
  return {
    name: 'handgrad:typeset',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : null),
    async load(id) {
      if (!id.startsWith(`\0${prefix}`)) return null;
      const name = id.slice(prefix.length + 1);
      const source = fileURLToPath(new URL(`../src/content/${name}.ts`, import.meta.url));
      this.addWatchFile(source);
      const { module } = await runnerImport<Record<string, unknown>>(source);
      return Object.entries(module)
        .filter(([, value]) => typeof value !== 'function')
        .map(([key, value]) => `export const ${key} = ${typeset(value)};`)
        .join('\n');
    },
  };
}
