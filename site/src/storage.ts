// What the browser keeps for the next visit. A browser that keeps nothing, or has no room left, is said to, once.

import { signal } from '@preact/signals';

/** Why what is done here will not be there after a reload; empty while it will. */
export const notKept = signal('');

/** What was kept under `key`; null where nothing is. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(`handgrad.${key}`);
  } catch {
    return null;
  }
}

export function keep(key: string, text: string): void {
  try {
    localStorage.setItem(`handgrad.${key}`, text);
    notKept.value = '';
  } catch (error) {
    notKept.value = `This browser keeps nothing (${(error as Error).name}): save your work with the buttons before you leave.`;
  }
}

/** Calls `act` when another tab has kept something under `key`. */
export function onKeptElsewhere(key: string, act: () => void): void {
  addEventListener('storage', (event) => {
    // All that is kept may be cleared at once, which has no key.
    if (event.key === null || event.key === `handgrad.${key}`) act();
  });
}

const risks: (() => boolean)[] = [];

/** Names something that a reload would lose, while `isThere`. */
export function atRisk(isThere: () => boolean): void {
  risks.push(isThere);
}

/** Whether a reload would lose something. */
export const isAnythingAtRisk = (): boolean => notKept.value !== '' || risks.some((isThere) => isThere());
