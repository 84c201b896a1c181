// A report as a table of plain text, at most 100 columns wide.

import { escapeControls } from '../base/show.js';
import { countsOf, type GradientReport, isRight, labelOf, lackOf, type ReportData } from './schema.js';

const columns = ['gradient', 'verdict', 'exact', 'approx', 'maxdiff', 'ulp', 'of bound'] as const;
const width = 100;
const longestName = 38;

/** The table of a report, and below it what is wrong, the first wrong step marked as such. */
export function reportText(report: ReportData): string {
  const { name, dtype, gradients, reference, root } = report;
  const [first, ...rest] = columns;
  const rows = [[reference.kind === 'given' ? 'tensor' : first, ...rest], ...gradients.map(cells)];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`.trimEnd();
  const wrong = gradients.find((gradient) => gradient.name === root && gradient.ownFault);
  const below = [
    ...gradients.flatMap((gradient) => faultOf(gradient, gradient === wrong)),
    ...notesOf(gradients),
    ...referenceLines(reference),
    summary(report, wrong),
  ];
  return [`${escapeControls(name)} (${dtype})`, ...rows.map(line), ...below.flatMap(wrapped)].join('\n');
}

function cells({ name, kind, verdict, exact, approximate, maxdiff, error }: GradientReport): string[] {
  const truth = (value: boolean) => (value ? 'True' : 'False');
  const figure = (value: number | undefined) => (value === undefined ? '-' : value.toPrecision(3));
  const label = escapeControls(labelOf({ name, kind }));
  return [
    // The end of a long name tells it from others.
    label.length > longestName ? `…${label.slice(1 - longestName)}` : label,
    verdict,
    truth(exact),
    truth(approximate),
    Number.isNaN(maxdiff) ? 'nan' : figure(maxdiff),
    figure(error?.candidate.ulp),
    figure(error?.decisive.bounds),
  ];
}

/** What is wrong with a gradient, and where. */
function faultOf(gradient: GradientReport, isFirst: boolean): string[] {
  const { verdict, diagnosis, worst } = gradient;
  if (verdict !== 'wrong') return [];
  const fault = diagnosis === null ? ' is wrong' : `: ${diagnosis.text}`;
  const line = `${isFirst ? 'First wrong step: ' : ''}${escapeControls(labelOf(gradient))}${fault}`;
  if (worst === null) return [line];
  return [line, `  at [${worst.index.join(', ')}]: ${worst.candidate}, expected ${worst.truth}`];
}

/** Each note with the gradients that it is about. */
function notesOf(gradients: readonly GradientReport[]): string[] {
  const labels = new Map<string, string[]>();
  for (const gradient of gradients) {
    for (const note of gradient.notes) {
      labels.set(note, [...(labels.get(note) ?? []), escapeControls(labelOf(gradient))]);
    }
  }
  return [...labels].map(([note, names]) => `${names.join(', ')}: ${note}`);
}

function referenceLines({ kind, trusted, control }: ReportData['reference']): string[] {
  const lines = trusted ? [] : ['The reference cannot be trusted: differences of the forward pass disagree with it.'];
  if (control === null && kind === 'given') return lines;
  if (control === null) return [...lines, 'Control: every gradient is zero here, so that no fault could show.'];
  const { name, found, factor } = control;
  const label = labelOf({ name, kind: kind === 'given' ? 'value' : 'gradient' });
  const scaled = factor === undefined ? '1 + 2^-20 in float64' : `1 + 2^${Math.log2(factor - 1)}`;
  const what = found ? 'found wrong.' : 'not found wrong: this proves nothing.';
  return [...lines, `Control: ${escapeControls(label)} scaled by ${scaled} was ${what}`];
}

function summary(report: ReportData, first: GradientReport | undefined): string {
  const { ok, gradients, reference } = report;
  const isLacking = !ok && gradients.length > 0 && gradients.every(({ verdict }) => isRight(verdict));
  const lack = isLacking ? `, but ${lackOf(reference)}` : '';
  const root = first === undefined ? '' : `; the first wrong step is ${escapeControls(labelOf(first))}`;
  return `${ok ? 'Right' : 'Not right'}: ${countsOf(report) || 'no gradient was written'}${lack}${root}.`;
}

/** A line as several, broken at spaces. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  const indent = '    ';
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= indent.length) break;
    lines.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...lines, rest];
}
