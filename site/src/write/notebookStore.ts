// The cells of the notebook, what each has printed, and the one that was removed last.

import { computed, effect, signal } from '@preact/signals';
import { Lab } from '../lab/client.js';
import type { Ran } from '../lab/protocol.js';
import { readJson, readOthers, recordOf, type Shared, SharedTexts } from '../sharedTexts.js';
import { notebookCells } from './notebookCells.js';

const lab = new Lab();

/** How long one order may run, in milliseconds. */
const patience = 60_000;

export interface Cell {
  readonly id: string;
  readonly code: string;
}

/** What is kept of the notebook: the code by the cells' ids, and their order. */
export const shared = new SharedTexts<readonly string[]>('write.notebook', { read: readCells, write: formatCells });

export const cells = computed((): readonly Cell[] => {
  const { texts, rest } = shared.shown.value;
  return rest.map((id) => ({ id, code: texts[id]! }));
});

/** The lecture's cells, and a list of texts, have the places in it for their ids, the same ones in every tab. */
function readCells(text: string | null): Shared<readonly string[]> {
  const given = readJson(text);
  const { cells, others } = recordOf(given);
  const list: readonly unknown[] = Array.isArray(given) ? given : Array.isArray(cells) ? cells : [];
  const entries = list.flatMap((one, i): [string, string][] => {
    const { id, code } = typeof one === 'string' ? { id: String(i), code: one } : recordOf(one);
    return typeof id === 'string' && typeof code === 'string' ? [[id, code]] : [];
  });
  const read = entries.length > 0 ? entries : Object.entries(notebookCells);
  const texts = Object.fromEntries(read);
  const ids = [...new Set(read.map(([id]) => id))];
  return { texts, others: readOthers(others, ids), rest: ids };
}

function formatCells({ texts, others, rest }: Shared<readonly string[]>): string {
  return JSON.stringify({ cells: rest.map((id) => ({ id, code: texts[id] })), others });
}

/** What the cells have done, by their id. */
export const results = signal<ReadonlyMap<string, Ran>>(new Map());
export const failure = signal('');

/** The cell that was removed last, and where it stood. */
export const removed = signal<{ readonly cell: Cell; readonly at: number } | null>(null);

/** The cell that was added last, whose editor is to have the keyboard. */
export const added = { id: '' };

/** Puts a cell of somebody's own behind the others. */
export function addCell(code: string): void {
  const id = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  added.id = id;
  put({ id, code }, cells.value.length);
}

/** Puts a cell at a place, where it is not there. */
function put({ id, code }: Cell, at: number): void {
  shared.write({ [id]: code }, (ids) => (ids.includes(id) ? ids : ids.toSpliced(at, 0, id)));
}

/** Another tab may have removed the cell that is written in. */
export function write(id: string, code: string): void {
  put(
    { id, code },
    cells.value.findIndex((cell) => cell.id === id),
  );
}

export function remove(cell: Cell): void {
  shared.write({}, (ids) => ids.filter((id) => id !== cell.id));
}

/** Puts back the cell that was removed last. */
export function restore(): void {
  const { cell, at } = removed.value!;
  put(cell, at);
  removed.value = null;
}

/** The lecture's cells in place of all. */
export function startAgain(): void {
  shared.write(Object.fromEntries(Object.entries(notebookCells)), () => Object.keys(notebookCells));
  removed.value = null;
}

let before: readonly Cell[] = [];

// Whoever removes a cell, here or in another tab, it can be put back here.
effect(() => {
  const now = cells.value;
  const at = before.findIndex(({ id }) => !now.some((cell) => cell.id === id));
  if (at >= 0) removed.value = { cell: before[at]!, at };
  before = now;
});

const orders = signal(0);
export const isRunning = computed(() => orders.value > 0);

/** What was ordered before: one order waits for the other. */
let earlier = Promise.resolve();
/** Grows when all that was ordered is given up. */
let stops = 0;

/** Runs all cells, from the beginning. */
export const runAll = (): Promise<void> => order(cells.value, true);

/** Runs one cell, with what has run before it. */
export const runOne = (cell: Cell): Promise<void> => order([cell], false);

function order(chosen: readonly Cell[], anew: boolean): Promise<void> {
  const mine = stops;
  orders.value++;
  earlier = earlier.then(async () => {
    if (mine === stops) await run(chosen, anew);
    orders.value--;
  });
  return earlier;
}

async function run(chosen: readonly Cell[], anew: boolean): Promise<void> {
  failure.value = '';
  try {
    const reason = `It ran for more than ${patience / 1000} seconds and was stopped; the variables are gone.`;
    const sources = chosen.map(({ code }) => code);
    const ran = await lab.askWithin(patience, reason, 'run', { sources, anew });
    const done = chosen.slice(0, ran.length).map(({ id }, i) => [id, ran[i]!] as const);
    results.value = new Map([...(anew ? [] : results.value), ...done]);
  } catch (error) {
    failure.value = (error as Error).message;
  }
}

/** Gives up what runs and what waits, with all variables. */
export function stop(reason: string): void {
  stops++;
  lab.stop(reason);
}

/** Ends the worker as the room is left. */
export function leave(): void {
  stop('');
  results.value = new Map();
}
