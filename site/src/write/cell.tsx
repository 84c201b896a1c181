// The cell of one gradient: what it flows from, an editor, the verdict, and help when it is asked for.

import { useComputed } from '@preact/signals';
import type { Step } from 'handgrad/lesson';
import { change, formatAddress } from '../address.js';
import { holds } from '../lab/program.js';
import type { LineVerdict } from '../lab/protocol.js';
import { Editor, type Mark } from '../parts/editor.js';
import { Others } from '../parts/others.js';
import { phrases, signs } from '../parts/verdicts.js';
import { python } from './python.js';
import { shownShape } from './sizes.js';
import { enter, entered, giveHints, joined, judged, openCell, progress, shared, skip, steps, write } from './store.js';

const isRight = (verdict: string): boolean => verdict === 'exact' || verdict === 'rounding';

const markOf = ({ line, verdict, text }: LineVerdict, from: number): Mark => ({
  line: line - from + 1,
  kind: verdict,
  sign: signs[verdict] ?? '·',
  text: text || phrases[verdict] || verdict,
});

export function Cell({ step }: { step: Step }) {
  const { name, of } = step;
  const code = progress.value.cells[name] ?? '';
  const skipped = progress.value.skipped.includes(name);
  const isOpen = openCell.value === name;
  const lines = useComputed(() => {
    const range = joined.value.ranges.get(name);
    if (range === undefined || judged.value === null) return [];
    return judged.value.lines.filter(({ line }) => holds(range, line));
  });
  const marks = useComputed(() => {
    const from = joined.value.ranges.get(name)?.from ?? 1;
    return lines.value.map((line) => markOf(line, from));
  });
  const printed = useComputed(() => {
    const range = joined.value.ranges.get(name);
    return range === undefined ? [] : (judged.value?.printed ?? []).filter(({ line }) => holds(range, line));
  });
  const failed = lines.value.some(({ verdict }) => verdict === 'error');
  // A cell may write the gradients of others too.
  const found = failed ? 'error' : (judged.value?.gradients[of]?.verdict ?? 'open');
  const verdict = skipped ? 'open' : found;
  const isEmpty = code.trim() === '';
  const unjudged = isEmpty ? 'not written yet' : `no line of this writes ${name} yet`;

  return (
    <li class={`cell-to-write ${isOpen ? 'open' : ''}`} id={`cell-${name}`}>
      <button
        type="button"
        class="cell-head"
        aria-expanded={isOpen}
        onClick={() => change({ cell: isOpen ? 'none' : name })}
      >
        <span class={`sign ${verdict}`} aria-hidden="true">
          {skipped ? '→' : signs[verdict]}
        </span>
        <code>{name}</code>
        <span class="soft">
          {skipped ? 'the true value is used' : (phrases[verdict] ?? unjudged)}
          {isRight(verdict) && lines.value.some(({ text }) => text !== '') && '; but see below'}
        </span>
      </button>
      {isOpen && (
        <div class="cell-body">
          <p class="soft">
            Used in <code>{step.forward.join(' · ')}</code>; shape <code>{shownShape(step)}</code>
          </p>
          <Editor
            language={python}
            value={code}
            label={`Python for ${name}`}
            marks={marks.value}
            firstLine={joined.value.ranges.get(name)?.from ?? 1}
            autofocus={entered.value === name}
            onChange={(text) => write(name, text)}
            onDone={() => openNext(name)}
          />
          <Findings lines={lines.value} />
          <Help step={step} empty={isEmpty} skipped={skipped} solved={isRight(verdict)} />
        </div>
      )}
      <Others shared={shared.value} name={name} take={(text) => write(name, text)} />
      {printed.value.length > 0 && (
        <section class="printed" aria-label={`What ${name} prints`}>
          <pre>{printed.value.map(({ text }) => text).join('\n')}</pre>
        </section>
      )}
    </li>
  );
}

function openNext(name: string): void {
  const names = steps.value.map((step) => step.name as string);
  const next = names[names.indexOf(name) + 1];
  if (next !== undefined) enter(next);
}

/** What an error is said of is its line, and a value of the forward pass has no verdict. */
const titleOf = (name: string, verdict: string): string =>
  [name, verdict].filter((part) => part !== '' && part !== 'open').join(', ');

function Findings({ lines }: { lines: readonly LineVerdict[] }) {
  const said = lines.filter(({ text }) => text !== '');
  return (
    <ul class="findings" aria-live="polite">
      {said.map(({ line, name, verdict, text }) => (
        <li key={`${line} ${name}`} class={verdict}>
          <b>{titleOf(name, verdict)}</b>: {text}
        </li>
      ))}
    </ul>
  );
}

const asks = [
  'A hint: which rule?',
  'Another: which shapes?',
  'Another: the formula with a hole',
  'Show the solution',
] as const;

interface HelpProps {
  readonly step: Step;
  readonly empty: boolean;
  readonly skipped: boolean;
  readonly solved: boolean;
}

function Help({ step, empty, skipped, solved }: HelpProps) {
  const given = progress.value.hints[step.name] ?? 0;
  const hints = [...step.hints, step.python].slice(0, given);
  const { name } = step;
  return (
    <div class="help">
      {hints.map((hint, i) => (i < 2 ? <p key={hint}>{hint}</p> : <pre key={hint}>{hint}</pre>))}
      {given >= 4 && step.note && <p class="soft">{step.note}</p>}
      {(given >= 4 || solved) && (
        <p>
          <a href={formatAddress({ room: 'understand', query: { node: step.of } })}>Where it comes from</a>
        </p>
      )}
      <p class="actions">
        {given < 4 && (
          <button type="button" onClick={() => giveHints(name, given + 1)}>
            {asks[given]}
          </button>
        )}
        {given >= 4 && empty && (
          <button type="button" onClick={() => write(name, step.python)}>
            Put it into the cell
          </button>
        )}
        {(skipped || !solved) && steps.value.length > 1 && (
          <button type="button" aria-pressed={skipped} onClick={() => skip(name, !skipped)}>
            Go on with the true value
          </button>
        )}
      </p>
    </div>
  );
}
