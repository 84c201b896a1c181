// Runs the cells of a notebook.

import { Notebook } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { CellsToRun, Ran } from './protocol.js';

/** What has run since the worker began, or since the last beginning. */
let notebook: Notebook | undefined;

/** Runs the cells one after another, up to the first that fails. */
export async function run({ sources, anew }: CellsToRun): Promise<readonly Ran[]> {
  const [hg, words] = [await core(), await bundledWords()];
  if (anew || notebook === undefined) notebook = new Notebook(hg, { words });
  const ran: Ran[] = [];
  for (const source of sources) {
    if (ran.at(-1)?.error) break;
    ran.push(notebook.run(source));
  }
  return ran;
}
