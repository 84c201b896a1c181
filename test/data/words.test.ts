import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DatasetError } from '../../src/base/errors.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import { loadWords, parseWords, splitLines } from '../../src/data/words.js';
import { sha256 } from '../support/bytes.js';
import { fixture, projectFile, projectUrl } from '../support/fixture.js';

const ten = 'a b c d e f g h i j'.split(' ');

test('the bundled list has 32,178 words over 27 characters', async () => {
  expect(await sha256(await projectFile('names.txt'))).toBe(
    'a311634f5113663f131a60cd0c76afb8420199991dbd9045773b8a2949ada835',
  );
  const words = await loadWords(projectUrl('names.txt'));
  expect(words.length).toBe(32178);
  expect(words.slice(0, 3)).toEqual(['emma', 'olivia', 'ava']);
  expect(new Vocabulary(words).size).toBe(27);
});

test.runIf(globalThis.document !== undefined)('on a page, a path leads on from its address', async () => {
  expect(await loadWords('/names.txt')).toHaveLength(32178);
});

test("lines end where Python's splitlines ends them", async () => {
  for (const [text, lines] of (await fixture<{ lines: [string, string[]][] }>('python.json')).lines) {
    expect(splitLines(text)).toEqual(lines);
  }
});

test.each([
  ['line feeds', `${ten.join('\n')}\n`],
  ['no end of the last line', ten.join('\n')],
  ['carriage returns and line feeds', `${ten.join('\r\n')}\r\n`],
  ['blank lines at the end', `${ten.join('\n')}\n\n\r\n\n`],
  ['a byte order mark', `\uFEFF${ten.join('\n')}\n`],
])('words are read from text and from bytes: %s', (_, text) => {
  expect(parseWords(text)).toEqual(ten);
  expect(parseWords(new TextEncoder().encode(text))).toEqual(ten);
  expect(parseWords(new TextEncoder().encode(`..${text}`).subarray(2))).toEqual(ten);
});

test('of two byte order marks the second is a character', () => {
  const text = `\uFEFF\uFEFF${ten.join('\n')}\n`;
  const words = [`\uFEFF${ten[0]}`, ...ten.slice(1)];
  expect(parseWords(text)).toEqual(words);
  expect(parseWords(new TextEncoder().encode(text))).toEqual(words);
});

test('accents and emoji are kept', () => {
  const words = [...ten, 'zoë', 'Émile', '日本', '😀🏳️‍🌈', 'U+FFFD is \uFFFD'];
  expect(parseWords(new TextEncoder().encode(words.join('\r\n')))).toEqual(words);
});

test.each<[string, string | number[], string]>([
  ['empty', '', 'list: expected one word a line, got an empty file'],
  ['blank lines alone', '\n\n', 'list: expected at least 10 words, got 0'],
  ['nine words', ten.slice(1).join('\n'), 'list: expected at least 10 words, got 9'],
  ['a boundary', `ab\nc.d\n${ten.join('\n')}`, 'list: expected no ".", the boundary of words, got "c.d" on line 2'],
  ['a blank line', `ab\r\n\r\n${ten.join('\n')}`, 'list: expected a word on line 2, got a blank line'],
  ['binary', 'ab\0c', 'list: expected text, got a binary file: a NUL at offset 2'],
  ['binary bytes', [0xff, 0xfe, 0x61, 0], 'list: expected text, got a binary file: a NUL at offset 3'],
  ['Latin-1', [0x7a, 0x6f, 0xeb, 0x0a], 'list: expected UTF-8, got an invalid byte at offset 2'],
  ['a sequence cut off', [0x61, 0xf0, 0x9f, 0x98], 'list: expected UTF-8, got an invalid byte at offset 1'],
  [
    'after a byte order mark, an emoji and U+FFFD',
    [0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd, 0xc3, 0xa9, 0xed, 0xa0, 0x80],
    'list: expected UTF-8, got an invalid byte at offset 12',
  ],
])('a list that can not be used is refused: %s', (_, text, message) => {
  const parse = () => parseWords(typeof text === 'string' ? text : Uint8Array.from(text), 'list');
  expect(parse).toThrow(DatasetError);
  expect(parse).toThrow(new DatasetError(message));
});

test('any bytes give words or a DatasetError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        expect(parseWords(bytes).length).toBeGreaterThanOrEqual(10);
      } catch (error) {
        expect(error).toBeInstanceOf(DatasetError);
      }
    }),
  );
});

test('any words come back from their text', () => {
  const word = fc
    .string({ unit: 'binary', minLength: 1 })
    .filter((word) => !/[.\0]/.test(word) && splitLines(word)[0] === word);
  fc.assert(
    fc.property(fc.array(word, { minLength: 10 }), fc.constantFrom('\n', '\r\n'), (words, end) => {
      fc.pre(!words[0]!.startsWith('\uFEFF'));
      expect(parseWords(new TextEncoder().encode(words.join(end) + end))).toEqual(words);
    }),
  );
});

test.each<[string, unknown, string]>([
  ['a view of bytes', new DataView(new ArrayBuffer(8)), 'text: expected a string or a Uint8Array, got a DataView'],
  ['wider numbers', new Uint16Array(8), 'text: expected a string or a Uint8Array, got a Uint16Array'],
  ['null', null, 'text: expected a string or a Uint8Array, got null'],
  ['a list', ['a'], 'text: expected a string or a Uint8Array, got ["a"]'],
])('%s is no text', (_, text, message) => {
  expect(() => parseWords(text as string)).toThrow(new TypeError(message));
});

test('more than 64 MiB are refused before they are read', () => {
  expect(() => parseWords(new Uint8Array(600_000_000), 'list')).toThrow(
    new DatasetError('list: expected at most 67108864 bytes, got 600000000'),
  );
  expect(() => parseWords('ab\n'.repeat(2 ** 25), 'list')).toThrow(
    new DatasetError('list: expected at most 67108864 characters, got 100663296'),
  );
});

test('bytes that have been given away are an empty list', () => {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  expect(() => parseWords(bytes)).toThrow(new DatasetError('words: expected one word a line, got an empty file'));
});

test('half a surrogate pair is refused, a whole one is not', () => {
  expect(() => parseWords(`${ten.join('\n')}\na\ud83d\n`, 'list')).toThrow(
    new DatasetError('list: expected whole characters, got half a pair in "a\\ud83d" on line 11'),
  );
  expect(() => parseWords(`a\n\ude00b\n${ten.join('\n')}\nc.d`, 'list')).toThrow(
    new DatasetError('list: expected whole characters, got half a pair in "\\ude00b" on line 2'),
  );
  expect(parseWords(`${ten.join('\n')}\n😀`).at(-1)).toBe('😀');
});

test('a name, and what is no argument', () => {
  expect(() => parseWords('', 'a\n\x1b')).toThrow(
    new DatasetError('a\\u000a\\u001b: expected one word a line, got an empty file'),
  );
  expect(() => parseWords('', 3 as unknown as string)).toThrow(new TypeError('name: expected a string, got 3'));
  expect(() => parseWords('', 'list', 3 as never)).toThrow(
    new TypeError('parseWords: expected at most 2 arguments, got 3'),
  );
});
