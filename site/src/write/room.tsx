// The room where one writes the backward pass, and is told at each line whether it is right.

import { computed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { address, change } from '../address.js';
import { AddressComplaints, any, oneOf } from '../parts/addressComplaints.js';
import { save } from '../parts/save.js';
import { share } from '../parts/share.js';
import { TryAgain } from '../parts/tryAgain.js';
import { Later } from '../parts/useLoaded.js';
import { notKept } from '../storage.js';
import { Cell } from './cell.js';
import { exported, nothing } from './cells.js';
import { Forward } from './forward.js';
import {
  again,
  enter,
  eps,
  exercise,
  failure,
  follow,
  isJudging,
  judged,
  linkFailure,
  progress,
  replace,
  steps,
  takeLink,
} from './store.js';

const titles = {
  1: 'Exercise 1: 26 gradients, one operation at a time',
  2: 'Exercise 2: cross-entropy in one go',
  3: 'Exercise 3: batch norm in one go',
} as const;

const loadOwnTraining = async () => (await import('./ownTraining.js')).OwnTraining;
const loadNotebook = async () => (await import('./notebook.js')).Notebook;

/** What the room has, by the name that the address gives it. */
const parts = [
  { name: '1', label: 'Exercise 1', title: titles[1], Part: Cells },
  { name: '2', label: 'Exercise 2', title: titles[2], Part: Cells },
  { name: '3', label: 'Exercise 3', title: titles[3], Part: Cells },
  {
    name: '4',
    label: 'Exercise 4',
    title: 'Exercise 4: train with your own backward pass',
    Part: () => <Later load={loadOwnTraining} />,
  },
  { name: 'notebook', label: 'Notebook', title: 'A notebook', Part: () => <Later load={loadNotebook} /> },
] as const;

/** What this room's address may have. */
const members = computed(() => ({
  exercise: oneOf(parts.map(({ name }) => name)),
  cell: oneOf(['none', ...steps.value.map(({ name }) => name)]),
  eps: oneOf(['1e-5', '1e5']),
  // What can't be read of it is said where it would stand.
  work: any,
}));

export function Write() {
  const shown = parts.find(({ name }) => name === address.value.query.exercise) ?? parts[0];
  return (
    <div class="write">
      <h1>{shown.title}</h1>
      <fieldset class="group sides" aria-label="Exercises">
        {parts.map(({ name, label }) => (
          <button
            type="button"
            key={name}
            aria-pressed={shown.name === name}
            onClick={() => change({ exercise: name === '1' ? undefined : name, cell: undefined }, 'push')}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <AddressComplaints members={members.value} />
      <shown.Part key={shown.name} />
    </div>
  );
}

/** What is to be done in each exercise. */
const tasks = {
  1: 'Write the gradient of each tensor as in the notebook, in Python, each from those before it. Ctrl+Enter goes on to the next.',
  2: 'Write dlogits in Python, from logits and Yb: the eight steps from the loss to logits become one.',
  3: 'Write dhprebn in Python, from dhpreact: the seven steps through batch norm become one.',
} as const;

/** The cells of an exercise. */
function Cells() {
  useEffect(() => void takeLink(), []);
  useEffect(follow, []);
  useEffect(() => {
    const { cell } = address.peek().query;
    if (cell !== undefined) document.getElementById(`cell-${cell}`)?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <>
      <p class="lead">
        {tasks[exercise.value]} Every line is judged as you type: against autograd, and in float64, which tells rounding
        from a wrong formula.
      </p>
      <Forward />
      <Standing />
      {failure.value && <TryAgain text={failure.value} again={again} />}
      <ol class="cells-to-write">
        {steps.value.map((step) => (
          <Cell step={step} key={`${exercise.value} ${step.name}`} />
        ))}
      </ol>
      <Actions />
    </>
  );
}

/** How far one has come, and what is next. */
function Standing() {
  const rows = judged.value?.gradients ?? {};
  // One that has inherited a fault is right by itself.
  const right = steps.value.filter(({ of }) => ['exact', 'rounding', 'inherited'].includes(rows[of]?.verdict ?? ''));
  const next = steps.value.find(
    ({ of, name }) => !right.some((step) => step.of === of) && !progress.value.skipped.includes(name),
  );
  return (
    <p class="standing" aria-live="polite">
      <b>
        {right.length} of {steps.value.length} right
      </b>
      {next ? (
        <>
          ; next:{' '}
          <button type="button" class="in-text" onClick={() => enter(next.name)}>
            {next.name}
          </button>
        </>
      ) : (
        '; nothing is left'
      )}
      {isJudging.value && <span class="soft"> judging…</span>}
      {[notKept.value, linkFailure.value].filter(Boolean).map((text) => (
        <span class="complaint" role="alert" key={text}>
          {' '}
          {text}
        </span>
      ))}
    </p>
  );
}

function Actions() {
  const said = useSignal('');

  async function shareWork(): Promise<void> {
    const query = exercise.value === '1' ? {} : { exercise: exercise.value };
    said.value = await share({ room: 'write', query }, 'work', JSON.stringify(progress.value));
  }

  function saveCell(): void {
    save(`exercise${exercise.value}.py`, exported(steps.value, progress.value), 'text/x-python');
  }

  function restart(): void {
    if (confirm('Clear all cells of this exercise?')) replace(nothing);
  }

  return (
    <p class="actions">
      <button type="button" onClick={() => void shareWork()}>
        Copy a link to this
      </button>
      <button type="button" onClick={saveCell}>
        Save as a notebook cell
      </button>
      <button type="button" onClick={restart}>
        Start again
      </button>
      <label class="field">
        epsilon
        <select
          value={eps.value === 1e5 ? '1e5' : '1e-5'}
          onChange={(event) => change({ eps: event.currentTarget.value })}
        >
          <option value="1e-5">1e-5</option>
          <option value="1e5">1e05, the notebook’s</option>
        </select>
      </label>
      <span class="soft">
        <code>handgrad check exercise{exercise.value}.py</code> proves the saved cell in a terminal.
      </span>
      <span class="soft" aria-live="polite">
        {said.value}
      </span>
    </p>
  );
}
