import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatasetError } from '../../src/core/errors.js';
import { Vocabulary } from '../../src/data/vocabulary.js';
import { loadWords, parseWords, splitLines } from '../../src/data/words.js';
import { fixture } from '../support/fixture.js';

const ten = 'a b c d e f g h i j'.split(' ');
const list = new URL('../../names.txt', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/names.txt' ? 200 : 404;
    response.end(`${ten.join('\n')}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

async function rejection(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('expected a rejection'),
    (error) => error,
  );
}

test('the bundled list has 32,178 words over 27 characters', async () => {
  const hash = createHash('sha256').update(readFileSync(list)).digest('hex');
  expect(hash).toBe('a311634f5113663f131a60cd0c76afb8420199991dbd9045773b8a2949ada835');
  const words = await loadWords(list);
  expect(words.length).toBe(32178);
  expect(words.slice(0, 3)).toEqual(['emma', 'olivia', 'ava']);
  expect(new Vocabulary(words).size).toBe(27);
});

test("lines end where Python's splitlines ends them", () => {
  for (const [text, lines] of fixture<{ lines: [string, string[]][] }>('python.json').lines) {
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
  expect(parseWords(Buffer.from(text))).toEqual(ten);
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

test('a list is read from a path and from file, data and http addresses', async () => {
  const path = join(folder, 'a list.txt');
  writeFileSync(path, `${ten.join('\n')}\n`);
  for (const source of [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    `data:text/plain,${ten.join('%0A')}`,
    `${address}/names.txt`,
    new URL(`${address}/names.txt`),
  ]) {
    expect(await loadWords(source)).toEqual(ten);
  }
});

test('what can not be read is a DatasetError of one line', async () => {
  const path = join(folder, 'missing.txt');
  const cases: [string | URL, string][] = [
    [path, `${path}: expected a file that can be read, got no such file or folder (ENOENT)`],
    [folder, `${folder}: expected a file that can be read, got a folder (EISDIR)`],
    [`${address}/other.txt`, `${address}/other.txt: expected a word list, got status 404 Not Found`],
    ['http://', 'source: expected a path or a URL, got "http://"'],
    ['data:text/plain,abc', 'data URL: expected at least 10 words, got 1'],
  ];
  for (const [source, message] of cases) {
    const error = await rejection(loadWords(source));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message).toBe(message);
  }
  const refused = await rejection(loadWords('http://127.0.0.1:1/names.txt'));
  expect(refused).toBeInstanceOf(DatasetError);
  expect(refused.message).toMatch(/^http:\/\/127\.0\.0\.1:1\/names\.txt: expected a word list, got "/);
  expect(await rejection(loadWords(3 as unknown as string))).toBeInstanceOf(TypeError);
});
