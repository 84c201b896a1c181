// Both passes, a step at a time.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { change } from '../address.js';
import { step, steps } from './store.js';

const calm = matchMedia('(prefers-reduced-motion: reduce)');

function goTo(count: number): void {
  const taken = Math.min(steps.length, Math.max(0, count));
  const now = steps[taken - 1];
  change({ step: taken === steps.length ? undefined : String(taken), ...(now && { node: now.name }), cell: undefined });
}

/** Buttons to play and to step, and a slider over all steps. */
export function Stepper() {
  const playing = useSignal(false);
  useEffect(() => {
    if (!playing.value) return;
    const timer = setInterval(
      () => {
        if (step.value >= steps.length) playing.value = false;
        else goTo(step.value + 1);
      },
      calm.matches ? 1500 : 450,
    );
    return () => clearInterval(timer);
  }, [playing.value]);

  function play(): void {
    if (!playing.value && step.value === steps.length) goTo(0);
    playing.value = !playing.value;
  }

  return (
    <fieldset class="group stepper" aria-label="Steps of the forward and the backward pass">
      <button type="button" onClick={() => goTo(step.value - 1)} disabled={step.value === 0} aria-label="One step back">
        ◀
      </button>
      <button type="button" class="play" onClick={play}>
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <button
        type="button"
        onClick={() => goTo(step.value + 1)}
        disabled={step.value === steps.length}
        aria-label="One step on"
      >
        ▶
      </button>
      <input
        type="range"
        min={0}
        max={steps.length}
        value={step.value}
        aria-label="Step"
        aria-valuetext={saidOf(step.value)}
        onInput={(event) => goTo(Number(event.currentTarget.value))}
      />
      <output class="soft">{saidOf(step.value)}</output>
    </fieldset>
  );
}

function saidOf(count: number): string {
  const now = steps[count - 1];
  if (now === undefined) return 'before the first step';
  return `${count} of ${steps.length}: ${now.pass === 'forward' ? now.name : `d${now.name}`}`;
}
