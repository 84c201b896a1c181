// A few words, and a training that is over soon.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const few = [
  'emma',
  'olivia',
  'ava',
  'isabella',
  'sophia',
  'charlotte',
  'mia',
  'amelia',
  'harper',
  'evelyn',
  'abigail',
];

/** A word list in `folder`, and the arguments of a small training of it, without steps. */
export function smallTraining(folder: string): { words: string; small: string[] } {
  const words = join(folder, 'words.txt');
  writeFileSync(words, `${few.join('\n')}\n`);
  return { words, small: ['train', '--names', words, '--hidden', '7', '--embed', '3'] };
}
