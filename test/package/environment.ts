// What an environment must print: the README's example, and the pinned digests. Results are kept for docs/compatibility.md.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Build } from '../../src/index.js';
import { projectUrl } from '../support/fixture.js';

/** One build's digests, and microseconds of a training step. */
export interface Measured {
  readonly digests: Readonly<Record<string, string>>;
  readonly microseconds: number;
}

/** The builds that an engine has. */
export type Report = { strict: Measured; relaxed?: Measured };

/** A row of docs/compatibility.md. */
export interface Environment {
  readonly name: string;
  readonly version: string;
}

/** A result as it is kept; `equal` says whether all digests are the pinned ones. */
export type Kept = Environment & Partial<Record<Build, { equal: boolean; microseconds: number }>>;

export const resultsFolder = projectUrl('build/compatibility/');

const read = (path: string) => readFileSync(projectUrl(path), 'utf8');

const [, code, output] = /```js\n([^`]+)```\n\n```text\n([^`]+)```/.exec(read('README.md'))!;

/** The README's example. */
export const example = code!;

/** Holds what an environment printed, the example's lines and the probe's, against what it should have. */
export function expectRight(environment: Environment, printed: readonly string[]): void {
  const [json, ...lines] = printed.filter((line) => line !== '').reverse();
  expect(lines.reverse()).toEqual(output!.trimEnd().split('\n'));
  const { strict, relaxed } = JSON.parse(json!) as Report;
  const pinned = JSON.parse(read('test/browser/digests.json'));
  const kept = ({ digests, microseconds }: Measured) => ({
    equal: Object.entries(pinned).every(([name, digest]) => digests[name] === digest),
    microseconds,
  });
  keep({ ...environment, strict: kept(strict), ...(relaxed && { relaxed: kept(relaxed) }) });
  expect(strict.digests).toEqual(pinned);
}

function keep(result: Kept): void {
  mkdirSync(resultsFolder, { recursive: true });
  const file = `${`${result.name} ${result.version}`.replaceAll(/[^\w.]+/g, '-')}.json`;
  writeFileSync(new URL(file, resultsFolder), JSON.stringify(result));
}
