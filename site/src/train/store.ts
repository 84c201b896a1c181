// The training that this room shows: what it is asked to be, how far it has come, and what can be done with it.

import { computed, effect, signal } from '@preact/signals';
import { address, change } from '../address.js';
import { Client } from '../lab/client.js';
import type {
  Look,
  OwnList,
  Prepared,
  Progress,
  Saved,
  Speed,
  SplitLosses,
  TrainEvent,
  TrainRequests,
} from '../lab/trainProtocol.js';
import { exercise4, passes, readTraining, type TrainSettings } from '../lab/trainSettings.js';
import { atRisk } from '../storage.js';
import { claim, keep, leave, lookAround, lookUp, opened, saved, trouble } from './keeping.js';
import { type Principal, principal } from './principal.js';
import { type Kept, keepList, keptList, own } from './shelf.js';
import { canTell } from './tabs.js';

/** The largest list and the largest file that are read, in bytes. */
const mostOfList = 5e6;
const mostOfFile = 1e8;
/** Milliseconds between two looks into the model, and how many times longer than the look itself they are at least. */
const [between, restPerLook] = [200, 20];

const client = new Client<TrainRequests, TrainEvent>(
  () => new Worker(new URL('../lab/trainWorker.ts', import.meta.url), { type: 'module' }),
  { heard, lost },
);

let last: TrainSettings = exercise4;
/** The settings of the address, the same object while they are the same. */
export const asked = computed(() => {
  const { settings } = readTraining(address.value.query);
  if (!isSame(last, settings)) last = settings;
  return last;
});

export const prepared = signal<Prepared | null>(null);
export const progress = signal<Progress | null>(null);
export const look = signal<Look | null>(null);
export const map = signal<Principal | undefined>(undefined);
/** Losses of the three splits, once the training is over. */
export const result = signal<SplitLosses | null>(null);
/** What could not be done, and what is worth knowing. */
export const failure = signal('');
export const notice = signal('');
export const listFailure = signal('');
export const isPreparing = signal(true);
export const id = signal(newId());

export const isRunning = computed(() => progress.value?.state === 'running');
/** Whether there is something that another setting would end. */
export const hasBegun = computed(() => isRunning.value || (progress.value?.step ?? 0) > 0);
atRisk(() => hasBegun.value && trouble.value !== '');
/** The training that was kept last and has not ended, where nothing has begun here. */
export const offered = computed(() =>
  hasBegun.value ? undefined : saved.value.find(({ step, settings }) => step < settings.steps),
);
/** Whether the address has come to ask for something else than what has begun. */
export const differs = computed(() => hasBegun.value && !isSame(asked.value, prepared.value!.settings));
export const isElsewhere = (kept: Kept): boolean => opened.value.has(kept.id) && kept.id !== id.value;

/** The list that the worker has been given, and that of the training which is shown; null for the bundled one. */
let given: OwnList | null = null;
let ownList: OwnList | null = null;
/** What is done to the choice of the training, one after the other. */
let preparing: Promise<void> = Promise.resolve();

function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

const isSame = (a: TrainSettings, b: TrainSettings): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What `act` does; where it fails, that is shown. */
export async function attempt(act: () => Promise<void>, where = failure): Promise<void> {
  where.value = '';
  try {
    await act();
  } catch (error) {
    where.value = (error as Error).message;
  }
}

function heard(event: TrainEvent): void {
  const before = progress.value?.state;
  progress.value = event.progress;
  if (event.bytes !== undefined && event.progress.step > 0) keepNow(event.progress, event.bytes);
  if (event.progress.state === before || event.progress.state === 'running') return;
  void lookOnce();
  if (event.progress.state === 'done') void attempt(showResult);
}

/** The worker is gone, with what was not kept yet: another one begins. */
function lost(reason: string): void {
  progress.value = null;
  prepared.value = null;
  void again().then(() => {
    failure.value = `The worker has ended (${reason}). What was saved is in the list below.`;
  });
}

function keepNow({ step, loss, memory }: Progress, bytes: Uint8Array<ArrayBuffer>): void {
  const { settings, list } = prepared.value!;
  keep({ id: id.value, savedAt: Date.now(), step, loss, settings, list, bytes, memory }, ownList);
}

