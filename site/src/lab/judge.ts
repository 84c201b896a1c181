// What is found out about a program of gradients.

import { judge } from 'handgrad/lesson';
import { core } from './core.js';
import { bundledWords } from './model.js';
import type { Judged, Program } from './protocol.js';

/** Runs the program and judges every line that writes a gradient. */
export async function judged({ source, given, settings }: Program): Promise<Judged> {
  const [hg, words] = [await core(), await bundledWords()];
  const { output, lines } = await judge(hg, source, { words, given, ...settings });
  return { output, lines: lines as never, gradients: {} };
}
