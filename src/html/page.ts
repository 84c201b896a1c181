// A report as one HTML file that needs nothing else.

import { object } from '../base/check.js';
import { elementCount } from '../base/shape.js';
import { show } from '../base/show.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { pictureStyle } from '../pictures/palette.js';
import { escaped, figure } from '../pictures/svg.js';
import { countsOf, type GradientReport, lackOf, outcomeOf, type ReferenceReport, verdicts } from '../proof/schema.js';
import { forward, gradientSection, type HtmlReport, said } from './gradient.js';
import { graph } from './graph.js';
import { script } from './script.js';
import { style } from './style.js';
import { labelled, listed, needsLook, verdictMark, verdictMeanings } from './words.js';

/** Cells in all heat maps of a page together, in float32; float64 has half as many, for they take twice the room. */
const mostCells = 26_000;
/** Sections that are open at first. */
const mostOpen = 4;

/**
 * A report as the text of one self-contained HTML file: verdict, chain, table, and for each gradient its figures, an ULP histogram
 * and heat maps. It loads nothing and is at most about 1 MB: of large gradients several elements share a cell. Throws a TypeError
 * for what is no report.
 *
 * @example await writeFileAtomic('report.html', new TextEncoder().encode(reportHtml(prove(hg, proof))));
 */