async function showResult(): Promise<void> {
  result.value = await client.ask('evaluate', null);
}

/** Shows a training that stands ready, under the name `next`. */
function show(ready: Prepared, next: string): void {
  id.value = next;
  ownList = given;
  prepared.value = ready;
  progress.value = ready.progress;
  result.value = null;
  void lookOnce();
  if (ready.progress.state === 'done') void attempt(showResult);
}

/** Does what chooses another training, after what was begun before it. */
function inTurn(act: () => Promise<void>, where = failure): Promise<void> {
  preparing = preparing.then(async () => {
    isPreparing.value = true;
    await attempt(act, where);
    isPreparing.value = false;
  });
  return preparing;
}

/** Makes a training of the address's settings ready; the one before is saved first. */
async function prepare(): Promise<void> {
  await stopFirst();
  const ready = await client.ask('prepare', asked.peek());
  await leave();
  show(ready, newId());
}

/** Makes another worker's first training ready, with the list that the one before it had. */
export const again = (): Promise<void> =>
  inTurn(async () => {
    client.stop('another worker begins');
    await give(given);
    await prepare();
  });

/** Pauses what runs, so that its last step is kept. */
async function stopFirst(): Promise<void> {
  if (isRunning.peek()) await client.ask('pause', null);
}

let isFollowing = false;

/** Follows the address from now on; the training goes on while other rooms are open. Returns what ends that. */
export function follow(): () => void {
  if (!isFollowing) preparing = takeUp();
  isFollowing = true;
  // The links between the rooms carry no settings.
  if (hasBegun.peek() && Object.keys(address.peek().query).length === 0) showAddress(prepared.peek()!);
  const isCurrent = () => prepared.peek() !== null && isSame(prepared.peek()!.settings, asked.peek());
  const end = effect(() => {
    asked.value;
    if (hasBegun.peek() || isCurrent()) return;
    void inTurn(prepare);
  });
  addEventListener('focus', lookUp);
  const timer = setInterval(lookAround, 2000);
  return () => {
    end();
    clearInterval(timer);
    removeEventListener('focus', lookUp);
  };
}

/** What was kept before the page was opened: the trainings, and the list that the address speaks of. */
async function takeUp(): Promise<void> {
  await lookUp();
  if (address.peek().query.words !== own) return;
  await attempt(async () => {
    const list = await keptList(own).catch(() => undefined);
    if (list !== undefined) await give(list);
    else {
      change({ words: undefined });
      throw new Error(
        'The list of this address is not in this browser: the names that come with the lab are used instead.',
      );
    }
  }, listFailure);
}

export async function start(): Promise<void> {
  await preparing;
  await attempt(async () => {
    progress.value = await client.ask('run', null);
    void watch();
  });
}

export const pause = () =>
  attempt(async () => {
    progress.value = await client.ask('pause', null);
  });

export async function step(): Promise<void> {
  await preparing;
  await attempt(async () => {
    progress.value = await client.ask('step', 1);
    await lookOnce();
  });
}

/** Back to the first step, with the settings of the address. What was trained stays kept. */
export async function reset(): Promise<void> {
  notice.value = '';
  await inTurn(prepare);
}

/** Another learning rate from the next step on. */
export const setRate = (rate: number) =>
  attempt(async () => {
    progress.value = await client.ask('rate', rate);
  });

let isWatching = false;

/** Looks into the model while it trains and while somebody looks at the page. */
async function watch(): Promise<void> {
  if (isWatching) return;
  isWatching = true;
  while (isRunning.peek()) {
    if (!document.hidden) await lookOnce();
    const { milliseconds = 0 } = look.peek() ?? {};
    await new Promise((resolve) => setTimeout(resolve, Math.max(between, restPerLook * milliseconds)));
  }
  isWatching = false;
}

async function lookOnce(): Promise<void> {
  try {
    const seen = await client.ask('look', null);
    look.value = seen;
    map.value = principal(seen.C, seen.width, map.peek());
  } catch (error) {
    failure.value = (error as Error).message;
  }
}

