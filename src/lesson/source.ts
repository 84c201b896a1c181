// The text of a cell before it is read as Python: what notebooks and pages add to it goes, lines stay.

import { LessonError } from '../base/errors.js';

/** Characters that a cell may have. */
const longest = 100_000;

/** `text` without the labels `In [3]:`, what stands on lines with `Out[3]: …` and `%matplotlib …`, and with line feeds alone. Throws LessonError. */
export function cleaned(text: string): string {
  if (text.length > longest) {
    throw new LessonError(`expected a cell of at most ${longest} characters, got ${text.length}`, 1, 1);
  }
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/^[ \t]*In \[[\d ]*\]:[ \t]*$|^[ \t]*Out ?\[[\d ]*\]:.*$|^%matplotlib\b.*$/gm, '')
    .replace(/^In \[[\d ]*\]: ?/gm, '');
}
