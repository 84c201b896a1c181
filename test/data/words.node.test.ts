// Word lists from files, and from a server.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DatasetError } from '../../src/core/errors.js';
import { loadWords } from '../../src/data/words.js';

const ten = 'a b c d e f g h i j'.split(' ');
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
