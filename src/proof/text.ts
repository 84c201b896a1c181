// A report as a table of plain text, at most 100 columns wide.

import { escapeControls } from '../base/show.js';
import type { GradientReport, ReportData } from './report.js';

const columns = ['gradient', 'verdict', 'exact', 'approx', 'maxdiff', 'ulp', 'of bound'] as const;

const longestLabel = 38;

/** The table of a report, the cause first. */
export function reportText(report: ReportData): string {
  const { name, dtype, gradients, reference, root } = report;
  const labelOf = reference.kind === 'given' ? givenLabel : gradientLabel;
  const rows = [columns, ...gradients.map((gradient) => cells(gradient, labelOf))];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const details = gradients.flatMap((gradient) => detailsOf(gradient, labelOf(gradient.name), gradient.name === root));
  return [
    `${name} (${dtype})`,
    ...rows.map((row) => `  ${line(row)}`),
    ...details,
    ...referenceLines(reference, labelOf),
    summary(report),
  ].join('\n');
}

/** A gradient of a chain has the name of what it is the gradient of. */
const gradientLabel = (name: string) => `d${name}`;

/** A tensor of a file is called as it is; of a long name the end tells it from others. */
function givenLabel(name: string): string {
  const label = escapeControls(name);
  return label.length > longestLabel ? `…${label.slice(1 - longestLabel)}` : label;
}

function cells(
  { name, verdict, exact, approximate, maxdiff, error }: GradientReport,
  labelOf: (name: string) => string,
): string[] {
  const truth = (value: boolean) => (value ? 'True' : 'False');
  const figure = (value: number | undefined) => (value === undefined ? '-' : value.toPrecision(3));
  return [
    labelOf(name).slice(0, longestLabel),
    verdict,
    truth(exact),
    truth(approximate),
    Number.isNaN(maxdiff) ? 'nan' : maxdiff.toPrecision(3),
    figure(error?.candidate.ulp),
    figure(error?.float64.bounds),
  ];
}

/** What is said below the table of a gradient that is not right, or that has notes. */
function detailsOf({ verdict, diagnosis, worst, notes }: GradientReport, label: string, isRoot: boolean): string[] {
  const lines: string[] = [];
  if (verdict === 'wrong') {
    lines.push(
      `${isRoot ? 'First wrong step: ' : ''}${label}${diagnosis === null ? ' is wrong' : `: ${diagnosis.text}`}`,
    );
    if (worst !== null) {
      lines.push(`  at [${worst.index.join(', ')}]: ${worst.candidate}, expected ${worst.truth}`);
    }
  }
  return [...lines, ...notes.map((note) => `${label}: ${note}`)].flatMap((text) => wrap(text, 100));
}

function referenceLines({ trusted, control }: ReportData['reference'], labelOf: (name: string) => string): string[] {
  const lines = trusted ? [] : ['The reference cannot be trusted: differences of the forward pass disagree with it.'];
  if (control !== null) {
    const scaled = control.factor === undefined ? '1 + 2^-20 in float64' : `1 + 2^${Math.log2(control.factor - 1)}`;
    lines.push(
      `Control: ${labelOf(control.name)} scaled by ${scaled} was ${control.found ? 'found wrong.' : 'not found wrong: this proves nothing.'}`,
    );
  }
  return lines;
}

function summary({ ok, gradients, root }: ReportData): string {
  const count = (verdict: string) => gradients.filter((gradient) => gradient.verdict === verdict).length;
  const kinds = ['exact', 'rounding', 'wrong', 'inherited', 'undecided', 'unclaimed'];
  const counts = kinds.flatMap((kind) => (count(kind) === 0 ? [] : [`${count(kind)} ${kind}`])).join(', ');
  return `${ok ? 'Right' : 'Not right'}: ${counts}${root === null ? '' : `; the first wrong step is d${root}`}.`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    if (at <= 0) break;
    lines.push(rest.slice(0, at));
    rest = `    ${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}
