// What the room shows: the model of the address's settings, computed in the worker.

import { computed, effect, signal } from '@preact/signals';
import { exercise1, intermediateNames } from 'handgrad';
import { address } from '../address.js';
import { lab } from '../lab/client.js';
import type { Notebook, Verdicts } from '../lab/protocol.js';
import { readSettings, type Settings } from '../lab/settings.js';

/** The settings of the address, the same object while they are the same. */
let last: Settings | undefined;
export const settings = computed(() => {
  const { settings } = readSettings(address.value.query);
  if (last === undefined || JSON.stringify(last) !== JSON.stringify(settings)) last = settings;
  return last;
});

/** The newest model that was computed; the one before stays until then. */
export const notebook = signal<Notebook | null>(null);
export const verdicts = signal<Verdicts | null>(null);
export const failure = signal('');

let newest = 0;

const tries = signal(0);

/** Asks for the model once more. */
export function again(): void {
  tries.value++;
}

/** Asks for the model, then for the verdicts; an answer counts while it is the newest. */
async function compute(asked: Settings, isNewest: () => boolean): Promise<void> {
  const computed = await lab.ask('notebook', asked);
  if (!isNewest()) return;
  notebook.value = computed;
  const proved = await lab.ask('verdicts', asked);
  if (isNewest()) verdicts.value = proved;
}

/** Computes the model of the settings whenever they change. Returns what ends that. */
export function follow(): () => void {
  return effect(() => {
    tries.value;
    const asked = settings.value;
    failure.value = '';
    const turn = ++newest;
    verdicts.value = null;
    compute(asked, () => turn === newest).catch((error: Error) => {
      if (turn === newest) failure.value = error.message;
    });
  });
}

/** The steps of both passes: every result of the forward pass, then every gradient in the notebook's order. */
export const steps: readonly { readonly pass: 'forward' | 'backward'; readonly name: string }[] = [
  ...intermediateNames.map((name) => ({ pass: 'forward' as const, name })),
  ...exercise1.map(([, name]) => ({ pass: 'backward' as const, name })),
];

/** How many steps have been taken. */
export const step = computed(() => {
  const given = Number(address.value.query.step ?? steps.length);
  return Number.isInteger(given) ? Math.min(steps.length, Math.max(0, given)) : steps.length;
});

/** The node that is open. */
export const node = computed(() => address.value.query.node ?? 'dlogits'.slice(1));
