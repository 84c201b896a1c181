// The programs of the README.

import { readFileSync } from 'node:fs';
import { projectUrl } from '../support/fixture.js';

/** A program, and what it prints where that is said. */
export interface Program {
  readonly code: string;
  readonly output: string | undefined;
}

const read = (name: string) => readFileSync(projectUrl(name), 'utf8');

/** The programs of a document. */
export function programsOf(document: string): Program[] {
  return [...read(document).matchAll(/```js\n(import[^`]+)```(?:\n\n```text\n([^`]+)```)?/g)]
    .map(([, code, output]) => ({ code: code!, output }))
    .filter(({ code }) => code.includes('await init()'));
}

const programs = programsOf('README.md');

/** The one for a page, which keeps its model in the browser. */
export const onPage = programs.find(({ code }) => code.includes('caches'))!.code;

/** What a visitor of that page gets as a file. */
export const download = /```js\n([^`]+)```/.exec(read('README.md').split(onPage)[1]!)![1]!;

/** The others; the last is the page's, with a file on disk. */
export const programsForNode = programs.filter(({ code }) => code !== onPage);
