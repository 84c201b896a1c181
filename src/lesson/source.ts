// The text of a cell before it is read as Python: what notebooks and pages add to it goes, lines stay.

import { LessonError } from '../base/errors.js';
import { show } from '../base/show.js';

/** Characters that a cell may have. */
const longest = 100_000;

/**
 * `text` without prompts (`In [3]:`, `...:`, `>>>`), what stands on lines with `Out[3]: …` and `%matplotlib …`, and with line feeds
 * alone. Throws LessonError.
 */
export function cleaned(text: string): string {
  if (text.length > longest) {
    throw new LessonError(`expected a cell of at most ${longest} characters, got ${text.length}`, 1, 1);
  }
  const source = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(outputs, (output) => output.replace(/[^\n]+/g, ''))
    .replace(/^[ \t]*In \[[\d ]*\]:[ \t]*$|^%matplotlib\b.*$/gm, '')
    .replace(/^In \[[\d ]*\]: ?|^[ \t]*\.\.\.:(?: |$)/gm, '');
  return /^\s*>>>( |$)/m.exec(source)?.index === 0 ? withoutPrompts(source) : source;
}

/** What stands behind `Out[3]:`, with the indented lines below, as a tensor has them. */
const outputs = /^[ \t]*Out ?\[[\d ]*\]:.*(?:\n(?:[ \t]*\n)*[ \t]+\S.*)*$/gm;

/** The code of a session that begins with a prompt. What it printed can't be told from code that somebody has added. */
function withoutPrompts(source: string): string {
  const lines = source.split('\n').map((line, i) => {
    const [prompt] = /^(?:[ \t]*(?:>>>|\.\.\.)(?: |$)|[ \t]*$)/.exec(line) ?? [];
    if (prompt !== undefined) return line.slice(prompt.length);
    const reason = `expected ">>> " or "... " as in the lines before, got ${show(line.slice(0, 40))}: ${advice}`;
    throw new LessonError(reason, i + 1, 1);
  });
  return lines.join('\n');
}

const advice = 'remove the lines that were printed';

/** Lines that a program prints, which are pasted along with a cell. */
const printed: readonly RegExp[] = [
  /\| *exact: *(True|False) *\| *approximate: *(True|False) *\|/,
  /^\s*(tensor\(|<[\w.]+.*>\s*$|\d+ *\/ *\d+: )/,
];

/** An error of syntax in words that say what the line is, where it is none of Python's. */
export function explained(error: LessonError, source: string): LessonError {
  const line = source.split('\n')[error.line - 1] ?? '';
  const got = show(line.trim().slice(0, 40));
  const column = line.search(/\S/) + 1;
  const said = (what: string) => new LessonError(`expected Python, got ${got}, ${what}`, error.line, column);
  if (printed.some((pattern) => pattern.test(line))) return said(`which a cell has printed: ${advice}`);
  if (/^\s*(>>>|\.\.\.)( |$)/.test(line))
    return said('which has a prompt: remove the prompts, or paste the session alone');
  return error;
}
