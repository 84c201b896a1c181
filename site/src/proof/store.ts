// The module that is written in this room, and what has come of running it.

import { computed, effect, signal } from '@preact/signals';
import { address, change } from '../address.js';
import type { Mark } from '../parts/editor.js';
import { unpacked } from '../parts/packed.js';
import { SharedTexts } from '../sharedTexts.js';
import { atRisk } from '../storage.js';
import { hasCrashed, markRunning } from './crash.js';
import { examples, isExample } from './examples.js';
import { lineOfSyntaxError, lineOfTypeScript, ModuleTextError, piecesOf } from './moduleText.js';
import { type Fields, format, readFields, readWork } from './options.js';
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

/** What is kept of the reader's own module, in this tab and others. */
export const shared = new SharedTexts('proof', format(examples[0]!.code));

const stored = shared.shown.peek();

export const code = signal(stored.texts.code!);
export const fields = signal<Fields>(stored.rest);
/** The newest run; null before the first. */
export const run = signal<Run | null>(null);
/** Which of the run's reports is shown. */
export const shown = signal(0);
/** Whether the module came by a link and nobody has touched it yet. */
export const cameByLink = signal(false);
/** The reader's own module that another has replaced; empty where none has. */
export const before = signal(stored.texts.before!);
export const linkFailure = signal('');
/** Whether the last run took the page with it. */
export const crashed = signal(hasCrashed());

export const isRunning = computed(() => run.value?.phase === 'running');
/** Whether the report is of another text than the editor has. */
export const isStale = computed(() => run.value !== null && run.value.code !== code.value);

export const marks = computed((): readonly Mark[] => {
  const { failure, code: ran } = run.value ?? {};
  if (!failure || failure.line === null || ran !== code.value) return [];
  return [{ line: failure.line, kind: 'error', sign: '!', text: failure.message }];
});

// A module that came by a link takes nobody's place before it is touched.
atRisk(() => cameByLink.value);

let running: Running | undefined;

effect(() => markRunning(isRunning.value));

// What other tabs keep is taken, but for a module that came by a link: it takes nobody's place.
effect(() => {
  const { texts, rest } = shared.shown.value;
  if (cameByLink.peek()) return;
  code.value = texts.code!;
  before.value = texts.before!;
  fields.value = rest;
});

function keepWork(): void {
  const [changed, was] = [fields.peek(), shared.shown.peek().rest];
  const differs = Object.entries(changed).filter(([name, value]) => value !== was[name as keyof Fields]);
  shared.write({ code: code.peek(), before: before.peek() }, (kept) => ({ ...kept, ...Object.fromEntries(differs) }));
}

/** Takes what is typed. */
export function write(text: string): void {
  if (text === code.peek()) return;
  code.value = text;
  cameByLink.value = false;
  keepWork();
}

/** Puts another module in the place of the one that is here, which can be had back where it is the reader's own. */
function replace(text: string): void {
  stop();
  if (!cameByLink.peek() && !isExample(code.peek())) before.value = code.peek();
  // As the editor has them, so that it does not take its own text for typed.
  code.value = text.replaceAll(/\r\n?/g, '\n');
  run.value = null;
}

/** Takes a file's text. */
export function takeFile(text: string): void {
  replace(text);
  cameByLink.value = false;
  keepWork();
}

export function setField(name: keyof Fields, value: string): void {
  fields.value = { ...fields.peek(), [name]: value };
  if (!cameByLink.peek()) keepWork();
}

/** Shows an example and its report. */
export function takeExample(text: string): void {
  takeFile(text);
  start();
}

/** Runs an example that was here from the beginning: its code is the page's own. */
export function enter(): () => void {
  const isOurs = isExample(code.peek()) && !cameByLink.peek();
  if (address.peek().query.code === undefined && isOurs && run.peek() === null && !crashed.peek()) start();
  return stop;
}

/** Shows what a link carries, and runs nothing of it. */
export async function takeLink(letters: string): Promise<void> {
  change({ code: undefined });
  linkFailure.value = '';
  try {
    const shared = await unpacked(letters, readWork);
    replace(shared.code);
    cameByLink.value = true;
    // How long it may run is for its reader to say.
    fields.value = { ...shared.fields, seconds: fields.peek().seconds };
  } catch (error) {
    linkFailure.value = `The link could not be read: ${(error as Error).message}`;
  }
}

/** Puts back the reader's own module. */
export function putBack(): void {
  stop();
  run.value = null;
  code.value = before.peek();
  before.value = '';
  cameByLink.value = false;
  keepWork();
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
  if (!isRunning.peek()) return;
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
  run.value = {
    ...now,
    phase: 'failed',
    failure: failure.name === 'SyntaxError' ? explained(failure, now.code) : failure,
  };
}

/** A syntax error with its line, and what it comes from where the module is TypeScript. */
function explained(failure: Failure, code: string): Failure {
  const typed = lineOfTypeScript(code);
  if (typed === null) return { ...failure, line: failure.line ?? lineOfSyntaxError(code) };
  const message =
    'expected JavaScript, got what looks like TypeScript, which no browser runs: leave the types out, or save it as a file and run `handgrad check file.ts` in a terminal';
  return { ...failure, line: typed, message };
}
