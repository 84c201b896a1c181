// What the command line writes: results on stdout, all else on stderr.

import { escapeControls, show } from '../base/show.js';

/** Milliseconds that the process waits at its end for a reader of stderr. */
const patience = 1000;

/** stdout could not be written. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  /** Whether it is a pipe whose reader has seen enough, as `head` has. That is no failure. */
  readonly readerHasGone: boolean;

  constructor(cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`stdout: expected a stream that can be written, got ${message}`, { cause });
    this.readerHasGone = code === 'EPIPE';
  }
}

/** Keeps errors of stdout and stderr from ending the process: `print` throws them, and `say` goes on without. */
export function guardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Writes `text` to stdout; returns once it is written, however slow its reader is. Throws OutputError. */
export async function print(text: string): Promise<void> {
  if (text === '') return;
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    throw new OutputError(error);
  }
}

/** Writes lines to stdout. On a terminal, characters that would steer it are escaped. */
export async function printLines(lines: readonly string[]): Promise<void> {
  const shown = process.stdout.isTTY ? lines.map(escapeControls) : lines;
  await print(shown.map((line) => `${line}\n`).join(''));
}

/** Writes `value` as JSON to stdout, indented. */
export async function printJson(value: unknown): Promise<void> {
  await print(`${json(value, process.stdout.isTTY, 2)}\n`);
}

/** `value` as JSON. For a terminal, characters that would steer it are escaped. */
export function json(value: unknown, forTerminal: boolean, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  if (!forTerminal) return text;
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** Writes one line to stderr. Where that fails, nothing happens. */
export function say(line: string): void {
  attempt(process.stderr, `${escapeControls(line)}\n`);
}

/** Writes `text`. Where that fails, nothing happens. */
export function attempt(stream: Pick<NodeJS.WriteStream, 'write'>, text: string): void {
  try {
    stream.write(text);
  } catch {
    // Nobody hears it, and nothing depends on it.
  }
}

/** Returns once all that was written to `stream` has gone out, or after a second: a reader that does not read must not keep us. */
export async function settled(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, patience);
    for (const event of ['drain', 'error', 'close']) stream.once(event, () => resolve());
  });
}

/** `text` as an argument that a shell reads. */
export function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What an error, or whatever else was thrown, has to say. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : show(error);
}
