// The section of one gradient: what is said of it, its figures, and its pictures.

import type { NdArray } from '../base/ndarray.js';
import { sameShape, showShape } from '../base/shape.js';
import { escaped, figure } from '../pictures/svg.js';
import {
  type ErrorFigures,
  type GradientReport,
  type GradientValues,
  labelOf,
  type ReportData,
} from '../proof/schema.js';
import { evidence } from './evidence.js';
import { heatMaps, type Layer, sharedRange } from './maps.js';
import { ulpHistogram } from './ulp.js';
import { gradientOf, indexText, labelled, listed, verdictMark } from './words.js';

/** What a page is made of: a ProofReport, or a report that JSON.parse gave, which has no values and so no pictures. */
export type HtmlReport = ReportData & { readonly values?: ReadonlyMap<string, GradientValues> };

/** What a section needs to know. */
export interface Section {
  readonly report: HtmlReport;
  readonly gradient: GradientReport;
  readonly id: string;
  readonly hrefs: ReadonlyMap<string, string>;
  readonly isOpen: boolean;
  /** Cells that a heat map has at most. */
  readonly cells: number;
}

/** The section as HTML. */
export function gradientSection(section: Section): string {
  const { report, gradient, id, isOpen } = section;
  const { name, shape, verdict, diagnosis } = gradient;
  const isRoot = name === report.root;
  const short = diagnosis === null ? '' : `<span class="short">${escaped(diagnosis.text)}</span>`;
  return `<details id="${id}" class="gradient"${isOpen ? ' open' : ''}>
<summary><span class="title">${labelled(gradient)}</span> <span class="shape">${showShape(shape)}</span> ${verdictMark(verdict, isRoot)} ${short}</summary>
<div class="inside">
${said(section)}
${forward(section)}
${figures(gradient, report.dtype)}
${pictures(section)}
</div>
</details>`;
}

/** What is found out, in sentences; with what the values themselves say where `hasEvidence`. */
export function said({ report, gradient }: Pick<Section, 'report' | 'gradient'>, hasEvidence = true): string {
  const { name, verdict, ownFault, diagnosis, worst, notes, share } = gradient;
  const lines: string[] = [];
  if (diagnosis !== null) lines.push(`<p class="diagnosis">${labelled(gradient)}: ${escaped(diagnosis.text)}.</p>`);
  else if (ownFault)
    lines.push('<p>Its own formula is wrong; what kind of fault it is cannot be told for certain.</p>');
  if (verdict === 'inherited') {
    lines.push('<p>It is right given the gradients that it is computed from: nothing is to be changed here.</p>');
  }
  if (verdict === 'unclaimed') {
    lines.push(
      `<p>${gradient.kind === 'gradient' ? `The backward function never wrote ${labelled(gradient)}, but the input requires a gradient` : `${labelled(gradient)} was not given`}.</p>`,
    );
  }
  if (ownFault && name !== report.root) {
    lines.push('<p>The values below also carry what it inherits from wrong gradients before it.</p>');
  }
  if (worst !== null && (verdict === 'wrong' || verdict === 'inherited')) {
    lines.push(
      `<p>At <code>${indexText(worst.index)}</code> it is <b class="number">${figure(worst.candidate, 7)}</b>, expected <b class="number">${figure(worst.truth, 7)}</b>. ${percent(share)} of the elements are wrong.</p>`,
    );
  }
  if (ownFault && hasEvidence)
    for (const sentence of evidence(gradient, report, report.values)) lines.push(`<p>${sentence}</p>`);
  for (const note of notes) lines.push(`<p class="remark">${escaped(sentenceOf(note))}</p>`);
  return lines.join('\n');
}

/** Where the value stands in the forward pass, and which gradients its own is made of. */
export function forward({ report, gradient, hrefs }: Pick<Section, 'report' | 'gradient' | 'hrefs'>): string {
  const made = report.chain.find(({ name }) => name === gradient.name);
  const users = report.chain.filter(({ name, from }) => name !== gradient.name && from.includes(gradient.name));
  const code = (name: string) => `<code>${escaped(name)}</code>`;
  const step = ({ name, from, operation }: ReportData['chain'][number]) =>
    `${code(name)} from ${listed(from.map(code))}, ending in <code>${escaped(operation)}</code>`;
  const lines: string[] = [];
  lines.push(
    made === undefined
      ? `<dt>Forward</dt><dd>${code(gradient.name)} is an input</dd>`
      : `<dt>Forward</dt><dd>${step(made)}</dd>`,
  );
  if (users.length > 0) {
    const links = users.map((user) => `<li>${link(user.name, hrefs)}, as ${step(user)}</li>`).join('');
    lines.push(
      `<dt>${users.length === 1 ? 'Made from' : `Sum of ${users.length} branches`}</dt><dd><ul>${links}</ul></dd>`,
    );
  }
  return report.chain.length === 0 ? '' : `<dl class="steps">${lines.join('')}</dl>`;
}