/** Uses a list of one's own, or, with null, the bundled one. The training begins anew; the one before stays kept. */
export const useList = (list: OwnList | null): Promise<void> => inTurn(() => take(list), listFailure);

async function take(list: OwnList | null): Promise<void> {
  if (list !== null) checkLength(list.name, list.text.length, mostOfList, 'words');
  await stopFirst();
  await give(list);
  change({ words: list === null ? undefined : own });
  await prepare();
  if (list !== null) await keepList(list).catch(() => {});
}

async function give(list: OwnList | null): Promise<void> {
  await client.ask('list', list);
  given = list;
}

function checkLength(name: string, length: number, most: number, what: string): void {
  if (length <= most) return;
  throw new RangeError(`${name}: expected at most ${most / 1e6} MB of ${what}, got ${(length / 1e6).toFixed(1)} MB`);
}

/** Uses the list of a file. */
export const takeList = (file: File): Promise<void> =>
  inTurn(async () => {
    checkLength(file.name, file.size, mostOfList, 'words');
    await take({ name: file.name, text: await bytesOf(file) });
  }, listFailure);

/** Opens the training of a file. */
export const takeTraining = (file: File): Promise<void> =>
  inTurn(async () => {
    checkLength(file.name, file.size, mostOfFile, 'a saved training');
    await open({ name: file.name, bytes: await bytesOf(file) });
  });

/** Takes a file for what its name says: a training, or a list of words. */
export const takeFile = (file: File): Promise<void> =>
  file.name.endsWith('.safetensors') ? takeTraining(file) : takeList(file);

const bytesOf = async (file: File) => new Uint8Array(await file.arrayBuffer());

/** Opens what was saved, under the name `claimed` where this tab can have that. */
async function open(from: Saved, claimed?: string): Promise<void> {
  await stopFirst();
  const ready = await client.ask('resume', from);
  await leave();
  const isOurs = claimed !== undefined && (await claim(claimed));
  show(ready, isOurs ? claimed : newId());
  showAddress(ready);
  if (isOurs || claimed === undefined) return;
  const reason = canTell
    ? 'Another tab has this training open and saves it.'
    : 'Another tab may have this training open.';
  notice.value = `${reason} This tab has a copy, which is saved apart: neither overwrites the other.`;
}

/** Puts what a training is into the address. */
function showAddress({ settings, list }: Prepared): void {
  change({ ...addressOf(settings), words: list.isOwn ? own : undefined });
}

/** The members of an address that differ from those of exercise 4. */
export function addressOf(settings: TrainSettings): Record<string, string | undefined> {
  const members = Object.entries(settings) as [keyof TrainSettings, number | string][];
  return Object.fromEntries(
    members.map(([name, value]) => [name, value === exercise4[name] ? undefined : String(value)]),
  );
}

/** Opens a training that was kept; a copy of it where another tab has it open. */
export const resume = (kept: Kept): Promise<void> =>
  inTurn(async () => {
    const list = kept.list.isOwn ? await keptList(kept.id) : null;
    if (list === undefined) throw new Error(`The words of this training, ${kept.list.name}, are not kept any more.`);
    const before = given;
    await give(list);
    try {
      await open({ name: 'training', bytes: kept.bytes, memory: kept.memory }, kept.id);
    } catch (error) {
      await give(before);
      throw error;
    }
  });

export const speeds = signal<readonly Speed[]>([]);
export const isMeasuring = signal(false);
const rounds = 5;

/** Measures how fast each pass trains, in turn; the training goes on between. */
export async function measure(): Promise<void> {
  isMeasuring.value = true;
  const found = new Map(passes.map((backward) => [backward, [] as number[]]));
  await attempt(async () => {
    for (let round = 0; round < rounds; round++) {
      for (const backward of passes) {
        const { stepsPerSecond } = await client.ask('measure', backward);
        found.get(backward)!.push(stepsPerSecond);
      }
      speeds.value = passes.map((backward) => ({ backward, stepsPerSecond: median(found.get(backward)!) }));
    }
  });
  isMeasuring.value = false;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** The training and the model as files. */
export const trainingFile = () => client.ask('file', null);
export const weightsFile = () => client.ask('weights', null);
