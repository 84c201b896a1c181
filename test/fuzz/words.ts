// Mutated word lists: each is refused for a reason, or gives the words, the vocabulary and the examples that a plain reading of it
// gives.

import { Finding, type Target, type World } from './harness.js';
import { library } from './library.js';
import { corpus, mutated } from './mutate.js';
import type { Random } from './random.js';

export const wordsTarget: Target = {
  name: 'words',
  runs: 50_000,
  quick: 2000,
  together: 1000,
  patience: 30,
  open: () => new Lists(),
};

const lists = ['words', 'lines', 'unicode'].map((name) => corpus(`${name}.txt`));
/** Where Python's splitlines() ends a line; CR LF is one end. */
const ends = new Set('\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029');

class Lists implements World {
  run(random: Random): void {
    const bytes = mutated(random.pick(lists), random, lists);
    const given = random.chance(0.5) ? bytes : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const text = `${typeof given === 'string' ? JSON.stringify(given) : `Buffer.from('${Buffer.from(bytes).toString('base64')}', 'base64')`}`;
    const fail = (key: string, detail = '') => new Finding(key, `${key} ${detail}: parseWords(${text})`);
    const want = plainWords(given);
    let words: string[];
    try {
      words = library.parseWords(given, 'list');
    } catch (error) {
      if (!(error instanceof library.DatasetError)) throw fail('parseWords throws another error', String(error));
      if (want !== undefined) throw fail('parseWords refuses a good list', error.message);
      if (/[\p{Cc}\u2028\u2029]/u.test(error.message)) throw fail('a message has control characters', error.message);
      return;
    }
    if (want === undefined) throw fail('parseWords takes a bad list', JSON.stringify(words.slice(0, 9)));
    if (words.join('\n') !== want.join('\n'))
      throw fail('parseWords gives other words', JSON.stringify(words.slice(0, 9)));
    try {
      examples(words, random);
    } catch (error) {
      throw fail((error as Error).message.replace(/\d+/g, '#').slice(0, 100), String(error));
    }
  }
}

/** The words of a list read plainly; undefined where it must be refused. */
function plainWords(given: string | Uint8Array): string[] | undefined {
  let text: string;
  try {
    text = typeof given === 'string' ? given : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(given);
  } catch {
    return undefined;
  }
  if (text.startsWith('\ufeff')) text = text.slice(1);
  const words: string[] = [];
  let word = '';
  for (let i = 0; i < text.length; i++) {
    if (!ends.has(text[i]!)) word += text[i];
    else {
      if (text[i] === '\r' && text[i + 1] === '\n') i++;
      words.push(word);
      word = '';
    }
  }
  if (word !== '') words.push(word);
  while (words.at(-1) === '') words.pop();
  const bad =
    words.length < 10 || words.includes('') || text.includes('\0') || words.some((word) => word.includes('.'));
  return bad ? undefined : words;
}

/** Throws where vocabulary or examples are not those of a plain reading. */
function examples(words: readonly string[], random: Random): void {
  const vocabulary = new library.Vocabulary(words);
  const points = new Set(words.flatMap((word) => Array.from(word, (character) => character.codePointAt(0)!)));
  const sorted = [...points].sort((a, b) => a - b).map((point) => String.fromCodePoint(point));
  if (vocabulary.itos.join('|') !== ['.', ...sorted].join('|')) throw new Error('a vocabulary has other characters');
  const T = random.between(1, 5);
  const { X, Y, blockSize } = library.buildDataset(words, vocabulary, T);
  const rows = words.flatMap((word) => {
    const padded = [
      ...new Array<number>(T).fill(0),
      ...Array.from(word, (character) => sorted.indexOf(character) + 1),
      0,
    ];
    return padded.slice(T).map((_, i) => padded.slice(i, i + T + 1));
  });
  if (blockSize !== T || X.shape.join() !== `${rows.length},${T}` || Y.shape.join() !== `${rows.length}`) {
    throw new Error(`a dataset has shapes [${X.shape}] and [${Y.shape}], expected ${rows.length} rows of ${T}`);
  }
  rows.forEach((row, i) => {
    const got = [...X.data.subarray(i * T, (i + 1) * T), Y.data[i]];
    if (got.join() !== row.join()) throw new Error(`example ${i}: expected ${row}, got ${got}`);
  });
  const indices = random.list(random.below(5), () => random.below(rows.length));
  const { Xb, Yb } = library.takeBatch({ X, Y, blockSize }, indices);
  const batch = indices.flatMap((row) => rows[row]!.slice(0, T));
  if (Xb.data.join() !== batch.join() || Yb.data.join() !== indices.map((row) => rows[row]![T]).join()) {
    throw new Error('a batch has other rows');
  }
  const { train, dev, test } = library.split(words);
  if ([...train, ...dev, ...test].join('\n') !== words.join('\n')) throw new Error('a split loses words');
}
