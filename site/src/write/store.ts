// What is written in this room, and what is said of it.

import { computed, effect, signal } from '@preact/signals';
import { address, change } from '../address.js';
import { Lab } from '../lab/client.js';
import type { Judged, Program } from '../lab/protocol.js';
import { standard } from '../lab/settings.js';
import { unpacked } from '../parts/packed.js';
import { recordOf, SharedTexts } from '../sharedTexts.js';
import { type Exercise, formatOf, join, type Progress, readProgress, stepsOf } from './cells.js';

/** A worker of its own: a program that one writes may take its time. */
const lab = new Lab();

/** How long a program may run, in milliseconds. */
const patience = 20_000;
/** How long a program must rest to be judged. */
const rest = 250;

export const exercise = computed((): Exercise => {
  const given = address.value.query.exercise;
  return given === '2' || given === '3' ? given : '1';
});

export const steps = computed(() => stepsOf[exercise.value]);

/** The gradient whose cell is open; empty where none is. What is none opens the first. */
export const openCell = computed(() => {
  const { cell } = address.value.query;
  if (cell === 'none') return '';
  const names = steps.value.map(({ name }) => name as string);
  return cell !== undefined && names.includes(cell) ? cell : names[0]!;
});

/** Epsilon of the model that gradients are held against. */
export const eps = computed(() => (address.value.query.eps === '1e5' ? 1e5 : standard.eps));

const all = {
  1: new SharedTexts('write.1', formatOf(stepsOf[1])),
  2: new SharedTexts('write.2', formatOf(stepsOf[2])),
  3: new SharedTexts('write.3', formatOf(stepsOf[3])),
};

/** What is kept of the exercise that is open. */
export const shared = computed(() => all[exercise.value]);

/** What has been done in the exercise that is open. */
export const progress = computed((): Progress => {
  const { texts, rest } = shared.value.shown.value;
  return { cells: texts, ...rest };
});

export function write(name: string, code: string): void {
  shared.peek().write({ [name]: code });
}

/** Takes the true value of a gradient from now on, or not any more. */
export function skip(name: string, isSkipped: boolean): void {
  shared.peek().write({}, ({ skipped, ...rest }) => {
    const without = skipped.filter((other) => other !== name);
    return { ...rest, skipped: isSkipped ? [...without, name] : without };
  });
}

/** Gives `count` hints for a gradient. */
export function giveHints(name: string, count: number): void {
  shared.peek().write({}, (rest) => ({ ...rest, hints: { ...rest.hints, [name]: count } }));
}

/** Puts another progress in the place of what has been done in the exercise that is open. */
export function replace({ cells, ...rest }: Progress): void {
  const names = steps.peek().map(({ name }) => name as string);
  shared.peek().write(Object.fromEntries(names.map((name) => [name, cells[name] ?? ''])), () => rest);
}

/** The cells as one program. */
export const joined = computed(() => join(steps.value, progress.value));

/** What the worker said of the newest program; null before the first answer. */
export const judged = signal<Judged | null>(null);
export const isJudging = signal(false);
export const failure = signal('');
/** What was in a link that can't be read. */
export const linkFailure = signal('');

/** The gradient whose cell was opened from another one, and whose editor is to have the keyboard. */
export const entered = signal('');

/** Opens the cell of a gradient, and gives its editor the keyboard. */
export function enter(name: string): void {
  entered.value = name;
  change({ cell: name });
  document.getElementById(`cell-${name}`)?.scrollIntoView({ block: 'nearest' });
}

let turn = 0;

const tries = signal(0);

/** Judges the program once more. */
export function again(): void {
  tries.value++;
}

/** The judgement before: a program waits for it, so that the time that each may take is its own. */
let before = Promise.resolve();

async function judge(program: Program, mine: number): Promise<void> {
  if (mine !== turn) return;
  const reason = `it ran for more than ${patience / 1000} seconds and was stopped`;
  try {
    const answer = await lab.askWithin(patience, reason, 'judge', program);
    if (mine !== turn) return;
    judged.value = answer;
    failure.value = '';
  } catch (error) {
    if (mine === turn) failure.value = (error as Error).message;
  } finally {
    if (mine === turn) isJudging.value = false;
  }
}

/** Judges the program whenever it has rested for a moment. Returns what ends that. */
export function follow(): () => void {
  return effect(() => {
    tries.value;
    const [{ source, ranges }, { skipped }, epsilon] = [joined.value, progress.value, eps.value];
    // The exercises in one go begin with a gradient that exercise 1 has found.
    const given = exercise.value === '1' ? skipped : 'unwritten';
    const mine = ++turn;
    isJudging.value = true;
    const program: Program = { source, cells: [...ranges.values()], given, settings: { ...standard, eps: epsilon } };
    const timer = setTimeout(() => {
      before = before.then(() => judge(program, mine));
    }, rest);
    return () => clearTimeout(timer);
  });
}

function readShared(text: string): Progress {
  const given = recordOf(JSON.parse(text));
  if (!('cells' in given)) throw new TypeError('work: expected cells, got none');
  return readProgress(given, steps.peek());
}

/** Takes what a link carries, unless something has been written here already that it would replace. */
export async function takeLink(): Promise<void> {
  const { work } = address.peek().query;
  if (work === undefined) return;
  change({ work: undefined });
  try {
    const given = await unpacked(work, readShared);
    const own = Object.values(progress.peek().cells).some((code) => code.trim() !== '');
    if (own && !confirm('This link has an exercise in it. Replace what you have written here?')) return;
    replace(given);
  } catch (error) {
    linkFailure.value = `The link could not be read: ${(error as Error).message}`;
  }
}

const written = (name: Exercise, gradient: string): string => all[name].shown.value.texts[gradient]!.trim();

/** The backward pass of exercise 4: the cells of exercise 1, those in one go in their places where they have been written. */
export const ownProgram = computed(() => {
  const inOneGo = new Map([
    ['dlogits', written('2', 'dlogits')],
    ['dhprebn', written('3', 'dhprebn')],
  ]);
  const names = stepsOf['1'].map(({ name }) => name as string);
  const codes = names.map((name) => inOneGo.get(name) || written('1', name));
  const source = codes.join('\n');
  return {
    source,
    // One cell may write the gradients of others too.
    missing: names.filter((name) => !new RegExp(`^[ \\t]*${name}\\b`, 'm').test(source)),
    fusedForms: names.filter((name) => Boolean(inOneGo.get(name))),
  };
});