function link(name: string, hrefs: ReadonlyMap<string, string>): string {
  const href = hrefs.get(name);
  return href === undefined ? gradientOf(name) : `<a href="${href}">${gradientOf(name)}</a>`;
}

function figures({ error, bound, nonFinite, exact, approximate, maxdiff }: GradientReport, dtype: string): string {
  const lost = nonFinite.nan + nonFinite.infinite;
  const beside = [
    `exact ${truth(exact)}`,
    `approximate ${truth(approximate)}`,
    `maxdiff ${figure(Number(maxdiff))}`,
    bound === null ? '' : `rounding bound ${figure(bound)}`,
    lost === 0 ? '' : `${nonFinite.nan} NaN, ${nonFinite.infinite} infinite`,
  ].filter((text) => text !== '');
  const row = (label: string, { max, ulp, bounds }: ErrorFigures) =>
    `<tr><th scope="row">${label}</th><td>${figure(Number(max))}</td><td>${figure(Number(ulp))}</td><td>${figure(Number(bounds))}</td></tr>`;
  const table =
    error === null
      ? ''
      : `<table class="figures"><thead><tr><th scope="col">error of</th><th scope="col">largest</th><th scope="col">in ULP</th><th scope="col">of bound</th></tr></thead>
<tbody>${row(`candidate, ${dtype}`, error.candidate)}${row(`reference, ${dtype}`, error.reference)}${row('what decides', error.decisive)}</tbody></table>`;
  return `${table}<p class="beside">${beside.map((text) => `<span>${text}</span>`).join(' ')}</p>`;
}

function pictures({ report, gradient, cells }: Section): string {
  const values = report.values?.get(gradient.name);
  if (values === undefined) return '';
  const { candidate, reference, truth } = values;
  const name = labelOf(gradient);
  if (candidate === null) return single(`The reference's ${name}`, 'reference', reference, cells);
  if (!sameShape(wide(candidate), wide(reference))) {
    return `${single(`Candidate ${name}`, `candidate, ${showShape(candidate.shape)}`, candidate, cells)}${single(`The reference's ${name}`, `reference, ${showShape(reference.shape)}`, reference, cells)}`;
  }
  const difference = new Float64Array(truth.data.length).map((_, i) => {
    const [value, expected] = [candidate.data[i]!, truth.data[i]!];
    return Object.is(value, expected) ? 0 : value - expected;
  });
  const erring = gradient.worst === null ? undefined : placeOf(gradient.worst.index, reference.shape);
  const worst = erring === undefined || difference[erring] === 0 ? undefined : erring;
  const range = sharedRange(candidate.data, reference.data);
  const digits = report.dtype === 'float32' ? 7 : 12;
  const value = (label: string, note: string, { data }: NdArray): Layer => ({
    label,
    note,
    values: data,
    range,
    digits,
  });
  const layers: Layer[] = [
    ...(gradient.exact
      ? [value('candidate', 'and reference, the same bits', candidate)]
      : [value('candidate', '', candidate), value('reference', '', reference)]),
    {
      label: 'difference',
      note: 'of the candidate from float64',
      values: difference,
      range: sharedRange(difference),
      digits: 3,
    },
  ];
  const weight = (place: number) => (place === worst ? Infinity : Math.abs(difference[place]!));
  const maps = heatMaps(
    { name: `Heat maps of ${name}`, dtype: report.dtype, shape: reference.shape, layers, weight, worst },
    cells,
  );
  const histogram = ulpHistogram({
    candidate: candidate.data,
    reference: reference.data,
    truth: truth.data,
    dtype: report.dtype,
  });
  return `<div class="pictures">${maps}${reference.data.length === 0 ? '' : histogram}</div>`;
}

/** One array alone, where nothing can stand beside it. */
function single(name: string, label: string, { data, dtype, shape }: NdArray, cells: number): string {
  const layer = { label, note: '', values: data, range: sharedRange(data), digits: dtype === 'float64' ? 12 : 7 };
  const weight = (place: number) => Math.abs(data[place]!);
  return `<div class="pictures">${heatMaps({ name, dtype, shape, layers: [layer], weight, worst: undefined }, cells)}</div>`;
}

function wide({ shape }: NdArray): number[] {
  return shape.filter((size) => size !== 1);
}

function placeOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((place, at, axis) => place * shape[axis]! + at, 0);
}

function truth(value: boolean): string {
  return value ? 'True' : 'False';
}

/** A share in percent, which is 100 % for all and 0 % for none alone. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${100 * share} %`;
  const shown = Number((100 * share).toPrecision(2));
  return shown >= 100 ? 'more than 99 %' : shown === 0 ? 'less than 0.01 %' : `${shown} %`;
}

function sentenceOf(note: string): string {
  return `${note.charAt(0).toUpperCase()}${note.slice(1)}${/[.!?]$/.test(note) ? '' : '.'}`;
}
