// Runs the cells of a notebook.

import { Notebook } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { Ran } from './protocol.js';

/** Runs the cells one after another, from the beginning, up to the first that fails. */
export async function run(sources: readonly string[]): Promise<readonly Ran[]> {
  const [hg, words] = [await core(), await bundledWords()];
  return hg.scope(() => {
    const notebook = new Notebook(hg, { words });
    const ran: Ran[] = [];
    for (const source of sources) {
      if (ran.at(-1)?.error) break;
      ran.push(notebook.run(source));
    }
    return ran;
  });
}
