// `virtual:performance`: PyTorch's times of a training step, from docs/performance.md, and the machine they were measured on.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Performance } from '../src/train/performance.js';

const source = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** The figures of the document. Throws where they are not where they were. */
export function performanceOf(text: string): Performance {
  const machine = text.match(/ on (.+?), Node /)?.[1];
  const table = text.match(/^## A training step$[\s\S]*?^(\|[\s\S]*?)\n\n/m)?.[1];
  if (machine === undefined || table === undefined)
    throw new Error('docs/performance.md: expected the training steps, got none');
  const [[, ...sizes] = [], , ...rows] = table.split('\n').map(cells);
  const peers = rows.filter(([name]) => name!.startsWith('PyTorch'));
  return {
    machine,
    sizes,
    rows: peers.map(([name, ...texts]) => ({ name: name!, microseconds: texts.map(leading) })),
  };
}

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The median, which stands before the percentiles. */
const leading = (cell: string): number => Number(cell.split(' ')[0]!.replaceAll(',', ''));

/** The plugin. */
export function performance(): Plugin {
  const name = 'virtual:performance';
  return {
    name: 'handgrad:performance',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      this.addWatchFile(source);
      return `export const performance = ${JSON.stringify(performanceOf(readFileSync(source, 'utf8')))};`;
    },
  };
}
