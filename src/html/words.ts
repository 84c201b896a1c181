// Verdicts in words, symbols and the names of their colours: no one of the three is needed to tell them apart.

import { escaped } from '../pictures/svg.js';
import { type GradientReport, labelOf, type Verdict } from '../proof/schema.js';

/** The symbol of each verdict. */
export const symbols: Readonly<Record<Verdict, string>> = {
  exact: '=',
  rounding: '≈',
  wrong: '✗',
  inherited: '↳',
  undecided: '?',
  unclaimed: '∅',
};

/**
 * What each verdict means, in a sentence or two.
 *
 * @example verdictMeanings.rounding; // 'The formula is right; what differs is rounding.'
 */
export const verdictMeanings: Readonly<Record<Verdict, string>> = {
  exact: 'The same bits as the reference.',
  rounding: 'The formula is right; what differs is rounding.',
  wrong: 'The formula is wrong, even when every gradient that it is computed from is right. Change this one.',
  inherited: 'Right, given the gradients that it is computed from, one of which is wrong. Nothing to change here.',
  undecided: 'These inputs cannot tell. It does not count as right.',
  unclaimed: 'Nothing was given for an input that requires a gradient. It does not count as right.',
};

/** The notation of a gradient. */
export function gradientOf(name: string): string {
  return `<code>d${escaped(name)}</code>`;
}

/** What a row is about: a gradient, or a value. */
export function labelled(row: Pick<GradientReport, 'name' | 'kind'>): string {
  return `<code>${escaped(labelOf(row))}</code>`;
}

/** A verdict with its symbol. */
export function verdictMark(verdict: Verdict, isRoot = false): string {
  return `<span class="verdict ${verdict}${isRoot ? ' root' : ''}"><span aria-hidden="true">${symbols[verdict]}</span> ${isRoot ? 'first wrong' : verdict}</span>`;
}

/** Names in a sentence: a, b and c. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** A place in an array: [3, 5]; of a scalar []. */
export function indexText(index: readonly number[]): string {
  return `[${index.join(', ')}]`;
}

/** Whether something is to be looked at. */
export function needsLook({ verdict }: GradientReport): boolean {
  return verdict === 'wrong' || verdict === 'undecided' || verdict === 'unclaimed';
}
