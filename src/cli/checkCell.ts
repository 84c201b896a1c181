// Cells of Python for `handgrad check`: judged against the notebook's model, in the worker.

import { basename } from 'node:path';
import { escapeControls } from '../base/show.js';
import type { Handgrad } from '../index.js';
import { type Judgement, type JudgeOptions, judge } from '../lesson.js';
import { reportHtml } from '../report.js';
import type { Judged, Task } from './checkRun.js';

/** Reports on a cell, one a run. */
export function judgedCell(hg: Handgrad, source: string, task: Task & { cell: JudgeOptions }): Judged[] {
  return Array.from({ length: task.repeat }, (_, run) => {
    const seed = task.seed + run;
    const judgement = hg.scope(() => judge(hg, source, { ...task.cell, seed, name: basename(task.file) }));
    const { report, ...rest } = judgement;
    return {
      seed,
      outcome: judgement.error !== null ? 'wrong' : report.outcome,
      text: textOf(judgement),
      data: { format: 'handgrad-cell-1', ...rest, report: report.toJSON() },
      page: task.page ? reportHtml(report) : undefined,
      printed: judgement.output.map((line) => `${line}\n`).join(''),
      failure: failureOf(judgement),
    };
  });
}

/** Why a cell can't be judged to its end. */
function failureOf({ error, report }: Judgement): string | undefined {
  if (error === null) {
    return report.gradients.length > 0 ? undefined : 'expected at least one gradient, a variable as dlogits, got none';
  }
  const { line, column, message, hint } = error;
  return `line ${line}, column ${column}: ${message}${hint === null ? '' : `; ${hint}`}`;
}

/** The report, and below it where gradients that are not right were written, and which are open. */
function textOf({ report, lines, open, given }: Judgement): string {
  const places = new Map<string, Set<number>>();
  for (const { name, line, kind, verdict } of lines) {
    if (kind !== 'forward' && verdict !== 'exact' && verdict !== 'rounding') {
      places.set(name, (places.get(name) ?? new Set()).add(line));
    }
  }
  return [
    String(report),
    ...[...places].map(([name, at]) => `${name}: line${at.size === 1 ? '' : 's'} ${[...at].join(', ')}`),
    ...lines
      .filter(({ kind, notes }) => kind === 'forward' && notes.length > 0)
      .map(({ line, notes }) => `line ${line}: ${notes.join('; ')}`),
    ...(given.length === 0 ? [] : wrapped('Taken from the reference: ', given)),
    ...(open.length === 0 ? [] : wrapped('Open: ', open)),
  ]
    .map((text, i) => (i === 0 ? text : escapeControls(text)))
    .join('\n');
}

/** Names behind a label, in lines of at most 100 characters. */
function wrapped(label: string, names: readonly string[]): string[] {
  const lines = [label];
  for (const [i, name] of names.entries()) {
    const text = name + (i < names.length - 1 ? ', ' : '');
    if (lines.at(-1)!.length + text.length > 100) lines.push(' '.repeat(label.length));
    lines[lines.length - 1] += text;
  }
  return lines.map((line) => line.trimEnd());
}
