// Files of the project, in Node and in a browser.

import { readFile } from '../../src/data/file.js';

const root = import.meta.url.startsWith('file:') ? new URL('../../', import.meta.url) : new URL('/', location.origin);

/** Where a file of the project is, by its path from the root: on disk, or on the server of the tests. */
export function projectUrl(path: string): URL {
  return new URL(path, root);
}

export async function projectFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = projectUrl(path);
  if (url.protocol === 'file:') return new Uint8Array(await readFile(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${path}: expected a file of the project, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The text of a file of test/golden/fixtures. */
export async function fixtureText(name: string): Promise<string> {
  return new TextDecoder().decode(await projectFile(`test/golden/fixtures/${name}`));
}

export async function fixture<T>(name: string): Promise<T> {
  return JSON.parse(await fixtureText(name)) as T;
}

/** A float from Python's repr. */
export function fromPython(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
