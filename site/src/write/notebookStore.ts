// The cells of the notebook, what each has printed, and the one that was removed last.

import { computed, signal } from '@preact/signals';
import { Lab } from '../lab/client.js';
import type { Ran } from '../lab/protocol.js';
import { keep, kept } from '../storage.js';
import { notebookCells } from './notebookCells.js';

const lab = new Lab();

/** How long one order may run, in milliseconds. */
const patience = 60_000;

export interface Cell {
  readonly id: number;
  readonly code: string;
}

let last = 0;
const cellOf = (code: string): Cell => ({ id: ++last, code });

export const cells = signal<readonly Cell[]>(stored().map(cellOf));

/** What the cells have done, by their id. */
export const results = signal<ReadonlyMap<number, Ran>>(new Map());
export const failure = signal('');

/** The cell that was removed last, and where it stood. */
export const removed = signal<{ readonly cell: Cell; readonly at: number } | null>(null);

function stored(): readonly string[] {
  try {
    const texts: unknown = JSON.parse(kept('write.notebook') ?? 'null');
    if (Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  } catch {}
  return notebookCells;
}

function set(next: readonly Cell[]): void {
  cells.value = next;
  keep('write.notebook', JSON.stringify(next.map(({ code }) => code)));
}

/** The cell that was added last, whose editor is to have the keyboard. */
export const added = { id: 0 };

/** Puts a cell of somebody's own behind the others. */
export function addCell(code: string): void {
  const cell = cellOf(code);
  added.id = cell.id;
  set([...cells.value, cell]);
}

export function write(id: number, code: string): void {
  set(cells.value.map((cell) => (cell.id === id ? { ...cell, code } : cell)));
}

export function remove(cell: Cell): void {
  removed.value = { cell, at: cells.value.indexOf(cell) };
  set(cells.value.filter(({ id }) => id !== cell.id));
}

/** Puts back the cell that was removed last. */
export function restore(): void {
  const { cell, at } = removed.value!;
  removed.value = null;
  set(cells.value.toSpliced(at, 0, cell));
}

/** The lecture's cells in place of all. */
export function startAgain(): void {
  removed.value = null;
  set(notebookCells.map(cellOf));
}

const orders = signal(0);
export const isRunning = computed(() => orders.value > 0);

/** What was ordered before: one order waits for the other. */
let before = Promise.resolve();
/** Grows when all that was ordered is given up. */
let stops = 0;

/** Runs all cells, from the beginning. */
export const runAll = (): Promise<void> => order(cells.value, true);

/** Runs one cell, with what has run before it. */
export const runOne = (cell: Cell): Promise<void> => order([cell], false);

function order(chosen: readonly Cell[], anew: boolean): Promise<void> {
  const mine = stops;
  orders.value++;
  before = before.then(async () => {
    if (mine === stops) await run(chosen, anew);
    orders.value--;
  });
  return before;
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
