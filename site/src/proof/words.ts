// Reports in words.

import type { GradientReport, ReportData } from 'handgrad/proof';
import { verdictMeanings, verdicts } from 'handgrad/report';

export const labelOf = ({ name, kind }: Pick<GradientReport, 'name' | 'kind'>) =>
  kind === 'gradient' ? `d${name}` : name;

/** The verdict on everything. */
export function outcomeOf({ ok, gradients }: ReportData): 'right' | 'wrong' | 'undecided' {
  if (ok) return 'right';
  return gradients.some(({ verdict }) => ['wrong', 'inherited', 'unclaimed'].includes(verdict)) ? 'wrong' : 'undecided';
}

/** The row of the first wrong step. */
export const rootOf = ({ root, gradients }: ReportData): GradientReport | undefined =>
  gradients.find(({ name, ownFault }) => name === root && ownFault);

export function headline(report: ReportData): string {
  const { kind } = report.reference;
  const what = kind === 'given' ? 'tensor' : 'gradient';
  if (report.gradients.length === 0) return `No ${what} was written`;
  const outcome = outcomeOf(report);
  if (outcome === 'right') return `Right: every ${what} is what it should be`;
  const root = rootOf(report);
  if (root !== undefined) return `Not right: ${labelOf(root)} is the first wrong step`;
  if (outcome === 'undecided') return 'Undecided: this does not count as right';
  const missing = report.gradients.filter(({ verdict }) => verdict === 'unclaimed');
  const off = report.gradients.filter(({ verdict }) => verdict === 'wrong');
  if (off.length > 0) return `Not right: ${few(off)} ${off.length === 1 ? 'is' : 'are'} wrong`;
  return `Not right: nothing was given for ${few(missing)}`;
}

/** The names of the first rows. */
function few(rows: readonly GradientReport[]): string {
  const names = rows.slice(0, 3).map(labelOf);
  return rows.length > 3 ? `${names.join(', ')} and ${rows.length - 3} more` : names.join(' and ');
}

/** How many have which verdict: 3 exact, 1 wrong. */
export function countsOf({ gradients }: ReportData): string {
  return verdicts
    .flatMap((verdict) => {
      const { length } = gradients.filter((gradient) => gradient.verdict === verdict);
      return length === 0 ? [] : [`${length} ${verdict}`];
    })
    .join(', ');
}

/** What is said of a row, in sentences. */
export function sentencesOf(row: GradientReport, isGiven: boolean): string[] {
  const { verdict, diagnosis, worst, share, notes, nonFinite } = row;
  const isOff = verdict === 'wrong' || verdict === 'inherited';
  const lost = nonFinite.nan + nonFinite.infinite;
  return [
    verdict === 'wrong' && isGiven ? 'It is not what the truth says.' : verdictMeanings[verdict],
    diagnosis === null ? '' : sentence(diagnosis.text),
    worst !== null && isOff
      ? `At [${worst.index.join(', ')}] it is ${precise(worst.candidate)}, expected ${precise(worst.truth)}; ${percent(share)} of the elements are off.`
      : '',
    lost === 0 ? '' : `${nonFinite.nan} of its elements are NaN, ${nonFinite.infinite} infinite.`,
    ...notes.map(sentence),
  ].filter((text) => text !== '');
}

/** What is said of the reference itself. */
export function referenceSentences({ reference: { kind, trusted, control } }: ReportData): string[] {
  const about = trusted ? [] : ['The reference cannot be trusted: differences of the forward pass disagree with it.'];
  if (control === null) {
    return kind === 'given' ? about : [...about, 'Control: every gradient is zero here, so that no fault could show.'];
  }
  const { name, found, factor } = control;
  const exponent = factor === undefined ? -20 : Math.log2(factor - 1);
  const label = labelOf({ name, kind: kind === 'given' ? 'value' : 'gradient' });
  const result = found ? 'found wrong, as it must be' : 'not found wrong: this proves nothing';
  return [...about, `Control: a copy of ${label} scaled by 1 + 2^${String(exponent).replace('-', '−')} was ${result}.`];
}

const precise = (value: number) => String(Number(value.toPrecision(7))).replaceAll('-', '−');

export function percent(share: number): string {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const shown = Number((100 * share).toPrecision(2));
  return shown >= 100 ? 'more than 99 %' : `${shown} %`;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
