// What has come of a run: what it printed, why it failed, its reports.

import { Report } from './report.js';
import type { Failure } from './sandbox/protocol.js';
import { crashed, isStale, type Run, run, shown } from './store.js';
import { headline, labelOf, outcomeOf, rootOf } from './words.js';

export function Result() {
  const current = run.value;
  if (crashed.value) {
    return (
      <p class="complaint" role="alert">
        The last run took the page with it: it probably used more memory than the browser gives. It has not been run
        again.
      </p>
    );
  }
  if (current === null) {
    return <p class="soft">Press Run, and here is what becomes of every gradient.</p>;
  }
  const judged = current.judged[Math.min(shown.value, current.judged.length - 1)];
  return (
    <>
      <p class={`standing-of-run ${isOfOne(current) && !isStale.value ? 'unseen' : ''}`} role="status">
        {standingOf(current)}
        {isStale.value && <span class="soft"> The module has changed since.</span>}
      </p>
      {current.failure && <Failed failure={current.failure} />}
      <Printed lines={current.printed} />
      <Reports current={current} />
      {judged && <Report report={judged.report} key={shown.value} />}
    </>
  );
}

/** Whether the report says it all. */
const isOfOne = ({ phase, judged }: Run) => phase === 'done' && judged.length === 1;

function standingOf({ phase, count, judged, options }: Run): string {
  const runs = options.repeat > 1 || judged.length > 1 ? `${count.right} of ${count.done} runs are right` : '';
  if (phase === 'running') return `Proving…${runs === '' ? '' : ` ${runs}.`}`;
  if (phase === 'stopped') return `Stopped.${runs === '' ? '' : ` Until then, ${runs}.`}`;
  if (phase === 'failed') return 'It did not run to its end.';
  if (runs !== '') return `${runs}.`;
  return judged.length === 0 ? 'Done.' : headline(judged[0]!.report);
}

function Failed({ failure: { name, message, line, column } }: { failure: Failure }) {
  const place = line === null ? '' : ` (line ${line}${column === null ? '' : `, column ${column}`})`;
  return (
    <div class="failed" role="alert">
      <span class="sign error" aria-hidden="true">
        !
      </span>
      <p>
        <b>{name}</b>
        {place}: {message}
      </p>
    </div>
  );
}

function Printed({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details class="printed" open>
      <summary>Printed</summary>
      <pre>{lines.join('\n')}</pre>
    </details>
  );
}

/** A choice of reports where there are several. */
function Reports({ current: { judged } }: { current: Run }) {
  if (judged.length < 2) return null;
  return (
    <label class="field">
      Report
      <select
        value={String(shown.value)}
        onChange={({ currentTarget }) => {
          shown.value = Number(currentTarget.value);
        }}
      >
        {judged.map(({ seed, report }, i) => {
          const root = rootOf(report);
          const more = root === undefined ? '' : `, ${labelOf(root)}`;
          return (
            <option value={String(i)} key={String(i)}>
              {report.name}, seed {seed}: {outcomeOf(report)}
              {more}
            </option>
          );
        })}
      </select>
    </label>
  );
}
