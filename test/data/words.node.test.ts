// Word lists from files, and from a server.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DatasetError } from '../../src/base/errors.js';
import { type LoadWordsOptions, loadWords } from '../../src/data/words.js';

const ten = 'a b c d e f g h i j'.split(' ');
const folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
const list = `${ten.join('\n')}\n`;
/** How the server answers by path, where it is not as a server should. */
const answers: Record<string, (response: ServerResponse) => void> = {
  '/silent': () => {},
  '/stuck': (response) => response.write(list),
  '/slow': (response) => {
    // A byte now and then, never as long apart as the test's patience; the word list ends.
    let sent = 0;
    const next = () => {
      response.write(list[sent++]);
      if (sent < list.length) setTimeout(next, 5);
      else response.end();
    };
    next();
  },
  '/endless': (response) => {
    const more = () => {
      while (response.write('word\n'.repeat(10_000)));
    };
    response.on('drain', more);
    more();
  },
  '/bomb': (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' });
    response.end(gzipSync(Buffer.alloc(2 ** 22, 'word\n')));
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write(list);
    setTimeout(() => response.destroy(), 20);
  },
  '/reset': (response) => response.socket!.resetAndDestroy(),
  '/circle': (response) => response.writeHead(302, { location: '/circle' }).end(),
  '/colours': (response) => response.writeHead(500, 'Red \xc2\x9b31m').end(),
};
for (const type of ['text/html; charset=utf-8', 'application/json', 'image/png', 'TEXT/HTML', 'text/xml', 'nonsense']) {
  answers[`/as/${type.replace(/\W/g, '-')}`] = (response) =>
    response.writeHead(200, { 'content-type': type }).end(list);
}
for (const type of ['text/plain', 'Text/CSV; charset=utf-8', 'application/octet-stream', '']) {
  answers[`/text/${type.replace(/\W/g, '-')}`] = (response) =>
    response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(list);
}
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const answer = answers[request.url!.split('?')[0]!];
    if (answer !== undefined) {
      answer(response);
      return;
    }
    response.statusCode = request.url === '/names.txt' ? 200 : 404;
    response.end(list);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
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
    [folder, `${folder}: expected a file that can be read, got a folder`],
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

test.each<[string, LoadWordsOptions, string]>([
  ['silent', { timeout: 50 }, 'expected a word list, got no byte for 50 milliseconds'],
  ['stuck', { timeout: 50 }, 'expected a word list, got no byte for 50 milliseconds'],
  ['endless', {}, 'expected a word list, got more than 67108864 bytes'],
  ['endless', { maxBytes: 1000 }, 'expected a word list, got more than 1000 bytes'],
  ['bomb', { maxBytes: 100_000 }, 'expected a word list, got more than 100000 bytes'],
  ['cut', {}, 'expected a word list, got "'],
  ['reset', {}, 'expected a word list, got "'],
  ['circle', {}, 'expected a word list, got "redirect count exceeded"'],
  ['colours', {}, 'expected a word list, got status 500 Red \\u009b31m'],
  ['as/text-html--charset-utf-8', {}, 'expected a word list, got the content type "text/html; charset=utf-8"'],
  ['as/application-json', {}, 'expected a word list, got the content type "application/json"'],
  ['as/image-png', {}, 'expected a word list, got the content type "image/png"'],
  ['as/TEXT-HTML', {}, 'expected a word list, got the content type "TEXT/HTML"'],
  ['as/text-xml', {}, 'expected a word list, got the content type "text/xml"'],
  ['as/nonsense', {}, 'expected a word list, got the content type "nonsense"'],
])('of a server, /%s with %o is a DatasetError', async (path, settings, message) => {
  const error = await rejection(loadWords(`${address}/${path}`, settings));
  expect(error).toBeInstanceOf(DatasetError);
  expect(error.message.slice(0, `${address}/${path}: ${message}`.length)).toBe(`${address}/${path}: ${message}`);
});

test.each(['slow', 'text/text-plain', 'text/Text-CSV--charset-utf-8', 'text/application-octet-stream', 'text/'])(
  'of a server, /%s is a word list',
  async (path) => {
    expect(await loadWords(`${address}/${path}`, { timeout: 2000 })).toEqual(ten);
  },
);

test('of data and blob URLs the type and the size count too', async () => {
  const blob = (type: string) => URL.createObjectURL(new Blob([list], { type }));
  expect(await loadWords(blob('text/plain'))).toEqual(ten);
  for (const source of [blob('text/html'), `data:text/html,${ten.join('%0A')}`]) {
    expect((await rejection(loadWords(source))).message).toMatch(/got the content type "text\/html"$/);
  }
  const data = `data:,${ten.join('%0A')}`;
  expect(await loadWords(data, { maxBytes: 19 })).toEqual(ten);
  expect(await rejection(loadWords(data, { maxBytes: 18 }))).toEqual(
    new DatasetError('data URL: expected a word list, got more than 18 bytes'),
  );
});

