// `virtual:derivations`: what the page says of each tensor, with its formulas set as MathML while the site is built, so that the
// page carries no typesetter.

import { fileURLToPath } from 'node:url';
import katex from 'katex';
import { type Plugin, runnerImport } from 'vite';

const source = fileURLToPath(new URL('../src/content/derivations.ts', import.meta.url));

/** Members that hold TeX. */
const formulas = new Set(['tex', 'formula', 'gradient', 'chain']);

/** MathML of TeX, without the copy of the source that KaTeX adds. */
export function mathml(tex: string): string {
  const html = katex.renderToString(tex, { output: 'mathml', displayMode: true, throwOnError: true });
  return html
    .replace(/<annotation[\s\S]*?<\/annotation>/, '')
    .replace(/^<span[^>]*>|<\/span>$/g, '')
    .replaceAll(/((?:<mi mathvariant="normal">[a-z]<\/mi>){2,})/g, joinLetters);
}

/** One identifier of several letters, where KaTeX writes an element a letter. */
function joinLetters(letters: string): string {
  return `<mi>${letters.replaceAll(/<[^>]+>/g, '')}</mi>`;
}

/** The same data with MathML in place of TeX. */
function typeset(data: unknown): unknown {
  return JSON.parse(
    JSON.stringify(data, (key, value) => (formulas.has(key) && typeof value === 'string' ? mathml(value) : value)),
  );
}

/** The plugin. */
export function derivations(): Plugin {
  const name = 'virtual:derivations';
  return {
    name: 'handgrad:derivations',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null;
      this.addWatchFile(source);
      const { module } = await runnerImport<Record<string, unknown>>(source);
      return Object.entries(module)
        .filter(([, value]) => typeof value === 'object')
        .map(([key, value]) => `export const ${key} = ${JSON.stringify(typeset(value))};`)
        .join('\n');
    },
  };
}
