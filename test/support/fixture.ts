// Files of test/golden/fixtures.

import { readFileSync } from 'node:fs';

export function fixtureText(name: string): string {
  return readFileSync(new URL(`../golden/fixtures/${name}`, import.meta.url), 'utf8');
}

export function fixture<T>(name: string): T {
  return JSON.parse(fixtureText(name)) as T;
}

/** A float from Python's repr. */
export function fromPython(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