test('a file may have as many bytes as allowed, and 64 MiB where nothing is said', async () => {
  const path = join(folder, 'long.txt');
  writeFileSync(path, list);
  expect(await loadWords(path, { maxBytes: list.length })).toEqual(ten);
  const refused = (size: number, most: number, name = path) =>
    new DatasetError(`${name}: expected a file that can be read, got ${size} bytes, more than ${most}`);
  expect(await rejection(loadWords(path, { maxBytes: list.length - 1 }))).toEqual(refused(20, 19));
  truncateSync(path, 600_000_000);
  expect(await rejection(loadWords(path))).toEqual(refused(600_000_000, 2 ** 26));
  expect(await rejection(loadWords(pathToFileURL(path)))).toEqual(
    refused(600_000_000, 2 ** 26, pathToFileURL(path).href),
  );
});

test.skipIf(process.platform === 'win32')('what is no file is named, and nobody waits for it', async () => {
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  for (const [path, kind] of [
    [join(folder, 'fifo'), 'a FIFO'],
    ['/dev/zero', 'a character device'],
  ]) {
    expect(await rejection(loadWords(path!))).toEqual(
      new DatasetError(`${path}: expected a file that can be read, got ${kind}`),
    );
  }
});

test('no message has a password, a token or a line of its own', async () => {
  const host = address.slice('http://'.length);
  for (const [source, shown] of [
    [`http://user:secret@${host}/names.txt`, `http://user:***@${host}/names.txt: expected an address without user`],
    [new URL(`http://user:secret@${host}/x`), `http://user:***@${host}/x: expected an address without user`],
    [`http://secret@${host}/names.txt`, `http://***@${host}/names.txt: expected an address without user`],
    [`${address}/absent?token=secret#secret`, `${address}/absent?***: expected a word list, got status 404 Not Found`],
    [`${address}/cut?token=secret`, `${address}/cut?***: expected a word list, got "`],
    [
      'https://user:secret@example.org:99999/',
      'source: expected a path or a URL, got "https://***@example.org:99999/"',
    ],
    ['https://user:se/cret@example.org/', 'source: expected a path or a URL, got "https://***@example.org/"'],
    [' https://user:secret@example.org/w', 'https://user:***@example.org/w: expected a file that can be read, got'],
    ['ftp://user:secret@example.org/w', 'ftp://user:***@example.org/w: expected a file that can be read, got'],
    [join(folder, 'a\n\x1b[31m'), `${folder}/a\\u000a\\u001b[31m: expected a file that can be read, got`],
  ] as const) {
    const error = await rejection(loadWords(source));
    expect(error).toBeInstanceOf(DatasetError);
    expect(error.message.slice(0, shown.length)).toBe(shown);
    expect(error.message).not.toMatch(/se\/?cret|\p{C}/u);
  }
});

test.each<[string, unknown[], string]>([
  ['null', [null], 'source: expected a path or a URL, got null'],
  ['an object', [{ href: 'x' }], 'source: expected a path or a URL, got a Object'],
  [
    'an unknown option',
    ['x', { timeuot: 1 }],
    'options: expected maxBytes, timeout, got "timeuot"; the nearest is timeout',
  ],
  ['a bound in words', ['x', { maxBytes: '1' }], 'maxBytes: expected an integer, got "1"'],
  ['no bound', ['x', { maxBytes: Infinity }], 'maxBytes: expected an integer from 1 to 536870888, got Infinity'],
  ['no patience', ['x', { timeout: 0 }], 'timeout: expected an integer from 1 to 2147483647, got 0'],
  [
    'patience without end',
    ['x', { timeout: 2 ** 31 }],
    'timeout: expected an integer from 1 to 2147483647, got 2147483648',
  ],
  ['options that are none', ['x', 'y'], 'options: expected an object, got "y"'],
  ['one more', ['x', {}, 3], 'loadWords: expected at most 2 arguments, got 3'],
])('%s is refused as an argument', async (_, args, message) => {
  const error = await rejection(loadWords(...(args as [string])));
  expect(error.message).toBe(message);
  expect(error).toBeInstanceOf(message.includes('integer from') ? RangeError : TypeError);
});

test.each(['', 'a\0b'])('%j is no path', async (source) => {
  const error = await rejection(loadWords(source));
  expect(error).toBeInstanceOf(DatasetError);
  expect(error.message).toMatch(/^source: expected a path or a URL, got "/);
});

test('where there is no file system, a path leads on from the address of the page', async () => {
  const requested: string[] = [];
  const answer = (url: URL | string) => {
    requested.push(String(url));
    return Promise.resolve(new Response('ab\n'.repeat(10)));
  };
  vi.stubGlobal('process', undefined);
  vi.stubGlobal('fetch', answer);
  vi.stubGlobal('document', { baseURI: 'https://site.example/lab/page.html?q' });
  try {
    for (const path of ['names.txt', '/names.txt', './lists/ a.txt']) expect(await loadWords(path)).toHaveLength(10);
    vi.stubGlobal('document', undefined);
    vi.stubGlobal('location', { href: 'https://site.example/worker.js' });
    expect(await loadWords('names.txt')).toHaveLength(10);
    vi.stubGlobal('location', { href: 'blob:https://site.example/0' });
    await expect(loadWords('names.txt')).rejects.toThrow('source: expected a path or a URL, got "names.txt"');
  } finally {
    vi.unstubAllGlobals();
  }
  expect(requested).toEqual([
    'https://site.example/lab/names.txt',
    'https://site.example/names.txt',
    'https://site.example/lab/lists/%20a.txt',
    'https://site.example/names.txt',
  ]);
});
