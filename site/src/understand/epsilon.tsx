// What epsilon does: the same model with 1e-5 and with the notebook's 1e05, side by side.

import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { lab } from '../lab/client.js';
import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';
import { rangeOf } from '../parts/heatMap.js';
import { Histogram } from '../parts/plots.js';
import { TryAgain } from '../parts/tryAgain.js';
import { settings } from './store.js';

const choices = [1e-5, 1e5] as const;

const names: Readonly<Record<number, string>> = { 1e-5: '1e-5, everybody’s', 1e5: '1e05, the notebook’s' };

/** Open or not, also after the room was left. */
const isOpen = signal(false);

function toggled(event: { readonly currentTarget: HTMLDetailsElement }): void {
  isOpen.value = event.currentTarget.open;
}

/** Both models, computed when they are asked for. */
export function Epsilon() {
  return (
    <details class="card" open={isOpen.value} onToggle={toggled}>
      <summary>
        <b>What epsilon does</b>: 1e-5 beside 1e05
      </summary>
      {isOpen.value && <Both />}
    </details>
  );
}

function Both() {
  const models = useSignal<readonly Notebook[]>([]);
  const failure = useSignal('');
  const tries = useSignal(0);
  const asked = settings.value;
  useEffect(() => {
    let current = true;
    failure.value = '';
    Promise.all(choices.map((eps) => lab.ask('notebook', { ...asked, eps }))).then(
      (both) => {
        if (current) models.value = both;
      },
      (error: Error) => {
        if (current) failure.value = error.message;
      },
    );
    return () => {
      current = false;
    };
  }, [asked, tries.value]);
  if (failure.value !== '') return <TryAgain text={failure.value} again={() => tries.value++} />;
  if (models.value.length === 0) return <p class="soft">Computing…</p>;
  return (
    <>
      <p>
        Batch norm divides by the root of variance plus epsilon. Where epsilon is far larger than any variance, every
        neuron is divided by nearly the same number, {figure(Math.sqrt(1e5))}: what remains is so small that tanh is a
        straight line, and next to no gradient comes through the layer.
      </p>
      <div class="halves">
        {models.value.map((model) => (
          <Model model={model} key={model.settings.eps} />
        ))}
      </div>
    </>
  );
}

function Model({ model }: { model: Notebook }) {
  const { values, gradients, settings } = model;
  const spread = (name: string) => figure(deviation(values[name]!.data));
  return (
    <section aria-label={`epsilon ${names[settings.eps]}`}>
      <h3>{names[settings.eps]}</h3>
      <dl class="facts">
        <dt>loss</dt>
        <dd>{model.loss.toFixed(4)}</dd>
        <dt>bnvar_inv, largest</dt>
        <dd>{figure(rangeOf(values.bnvar_inv!))}</dd>
        <dt>spread of bnraw</dt>
        <dd>{spread('bnraw')}</dd>
        <dt>largest dhprebn</dt>
        <dd>{figure(rangeOf(gradients.hprebn!))}</dd>
        <dt>largest dW1</dt>
        <dd>{figure(rangeOf(gradients.W1!))}</dd>
      </dl>
      <Histogram values={values.bnraw!.data} from={-4} to={4} title="bnraw: what batch norm makes of its input" />
      <Histogram values={values.h!.data} from={-1} to={1} title="h: what tanh makes of it" />
    </section>
  );
}

function deviation(data: ArrayLike<number>): number {
  const list = Array.from(data);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
}
