// The module that is written in this room, and what has come of running it.

import { computed, effect, signal } from '@preact/signals';
import { address, change } from '../address.js';
import type { Mark } from '../parts/editor.js';
import { keep, kept } from '../storage.js';
import { unpacked } from '../write/share.js';
import { hasCrashed, markRunning } from './crash.js';
import { examples, isExample } from './examples.js';
import { lineOfSyntaxError, ModuleTextError, piecesOf } from './moduleText.js';
import { type Fields, packedWork, readFields, readWork, standard } from './options.js';
import { type Running, runInSandbox } from './runInSandbox.js';
import type { Answer, Count, Failure, Judged, Options, Piece } from './sandbox/protocol.js';

/** A run, as far as it has come. */
export interface Run {
  readonly phase: 'running' | 'done' | 'failed' | 'stopped';
  /** The module that it is a run of. */
  readonly code: string;
  readonly options: Options;
  readonly printed: readonly string[];
  readonly judged: readonly Judged[];
  readonly count: Count;
  readonly failure: Failure | null;
}

const stored = storedWork();

export const code = signal(stored.code);
export const fields = signal<Fields>(stored.fields);
/** The newest run; null before the first. */
export const run = signal<Run | null>(null);
/** Which of the run's reports is shown. */
export const shown = signal(0);
/** What was here before the module came by a link; null where it did not. */
export const arrived = signal<{ readonly before: string } | null>(null);
export const linkFailure = signal('');
/** Whether the last run took the page with it. */
export const crashed = signal(hasCrashed());

/** Whether the report is of another text than the editor has. */
export const isStale = computed(() => run.value !== null && run.value.code !== code.value);

export const marks = computed((): readonly Mark[] => {
  const { failure, code: ran } = run.value ?? {};
  if (!failure || failure.line === null || ran !== code.value) return [];
  return [{ line: failure.line, kind: 'error', sign: '!', text: failure.message }];
});

let running: Running | undefined;

effect(() => markRunning(run.value?.phase === 'running'));

function storedWork(): { code: string; fields: Fields } {
  try {
    return readWork(kept('proof') ?? '');
  } catch {
    return { code: examples[0]!.code, fields: standard };
  }
}

function keepWork(): void {
  keep('proof', packedWork(code.peek(), fields.peek()));
}

/** Takes what is typed, or read from a file: the reader's own from now on. */
export function write(text: string): void {
  if (text === code.peek()) return;
  code.value = text;
  arrived.value = null;
  keepWork();
}

export function setField(name: keyof Fields, value: string): void {
  fields.value = { ...fields.peek(), [name]: value };
  if (arrived.peek() === null) keepWork();
}

/** Shows an example and its report. */
export function takeExample(text: string): void {
  write(text);
  start();
}

/** Runs an example that was here from the beginning: its code is the page's own. */
export function enter(): () => void {
  if (address.peek().query.code !== undefined) void takeLink();
  else if (!crashed.peek() && run.peek() === null && arrived.peek() === null && isExample(code.peek())) start();
  return stop;
}

/** Shows what a link carries, and runs nothing of it. */
export async function takeLink(): Promise<void> {
  const { code: letters } = address.peek().query;
  change({ code: undefined });
  try {
    const shared = readWork(await unpacked(letters!));
    stop();
    arrived.value = { before: arrived.peek()?.before ?? code.peek() };
    code.value = shared.code;
    fields.value = shared.fields;
    run.value = null;
  } catch (error) {
    linkFailure.value = `The link could not be read: ${(error as Error).message}`;
  }
}

/** Puts back what was here before the link was opened. */
export function putBack(): void {
  const { before } = arrived.peek()!;
  stop();
  run.value = null;
  write(before);
  arrived.value = null;
}

export function start(): void {
  const read = readFields(fields.peek());
  if ('complaints' in read) return;
  stop();
  crashed.value = false;
  shown.value = 0;
  const count = { done: 0, right: 0 };
  const begun = { phase: 'running', code: code.peek(), options: read.options, count, failure: null } as const;
  run.value = { ...begun, printed: [], judged: [] };
  let pieces: readonly Piece[];
  try {
    pieces = piecesOf(code.peek());
  } catch (error) {
    if (!(error instanceof ModuleTextError)) throw error;
    fail({ name: 'Error', message: error.message, line: error.line, column: null });
    return;
  }
  running = runInSandbox({ pieces, ...read.options }, hear);
}

export function stop(): void {
  if (run.peek()?.phase !== 'running') return;
  running?.stop();
  run.value = { ...run.peek()!, phase: 'stopped' };
}

function hear(answer: Answer): void {
  const now = run.peek()!;
  if (answer.kind === 'printed') run.value = { ...now, printed: [...now.printed, answer.text] };
  if (answer.kind === 'judged') run.value = { ...now, judged: [...now.judged, answer.judged] };
  if (answer.kind === 'count') run.value = { ...now, count: answer.count };
  if (answer.kind === 'done') run.value = { ...now, count: answer.count, phase: 'done' };
  if (answer.kind === 'failed') fail(answer.failure);
}

function fail(failure: Failure): void {
  const now = run.peek()!;
  const isUnplaced = failure.name === 'SyntaxError' && failure.line === null;
  const line = isUnplaced ? lineOfSyntaxError(now.code) : failure.line;
  run.value = { ...now, phase: 'failed', failure: { ...failure, line } };
}
