// Files of an exercise, judged again and again as they change, and what is asked meanwhile.

import { resolve } from 'node:path';
import { FileError, readFile } from '../index.js';
import type { Step } from '../lesson.js';
import { hintLines, nextIn, withSolved } from './exerciseReport.js';
import { type Attempt, runExercise } from './exerciseRun.js';
import type { ExerciseSettings } from './exerciseSettings.js';
import { say } from './streams.js';

/** What a file has, and what it had when it was judged before. */
export interface Judged {
  readonly file: string;
  readonly attempt: Attempt;
  readonly before: Attempt | undefined;
}

/** How files are judged. */
export interface SessionOptions extends ExerciseSettings {
  readonly watch: boolean;
  /** The tensors whose gradients may be read though they are not written. */
  readonly skip?: readonly string[];
  readonly timeout: number;
}

/** What is known of the files, which hints were given, and what is skipped. */
export class Session {
  readonly skip: string[];
  readonly #options: SessionOptions;
  readonly #texts = new Map<string, string>();
  readonly #attempts = new Map<string, Attempt>();
  readonly #hints = new Map<Step, number>();
  /** The first gradient that is not right yet, in the file that was judged last. */
  #next: Step | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.skip = [...(options.skip ?? [])];
  }

  /**
   * Those of `files` that have changed. Throws FileError for what is no file that can be read. Where one can't be judged, that is
   * an error too, or in a watch a line on stderr.
   */
  async judge(files: readonly string[]): Promise<Judged[]> {
    const { timeout, watch, names, eps } = this.#options;
    const judged: Judged[] = [];
    for (const file of files) {
      const text = await readFile(file).then(
        (bytes) => new TextDecoder().decode(bytes),
        (error) => {
          if (!watch || !isBeingSaved(error)) throw error;
        },
      );
      if (text === undefined || text === this.#texts.get(file)) continue;
      this.#texts.set(file, text);
      const before = this.#attempts.get(file);
      const found = await runExercise({ file: resolve(file), skip: this.skip, names, eps }, timeout);
      if ('failure' in found) {
        if (!watch) throw new FileError(`${file}: ${found.failure}`);
        say(`${file}: ${found.failure}`);
        continue;
      }
      for (const line of found.printed) say(line);
      const attempt = before === undefined ? found : withSolved(found, before);
      this.#attempts.set(file, attempt);
      this.#next = nextIn(attempt, this.skip);
      judged.push({ file, attempt, before });
    }
    return judged;
  }

  /** What to print for a line that is typed: for `hint` the next hint on the next gradient; `skip` skips that. */
  answer(line: string): string[] {
    const next = this.#next;
    const asked = line.trim().toLowerCase();
    if (next === undefined || asked === '') return [];
    if (asked === 'hint') {
      const level = Math.min((this.#hints.get(next) ?? 0) + 1, next.hints.length);
      this.#hints.set(next, level);
      return hintLines(next, level);
    }
    if (asked !== 'skip') return ['hint gives a hint on the next gradient, skip goes on with its true value.'];
    this.skip.push(next.of);
    // Which one is next is known when the files have been judged again.
    this.#next = undefined;
    this.#texts.clear();
    return [];
  }
}

/** Whether a file can't be read for a moment, as while it is being saved. */
function isBeingSaved({ cause }: Error): boolean {
  return ['ENOENT', 'EBUSY'].includes((cause as NodeJS.ErrnoException).code ?? '');
}
