// A training as a page of its own, for others to read: settings, losses, names, and the digest of its file.

import { sha256 } from '../lab/sha256.js';
import type { Progress } from '../lab/trainProtocol.js';
import { loaded } from '../parts/loaded.js';
import { save } from '../parts/save.js';
import { curvesOf } from './curves.js';
import { look, prepared, progress, result, trainingFile } from './store.js';
import { count, lossText } from './texts.js';

/** The curve of the loss as SVG. */
export async function lossSvg(now: Progress): Promise<string> {
  const report = await loaded(() => import('handgrad/report'));
  const { minibatch, dev } = curvesOf(now);
  const series = [
    { name: 'minibatch', places: [...minibatch[0]], values: [...minibatch[1]] },
    { name: 'dev', places: [...dev[0]], values: [...dev[1]] },
  ];
  return report.curve(
    series.filter(({ values }) => values.length > 0),
    { title: `Loss after ${now.step} steps`, x: 'step', y: 'loss' },
  );
}

/** What the report says, as data. */
async function facts() {
  const { settings, list, examples, parameterCount } = prepared.peek()!;
  const now = progress.peek()!;
  const { step, loss, devLoss, rates, curve, memory } = now;
  const { dev } = curvesOf(now);
  const bytes = await trainingFile();
  return {
    step,
    settings,
    rates,
    words: list,
    examples,
    parameters: parameterCount,
    loss,
    devLoss,
    evaluation: result.peek(),
    losses: { every: curve.every, means: [...curve.means] },
    dev: { steps: dev[0], losses: dev[1] },
    names: [...memory.log, { step, names: look.peek()?.names ?? [] }],
    file: { bytes: bytes.length, sha256: await sha256(bytes) },
  };
}

/** Saves the report: a page that needs nothing else, with the facts as JSON in it. */
export async function downloadReport(): Promise<void> {
  const found = await facts();
  save('training.html', pageOf(found, await lossSvg(progress.peek()!)), 'text/html');
}

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.15rem 1.2rem .15rem 0;vertical-align:top}' +
  'th{font-weight:400;color:#55606b}svg{max-width:100%;height:auto}code{overflow-wrap:anywhere}';

type Facts = Awaited<ReturnType<typeof facts>>;
type Row = readonly [name: string, value: unknown];

function pageOf(found: Facts, svg: string): string {
  const { settings, words, step, loss, devLoss, evaluation, names, file, rates } = found;
  const losses: Row[] =
    evaluation === null
      ? [
          ['minibatch', loss],
          ['sample of dev', devLoss],
        ]
      : Object.entries(evaluation);
  const json = JSON.stringify(found).replaceAll('<', '\\u003c');
  return [
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Training</title><style>${style}</style>`,
    `<h1>${escaped(words.name)}, ${settings.hidden} neurons, ${count(step)} of ${count(settings.steps)} steps</h1>`,
    svg,
    table(
      'Loss',
      losses.map(([name, value]) => [name, lossText(value as number)]),
    ),
    table(
      'Names',
      names.map(({ step, names }) => [count(step), names.join(', ')]),
    ),
    table('Settings', [
      ...Object.entries(settings),
      ['rates', rates.map(({ step, rate }) => `${rate} from step ${count(step)}`).join(', ')],
      ['words', `${count(words.count)} of ${words.name}, SHA-256 ${words.digest}`],
      ['parameters', count(found.parameters)],
    ]),
    table('Saved training', [
      ['bytes', count(file.bytes)],
      ['SHA-256', file.sha256 || 'not computed by this browser'],
    ]),
    `<script type="application/json">${json}</script></html>\n`,
  ].join('\n');
}

function table(title: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${escaped(name)}</th><td><code>${escaped(`${value}`)}</code></td></tr>`,
  );
  return `<h2>${title}</h2><table>${lines.join('')}</table>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
