// A few words, of which trainings are begun.

import { buildDataset, Vocabulary } from '../../src/index.js';

export const words = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'charlotte', 'mia', 'amelia', 'harper', 'evelyn'];
export const vocabulary = new Vocabulary(words);
export const dataset = buildDataset(words, vocabulary, 3);
