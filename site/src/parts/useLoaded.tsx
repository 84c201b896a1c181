// What is loaded when it is needed, and what is said where it can't be.

import { useSignal } from '@preact/signals';
import type { ComponentType, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { isAnythingAtRisk } from '../storage.js';
import { loaded } from './loaded.js';
import { TryAgain } from './tryAgain.js';

/** `value` is null until it is there; `trouble` is to be shown where it can't be loaded. */
interface Loaded<T> {
  readonly value: T | null;
  readonly trouble: VNode | null;
}

/** What `load` gives. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const value = useSignal<{ readonly is: T } | null>(null);
  const failure = useSignal('');

  async function begin(): Promise<void> {
    try {
      value.value = { is: await loaded(load) };
    } catch (error) {
      failure.value = (error as Error).message;
    }
  }

  /** Browsers remember that a module is missing, some until the page is loaded anew. That loses nothing that is kept. */
  async function again(): Promise<void> {
    await begin();
    if (value.value === null && !isAnythingAtRisk() && (await isThere())) location.reload();
  }

  useEffect(() => void begin(), []);
  const hint = isAnythingAtRisk()
    ? 'Save what you have here, which this browser does not keep, then load the page anew.'
    : 'If it must, another try loads the page anew, with what you have written.';
  const trouble = <TryAgain text={`${failure.value} ${hint}`} again={() => void again()} />;
  return { value: value.value?.is ?? null, trouble: failure.value === '' ? null : trouble };
}

/** What `load` gives, in its place once it is there. */
export function Later({ load }: { load: () => Promise<ComponentType> }) {
  const { value: Part, trouble } = useLoaded(load);
  if (Part === null) return trouble ?? <p class="soft">Loading…</p>;
  return <Part />;
}

/** Whether the page could be loaded anew. */
async function isThere(): Promise<boolean> {
  const answer = await fetch('./', { cache: 'no-cache' }).catch(() => undefined);
  return answer?.ok ?? false;
}
