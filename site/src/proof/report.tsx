// A report: the verdict on everything, the chain, a row for each gradient, and what is said of the one that is chosen. All that comes
// from a module is shown as text.

import { useSignal } from '@preact/signals';
import type { HtmlReport } from 'handgrad/report';
import { figure } from '../parts/figure.js';
import { loaded } from '../parts/loaded.js';
import { save } from '../parts/save.js';
import { Chain } from './chain.js';
import { Detail } from './detail.js';
import { VerdictMark } from './verdictMark.js';
import { countsOf, headline, labelOf, outcomeOf, referenceSentences, rootOf } from './words.js';

/** Rows that are shown; more are in the saved report. */
const mostRows = 500;

const signOf = { right: '✓', wrong: '✗', undecided: '?' } as const;

export function Report({ report }: { report: HtmlReport }) {
  const { gradients } = report;
  const first = rootOf(report) ?? gradients.find(({ verdict }) => !['exact', 'rounding'].includes(verdict));
  const chosen = useSignal((first ?? gradients[0])?.name ?? '');
  const row = gradients.find(({ name }) => name === chosen.value);
  const choose = (name: string) => {
    chosen.value = name;
  };
  const outcome = outcomeOf(report);
  return (
    <article class="report" aria-label="Report">
      <h2 class={`outcome ${outcome}`}>
        <span class="sign" aria-hidden="true">
          {signOf[outcome]}
        </span>
        {headline(report)}
      </h2>
      <p class="soft">
        {report.name} · {report.dtype} · {countsOf(report)}
      </p>
      <Chain report={report} chosen={chosen.value} onChoose={choose} />
      <Rows report={report} chosen={chosen.value} onChoose={choose} />
      {row && <Detail report={report} row={row} key={row.name} />}
      <About report={report} />
    </article>
  );
}

interface RowsProps {
  readonly report: HtmlReport;
  readonly chosen: string;
  onChoose(name: string): void;
}

function Rows({ report, chosen, onChoose }: RowsProps) {
  const rows = report.gradients.slice(0, mostRows);
  const rest = report.gradients.length - rows.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by the keyboard
    <section class="rows" aria-label="Verdicts" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{report.reference.kind === 'given' ? 'tensor' : 'gradient'}</th>
            <th scope="col" class="verdict">
              verdict
            </th>
            <th scope="col">error in ULP</th>
            <th scope="col">of its bound</th>
            <th scope="col">maxdiff</th>
            <th scope="col">exact</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} class={row.name === chosen ? 'chosen' : ''}>
              <th scope="row">
                <button
                  type="button"
                  class="row-name"
                  aria-pressed={row.name === chosen}
                  onClick={() => onChoose(row.name)}
                >
                  {labelOf(row)}
                </button>
              </th>
              <td class="verdict">
                <VerdictMark row={row} isRoot={row.name === report.root && row.ownFault} />
              </td>
              <td>{row.error === null ? '–' : figure(row.error.candidate.ulp)}</td>
              <td>{row.error === null ? '–' : figure(row.error.decisive.bounds)}</td>
              <td>{figure(row.maxdiff)}</td>
              <td>{row.exact ? 'yes' : 'no'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p class="soft">{rest} more are in the saved report.</p>}
    </section>
  );
}

function About({ report }: { report: HtmlReport }) {
  const failed = useSignal('');

  async function savePage(): Promise<void> {
    try {
      const { reportHtml } = await loaded(() => import('handgrad/report'));
      const name = report.name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')
        .slice(0, 60);
      save(`${name || 'report'}.html`, reportHtml(report), 'text/html');
    } catch (error) {
      failed.value = (error as Error).message;
    }
  }

  return (
    <footer class="about-report">
      {referenceSentences(report).map((text) => (
        <p class="soft" key={text}>
          {text}
        </p>
      ))}
      <p class="actions">
        <button type="button" onClick={() => void savePage()}>
          Save the whole report as a page
        </button>
        {failed.value && (
          <span class="complaint" role="alert">
            {failed.value}
          </span>
        )}
      </p>
    </footer>
  );
}
