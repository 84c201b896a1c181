// Trainings and word lists that the browser keeps, in IndexedDB.

import type { ListHead, Memory, OwnList } from '../lab/trainProtocol.js';
import type { TrainSettings } from '../lab/trainSettings.js';

/** A training as it is kept. */
export interface Kept {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly step: number;
  readonly loss: number;
  readonly settings: TrainSettings;
  readonly list: ListHead;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: Memory;
}

const [trainings, lists] = ['trainings', 'lists'] as const;

let opened: Promise<IDBDatabase> | undefined;

/** The database; another try is made with each call until there is one. */
async function database(): Promise<IDBDatabase> {
  opened ??= open();
  try {
    return await opened;
  } catch (error) {
    opened = undefined;
    throw error;
  }
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('handgrad', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(trainings, { keyPath: 'id' });
    request.result.createObjectStore(lists);
  };
  const db = await resultOf(request);
  // Another tab may want a newer version, or the reader may clear the storage.
  db.onversionchange = () => db.close();
  db.onclose = () => {
    opened = undefined;
  };
  return db;
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Runs `write` in a transaction, and resolves once it is through. */
async function writing(write: (trainings: IDBObjectStore, lists: IDBObjectStore) => void): Promise<void> {
  const transaction = (await database()).transaction([trainings, lists], 'readwrite');
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    write(transaction.objectStore(trainings), transaction.objectStore(lists));
  });
}

/** All trainings, the newest first. */
export async function keptTrainings(): Promise<Kept[]> {
  const store = (await database()).transaction(trainings).objectStore(trainings);
  const found: Kept[] = await resultOf(store.getAll());
  return found.sort((a, b) => b.savedAt - a.savedAt);
}

/** Keeps a training; a list of its own along with it, where one is given. */
export async function keepTraining(kept: Kept, list: OwnList | null): Promise<void> {
  await writing((trainings, lists) => {
    trainings.put(kept);
    if (list !== null) lists.put(list, kept.id);
  });
}

export async function removeTraining(id: string): Promise<void> {
  await writing((trainings, lists) => {
    trainings.delete(id);
    lists.delete(id);
  });
}

/** The list of a training, or the one under `own`. */
export async function keptList(id: string): Promise<OwnList | undefined> {
  return await resultOf((await database()).transaction(lists).objectStore(lists).get(id));
}

export async function keepList(list: OwnList): Promise<void> {
  await writing((_, lists) => {
    lists.put(list, own);
  });
}

/** Where the list of one's own that was last put in lies. */
export const own = 'own';

/** Why nothing is kept, and what to do about it. */
export function troubleOf(error: unknown): string {
  const { name } = error as Error;
  return name === 'QuotaExceededError'
    ? 'The browser’s storage is full, so this training is no longer kept: delete a saved one below, or save this one to a file.'
    : `The browser keeps nothing here (${name}): save the training to a file before you leave.`;
}
