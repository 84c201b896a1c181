// What this browser keeps of trainings, and what becomes of that while others have it open.

import { signal } from '@preact/signals';
import type { OwnList } from '../lab/trainProtocol.js';
import { type Kept, keepTraining, keptTrainings, removeTraining, troubleOf } from './shelf.js';
import { hold, openTrainings } from './tabs.js';

/** The trainings that are kept, the newest first. */
export const saved = signal<readonly Kept[]>([]);
/** Those that tabs have open, this one among them. */
export const opened = signal<ReadonlySet<string>>(new Set());
/** Why nothing is kept; empty while it is. */
export const trouble = signal('');

let held: { readonly id: string; readonly letGo: () => void } | undefined;
let waiting: readonly [Kept, OwnList | null] | undefined;
let isWriting = false;
let written: Promise<void> = Promise.resolve();
/** The trainings whose lists are kept. */
const withLists = new Set<string>();

/** Sees who has what open. */
export async function lookAround(): Promise<void> {
  const found = await openTrainings();
  if ([...found].join() !== [...opened.value].join()) opened.value = found;
}

/** Reads what is kept, and who has it open. */
export async function lookUp(): Promise<void> {
  await lookAround();
  try {
    saved.value = await keptTrainings();
  } catch (error) {
    trouble.value = troubleOf(error);
  }
}

/** Takes a training for this tab, and lets the one before go. False where another tab has it. */
export async function claim(id: string): Promise<boolean> {
  if (held?.id === id) return true;
  const letGo = await hold(id);
  held?.letGo();
  held = letGo === null ? undefined : { id, letGo };
  await lookAround();
  return letGo !== null;
}

/** Lets the training of this tab go, once all that is to be kept of it is kept. */
export async function leave(): Promise<void> {
  await written;
  if (held === undefined) return;
  const { id, letGo } = held;
  letGo();
  held = undefined;
  opened.value = new Set([...opened.value].filter((other) => other !== id));
}

/** Keeps a training, with its list where that is one's own; while one is being written, the newest waits. */
export function keep(kept: Kept, list: OwnList | null): void {
  waiting = [kept, list];
  if (!isWriting) written = write();
}

async function write(): Promise<void> {
  isWriting = true;
  while (waiting !== undefined) {
    const [kept, list] = waiting;
    waiting = undefined;
    try {
      await claim(kept.id);
      await keepTraining(kept, withLists.has(kept.id) ? null : list);
      withLists.add(kept.id);
      saved.value = [kept, ...saved.value.filter(({ id }) => id !== kept.id)];
      trouble.value = '';
    } catch (error) {
      trouble.value = troubleOf(error);
    }
  }
  isWriting = false;
}

/** Removes a training from what is kept. */
export async function remove(id: string): Promise<void> {
  try {
    await removeTraining(id);
    withLists.delete(id);
    saved.value = saved.value.filter((kept) => kept.id !== id);
  } catch (error) {
    trouble.value = troubleOf(error);
  }
}
