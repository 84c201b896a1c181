// TeX in which tensors stand under their names: `D[h_{bi}|hpreact_{bi}]` is a derivative, `D[h_{bi}]`
// that of the loss.

import { axesOf } from './sums.js';

/** The longest first, so that counts_sum is not read as counts. */
const names = Object.keys(axesOf).sort((a, b) => b.length - a.length);
const name = new RegExp(`(?<![A-Za-z\\\\])d?(?:${names.join('|')})(?![A-Za-z0-9])`, 'g');

/** What stays as it is, and single letters. */
const letters = /\\(?:text|operatorname)\{[^}]*\}|\\[A-Za-z]+|[A-Za-z]/g;

/** TeX as KaTeX reads it. Letters are upright: browsers turn italic ones into characters that few fonts have. */
export function tex({ raw }: TemplateStringsArray): string {
  return raw[0]!
    .replaceAll(/D\[([^|\]]*)\|([^\]]+)\]/g, '\\frac{\\partial $1}{\\partial $2}')
    .replaceAll(/D\[([^\]]+)\]/g, '\\frac{\\partial loss}{\\partial $1}')
    .replaceAll(name, (found) => `\\text{${found.replaceAll('_', '\\_')}}`)
    .replaceAll(letters, (found) => (found.length === 1 ? `\\mathrm{${found}}` : found));
}
