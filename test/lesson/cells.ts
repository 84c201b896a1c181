// What tests of cells have in common: words, and judgements.

import { type Judgement, type JudgeOptions, judge } from '../../src/lesson.js';
import { hg } from '../support/handgrad.js';

export * from './sources.js';
export { hg };

export const words = Array.from({ length: 400 }, (_, i) =>
  Array.from({ length: 2 + ((i * 7) % 6) }, (_, j) =>
    String.fromCharCode(97 + ((i * 5 + j * j * 3 + (i >> 3)) % 26)),
  ).join(''),
);

/** `source` judged with these words. */
export function judged(source: string, options: Partial<JudgeOptions> = {}): Judgement {
  return hg.scope(() => judge(hg, source, { words, ...options }));
}

/** The gradients that are not right, each with its verdict. */
export function faults({ report }: Judgement): Record<string, string> {
  const wrong = report.gradients.filter(({ verdict }) => verdict !== 'exact' && verdict !== 'rounding');
  return Object.fromEntries(wrong.map(({ name, verdict }) => [`d${name}`, verdict]));
}