export function reportHtml(report: HtmlReport, ...surplus: AsCallback): string {
  refuseSurplus('reportHtml', 1, surplus);
  if (object('report', report).format !== 'handgrad-report-1' || !Array.isArray(report.gradients)) {
    throw new TypeError(`report: expected a ProofReport, of format "handgrad-report-1", got ${show(report)}`);
  }
  const { gradients, root } = report;
  const ids = gradients.map((_, i) => `g${i}`);
  const hrefs = new Map(gradients.map(({ name }, i) => [name, `#${ids[i]}`]));
  const looked = gradients.filter(needsLook);
  const open = new Set([...looked.filter(({ name }) => name === root), ...looked].slice(0, mostOpen + 1));
  const cells = cellsEach(report);
  const sections = gradients.map((gradient, i) =>
    gradientSection({
      report,
      gradient,
      id: ids[i]!,
      hrefs,
      isOpen: open.has(gradient),
      cells,
    }),
  );
  const title = escaped(report.name);
  const chain = graph(report, hrefs);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${outcomeSign(report)} ${title} · handgrad</title>
<style>${pictureStyle}${style}</style>
</head>
<body class="hg-pictures">
<a class="skip" href="#table">To the table</a>
<header>
<p class="eyebrow">handgrad · gradients proved in ${escaped(report.dtype)}</p>
<h1>${title}</h1>
${verdict(report)}
</header>
<main>
${causes(report, hrefs)}
<div class="overview${chain === '' ? ' alone' : ''}">
<section aria-labelledby="table-title" id="table"><h2 id="table-title">Gradients</h2>
<div class="table-frame">${table(report, hrefs)}</div>
</section>
${chain === '' ? '' : `<section aria-labelledby="chain-title"><h2 id="chain-title">Chain</h2><p class="note">Gradients are handed on along the arrows, from the loss down to the inputs.</p><div class="graph-frame">${chain}</div></section>`}
</div>
<section aria-labelledby="details-title"><div class="with-buttons"><h2 id="details-title">Each gradient</h2><span class="with-script"><span class="note">What is open is printed.</span> <button type="button" data-all="open">Open all</button> <button type="button" data-all="close">Close all</button></span></div>
${sections.join('\n')}
</section>
${attested(report)}
${legend()}
</main>
<footer><p>Written by handgrad. This file is complete in itself: it loads nothing.</p></footer>
<script>${script}</script>
</body>
</html>
`;
}

function outcomeSign(report: HtmlReport): string {
  return { right: '✓', wrong: '✗', undecided: '?' }[outcomeOf(report)];
}

/** The verdict in a sentence. */
function verdict(report: HtmlReport): string {
  const { gradients, root } = report;
  const outcome = outcomeOf(report);
  const unclaimed = gradients.filter(({ verdict }) => verdict === 'unclaimed').map(labelled);
  const doubtful = gradients.filter(({ verdict }) => verdict === 'undecided').map(labelled);
  const text =
    outcome === 'right'
      ? `Right: all ${gradients.length} gradients`
      : root !== null
        ? `Not right: the first wrong step is ${labelled(gradients.find(({ name, ownFault }) => ownFault && name === root) ?? { name: root, kind: 'gradient' })}`
        : unclaimed.length > 0
          ? `Not right: nothing was given for ${listed(shortened(unclaimed))}`
          : outcome === 'wrong'
            ? 'Not right: gradients disagree with the reference'
            : gradients.length === 0
              ? 'Undecided: no gradients'
              : doubtful.length > 0
                ? `Undecided: these inputs cannot tell of ${listed(shortened(doubtful))}`
                : `Undecided: ${lackOf(report.reference)}`;
  return `<p class="outcome ${outcome}"><span class="sign" aria-hidden="true">${outcomeSign(report)}</span><span><strong>${text}</strong><span class="counts">${countsOf(report)}</span></span></p>`;
}

function shortened(names: readonly string[]): string[] {
  return names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : [...names];
}

/** What is to be changed: the first wrong step, or what else is not right first, and a line for each other one. */
function causes(report: HtmlReport, hrefs: ReadonlyMap<string, string>): string {
  const { gradients, root } = report;
  const looked = gradients.filter(needsLook);
  const gradient = looked.find(({ name }) => name === root) ?? looked[0];
  if (gradient === undefined) return '';
  const inherited = gradients.filter(({ verdict }) => verdict === 'inherited').length;
  const parts = [
    `<h2>Where to look: <a href="${hrefs.get(gradient.name)}">${labelled(gradient)}</a></h2>`,
    said({ report, gradient }, gradient.diagnosis === null),
    forward({ report, gradient, hrefs }),
  ];
  if (inherited > 0) {
    const others = inherited === 1 ? 'One other gradient inherits' : `${inherited} other gradients inherit`;
    parts.push(`<p>${others} a fault: right, given what they are computed from.</p>`);
  }
  const others = looked.filter((one) => one !== gradient);
  if (others.length > 0) {
    const items = others.slice(0, 12).map((one) => {
      const text = one.diagnosis?.text ?? one.notes[0] ?? (one.ownFault ? 'its own formula is wrong' : '');
      return `<li><a href="${hrefs.get(one.name)}">${labelled(one)}</a> ${verdictMark(one.verdict)} ${escaped(text)}</li>`;
    });
    const more = others.length > 12 ? `<li>and ${others.length - 12} more, in the table</li>` : '';
    parts.push(`<h2>Also</h2><ul class="others">${items.join('')}${more}</ul>`);
  }
  return `<section class="card cause ${gradient.verdict === 'wrong' ? 'is-wrong' : 'is-doubt'}" aria-label="Where to look">${parts.join('\n')}</section>`;
}

const columns = ['gradient', 'verdict', 'exact', 'approx', 'maxdiff', 'ulp', 'of bound'] as const;

/** The table; its roles are written out, for on narrow screens its rows are laid out as cards. */
function table(report: HtmlReport, hrefs: ReadonlyMap<string, string>): string {
  const head = columns.map((name) => `<th scope="col" role="columnheader">${name}</th>`).join('');
  const rows = report.gradients.map((gradient) =>
    row(gradient, gradient.name === report.root, hrefs.get(gradient.name)!),
  );
  return `<table class="gradients" role="table" aria-labelledby="table-title">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">
${rows.join('\n')}
</tbody>
</table>`;
}

function row(gradient: GradientReport, isRoot: boolean, href: string): string {
  const { verdict, exact, approximate, maxdiff, error } = gradient;
  const shown = (value: number | undefined) => (value === undefined ? '–' : figure(Number(value)));
  const cells = [
    exact ? 'True' : 'False',
    approximate ? 'True' : 'False',
    shown(maxdiff),
    shown(error?.candidate.ulp),
    shown(error?.decisive.bounds),
  ];
  const figures = cells.map((cell, i) => `<td role="cell" data-label="${columns[i + 2]}">${cell}</td>`).join('');
  return `<tr role="row" class="${verdict}${isRoot ? ' root' : ''}"><th scope="row" role="rowheader"><a href="${href}">${labelled(gradient)}</a></th><td role="cell" class="of-verdict">${verdictMark(verdict, isRoot)}</td>${figures}</tr>`;
}

/** Whether a fault that was made on purpose was found. */
function controlLine(
  kind: ReferenceReport['kind'],
  { name, found, factor }: NonNullable<ReferenceReport['control']>,
): string {
  const label = labelled({ name, kind: kind === 'given' ? 'value' : 'gradient' });
  const power = factor === undefined ? -20 : Math.log2(factor - 1);
  const where = factor === undefined ? ' in float64' : '';
  const scaled = `${label} scaled by 1 + 2<sup>${String(power).replace('-', '−')}</sup>${where}`;
  if (found) return `<li>✓ Control: ${scaled} was found wrong, as it must be.</li>`;
  return `<li><strong>✗ Control: ${scaled} was not found wrong: this proves nothing.</strong></li>`;
}

/** Whether the reference and this proof itself can be trusted. */
function attested({ reference, dtype }: HtmlReport): string {
  const { kind, trusted, directions, control } = reference;
  const what = {
    autograd: 'the gradients of automatic differentiation, run in float64',
    differences: 'central differences, in float64',
    given: 'the values that were given',
  }[kind];
  const lines = [
    `<li>Gradients are held against ${what}. A gradient is right when what it errs by in float64 is what rounding can do; how much that is is measured on the reference.</li>`,
    trusted
      ? ''
      : '<li><strong>✗ The reference cannot be trusted:</strong> differences of the forward pass disagree with it.</li>',
    control === null ? '' : controlLine(reference.kind, control),
  ];
  const rows = directions.map(
    ({ reference, difference, estimatedError }) =>
      `<tr><td>${figure(Number(reference), 10)}</td><td>${figure(Number(difference), 10)}</td><td>${figure(Number(estimatedError))}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<table class="figures"><caption>${trusted ? '✓ ' : '✗ '}Slopes of the forward pass along random directions</caption><thead><tr><th scope="col">reference</th><th scope="col">differences</th><th scope="col">their own error</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return `<section aria-labelledby="attest-title"><h2 id="attest-title">Can this be trusted?</h2><ul>${lines.join('')}</ul>${table}<p class="note">exact, approx and maxdiff compare the candidate with the reference in ${escaped(dtype)}, as torch does; ulp is the candidate's error there in units in the last place of the true value, which is huge where that is zero; of bound is its error in float64 as a multiple of what rounding can do: at most 1 is right.</p></section>`;
}

function legend(): string {
  const items = verdicts.map(
    (verdict) => `<div><dt>${verdictMark(verdict)}</dt><dd>${verdictMeanings[verdict]}</dd></div>`,
  );
  return `<section aria-labelledby="legend-title"><h2 id="legend-title">Verdicts</h2><dl class="legend">${items.join('')}</dl></section>`;
}

/** How many cells each heat map may have, so that all together are not too many. */
function cellsEach({ values, gradients, dtype }: HtmlReport): number {
  const budget = dtype === 'float64' ? mostCells / 2 : mostCells;
  const sizes = gradients.map(({ name, shape }) => (values?.has(name) ? elementCount(shape) : 0));
  let cells = 4096;
  const total = () => sizes.reduce((sum, size) => sum + Math.min(size, cells), 0);
  while (cells > 16 && total() > budget) cells = Math.floor(cells * 0.9);
  return cells;
}
