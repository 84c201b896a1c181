// The README's picture: the 26 gradients of exercise 1, and the loss curve of a training. `npm run picture`, after a build.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Comparison, formatComparison } from '../src/index.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const [rowHeight, top, left, plotLeft] = [15.5, 56, 24, 560];

/** The picture as SVG, the same bytes on every engine. */
export function picture(): string {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-picture-'));
  try {
    const plot = join(folder, 'loss.svg');
    const { exercise1 } = JSON.parse(handgrad('notebook', '--json')) as { exercise1: Comparison[] };
    handgrad('train', '--steps', '20000', '--quiet', '--plot', plot);
    return composed(exercise1.map(formatComparison), readFileSync(plot, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function handgrad(...args: string[]): string {
  return execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { encoding: 'utf8' });
}

function composed(rows: readonly string[], plot: string): string {
  const height = Math.ceil(top + rows.length * rowHeight);
  const lines = rows.map((row, i) => `<text x="${left}" y="${top + i * rowHeight}" class="row">${row}</text>`);
  const curve = plot.replace('<svg ', `<svg x="${plotLeft}" y="${top - 24}" `).trimEnd();
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1300 ${height}" width="1300" height="${height}" role="img">
<title>26 of 26 gradients written by hand are exact, and the loss of a training with them</title>
<style>.row{font:12px ui-monospace,Menlo,Consolas,monospace;white-space:pre}.head{font:bold 15px sans-serif}</style>
<rect width="1300" height="${height}" fill="#fff"/>
<text x="${left}" y="28" class="head">npx handgrad notebook</text>
<text x="${plotLeft + 64}" y="28" class="head">npx handgrad train --steps 20000 --plot loss.svg</text>
${lines.join('\n')}
${curve}
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(join(root, 'docs/picture.svg'), picture());
