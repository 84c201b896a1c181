// Start, pause, step, reset, and how far the training has come.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { RunState } from '../lab/trainProtocol.js';
import {
  again,
  hasBegun,
  isPreparing,
  isRunning,
  offered,
  pause,
  prepared,
  progress,
  reset,
  start,
  step,
} from './store.js';
import { count, duration, lossText } from './texts.js';

const states: Readonly<Record<RunState, string>> = {
  ready: 'Ready',
  running: 'Training',
  paused: 'Paused',
  diverged: 'Stopped: it diverged',
  done: 'Done',
};

export function Transport() {
  const now = progress.value;
  const isDone = now?.state === 'done';
  return (
    <section class="card transport" aria-label="Training">
      <div class="actions">
        {isDone ? (
          <button type="button" class="begin main" onClick={() => void reset()}>
            Begin anew
          </button>
        ) : (
          <button
            type="button"
            class={offered.value ? 'begin' : 'begin main'}
            onClick={() => void (isRunning.value ? pause() : start())}
          >
            {isRunning.value ? 'Pause' : hasBegun.value ? 'Continue' : 'Start'}
          </button>
        )}
        <button type="button" disabled={isDone || now === null} onClick={() => void step()}>
          Step
        </button>
        <button type="button" disabled={!hasBegun.value} onClick={() => void reset()}>
          Reset
        </button>
      </div>
      {now === null ? (
        <p class="soft">
          {isPreparing.value ? 'Drawing the parameters…' : 'Nothing is ready. '}
          {!isPreparing.value && (
            <button type="button" onClick={() => void again()}>
              Try again
            </button>
          )}
        </p>
      ) : (
        <>
          <progress max={now.steps} value={now.step} aria-label="Steps" />
          <dl class="figures">
            <dt>step</dt>
            <dd>
              {count(now.step)} / {count(now.steps)}
            </dd>
            <dt>loss</dt>
            <dd>{lossText(now.loss)}</dd>
            <dt>dev loss</dt>
            <dd>{lossText(now.devLoss)}</dd>
            <dt>steps/s</dt>
            <dd>{now.stepsPerSecond > 0 ? count(now.stepsPerSecond) : '–'}</dd>
            <dt>time left</dt>
            <dd>{now.stepsPerSecond > 0 ? duration((now.steps - now.step) / now.stepsPerSecond) : '–'}</dd>
          </dl>
          <p class="soft">
            {isPreparing.value ? 'Preparing…' : states[now.state]}
            {prepared.value && ` · ${count(prepared.value.parameterCount)} parameters`}
          </p>
          {now.failure && (
            <p class="complaint" role="alert">
              It diverged, most likely because the rate is too large: {now.failure}. The model is back at step{' '}
              {count(now.step)}: take a smaller rate below and continue, or reset.
            </p>
          )}
        </>
      )}
      <Spoken />
    </section>
  );
}

/** Milliseconds between two announcements while it trains. */
const patience = 10_000;

/** What a screen reader says: each change of the state, and how far it is every ten seconds. */
function Spoken() {
  const text = useSignal('');
  const state = progress.value?.state;
  useEffect(() => {
    const speak = () => {
      const now = progress.peek();
      text.value = '';
      if (now === null || now.step === 0) return;
      const loss = Number.isNaN(now.loss) ? '' : `, loss ${lossText(now.loss)}`;
      text.value = `${states[now.state]}: step ${count(now.step)} of ${count(now.steps)}${loss}`;
    };
    speak();
    const timer = setInterval(speak, patience);
    return () => clearInterval(timer);
  }, [state]);
  return (
    <p class="unseen" role="status">
      {text.value}
    </p>
  );
}
