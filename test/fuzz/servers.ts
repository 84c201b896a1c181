// Servers of word lists that misbehave, on this machine alone: loading ends in the words or a DatasetError, within the limits of time
// and size that it was given.

import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Finding, type Target, type World } from './harness.js';
import { library } from './library.js';
import type { Random } from './random.js';

export const serversTarget: Target = {
  name: 'servers',
  runs: 100,
  quick: 10,
  together: 1000,
  patience: 30,
  open: () => new Servers(),
};

const maxBytes = 20_000;
const timeout = 1000;
/** Milliseconds beyond the time limit that a busy machine may take. */
const slack = 20_000;
/** Bytes that a server without an end has sent at most. */
const enough = 32 * 2 ** 20;

const list = `${Array.from({ length: 12 }, (_, i) => `name${'abcdefghijkl'[i]}`).join('\n')}\n`;
const ok = (body: string | Uint8Array, headers = '') =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${headers}\r\n`),
    Buffer.from(body),
  ]);
/** Another status than 200, with a good list all the same. */
const status = (line: string, headers = '') =>
  `HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: ${list.length}\r\n${headers}\r\n${list}`;

interface Behaviour {
  /** Whether the words, an error, or either must come of it. */
  readonly gives: 'words' | 'error' | 'either';
  serve(socket: Socket, random: Random, path: string): void;
}

/** Sends `text` a byte every `milliseconds`. */
function drip(socket: Socket, text: string | Buffer, milliseconds: number): void {
  const bytes = Buffer.from(text);
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length) socket.write(bytes.subarray(at, ++at));
  }, milliseconds);
  socket.on('close', () => clearInterval(timer));
}

/** Sends the same bytes without an end, as fast as they are taken. */
function pour(socket: Socket, chunk: Buffer): void {
  let sent = 0;
  const more = () => {
    while (!socket.destroyed && sent < enough) {
      sent += chunk.length;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on('drain', more);
  more();
}

const behaviours: Readonly<Record<string, Behaviour>> = {
  good: { gives: 'words', serve: (socket) => void socket.end(ok(list)) },
  'good, compressed': {
    gives: 'words',
    serve: (socket) => void socket.end(ok(gzipSync(list), 'Content-Encoding: gzip\r\n')),
  },
  'good, in chunks': {
    gives: 'words',
    serve: (socket) =>
      void socket.end(
        `HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${list.length.toString(16)}\r\n${list}\r\n0\r\n\r\n`,
      ),
  },
  'another type': { gives: 'error', serve: (socket) => void socket.end(ok(list, 'Content-Type: image/png\r\n')) },
  silent: { gives: 'error', serve: () => {} },
  'silent after the header': {
    gives: 'error',
    serve: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n'),
  },
  'slow header': { gives: 'error', serve: (socket) => drip(socket, ok(list), 40) },
  'slow body': {
    gives: 'error',
    serve: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${list.length}\r\n\r\n`);
      drip(socket, list, 4 * timeout);
    },
  },
  endless: {
    gives: 'error',
    serve: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      pour(socket, Buffer.from('name\n'.repeat(4000)));
    },
  },
  'endless header': {
    gives: 'error',
    serve: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, Buffer.from(`X-Name: ${'x'.repeat(1000)}\r\n`));
    },
  },
  'too large by its header': {
    gives: 'error',
    serve: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n');
      pour(socket, Buffer.from('name\n'.repeat(4000)));
    },
  },
  'too large': { gives: 'error', serve: (socket) => void socket.end(ok('name\n'.repeat(maxBytes / 5 + 1))) },
  bomb: {
    gives: 'error',
    serve: (socket) => void socket.end(ok(gzipSync('name\n'.repeat(2 ** 22)), 'Content-Encoding: gzip\r\n')),
  },
  'compressed badly': {
    gives: 'error',
    serve: (socket) => void socket.end(ok('this is no gzip', 'Content-Encoding: gzip\r\n')),
  },
  truncated: {
    gives: 'error',
    serve: (socket, random) => void socket.end(ok(list).subarray(0, -random.between(1, 60))),
  },
  'cut in its header': { gives: 'error', serve: (socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Le') },
  'closed at once': { gives: 'error', serve: (socket) => void socket.end() },
  reset: {
    gives: 'error',
    serve: (socket, random) => {
      if (random.chance(0.5)) socket.write(ok(list).subarray(0, 50));
      setTimeout(() => socket.resetAndDestroy(), random.below(30));
    },
  },
  'redirected in a circle': {
    gives: 'error',
    serve: (socket, _, path) => void socket.end(status('302 Found', `Location: ${path}\r\n`)),
  },
  'redirected to a file': {
    gives: 'error',
    serve: (socket, random) =>
      void socket.end(
        status(
          '301 Moved',
          `Location: ${random.pick(['file:///etc/hostname', 'data:text/plain,a', '', ':', 'http://[', 'ftp://x/'])}\r\n`,
        ),
      ),
  },
  'large header': {
    gives: 'error',
    serve: (socket) => void socket.end(ok(list, `X-Name: ${'x'.repeat(2 ** 20)}\r\n`)),
  },
  'bad status': {
    gives: 'error',
    serve: (socket, random) =>
      void socket.end(
        status(
          random.pick([
            '404 Not Found',
            '500 Error',
            '204 No Content',
            '304 Not Modified',
            '206 Partial',
            '999 x',
            '0 x',
            'x',
          ]),
        ),
      ),
  },
  'control characters in the status': {
    gives: 'error',
    serve: (socket, random) =>
      void socket.end(status(`404 ${random.pick(['\x1b[31mred', '\x07', 'a\tb', '\x9b31m', '\x85', '\xe2\x80\xa8'])}`)),
  },
  garbage: {
    gives: 'error',
    serve: (socket, random) => void socket.end(Buffer.from(random.list(200, () => random.below(256)))),
  },
  'binary list': { gives: 'error', serve: (socket) => void socket.end(ok(Uint8Array.of(0xff, 0xfe, 0, 10))) },
};

/** A server for one request: a connection that is kept for a next one might be closed just then. */
class OneServer {
  readonly #server = createServer((socket) => this.#answer(socket));
  readonly #sockets = new Set<Socket>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Its port. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.on('error', reject);
      this.#server.listen(0, '127.0.0.1', () => resolve((this.#server.address() as { port: number }).port));
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  /** The path of a request names what is to be done. */
  #answer(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    let request = '';
    socket.on('data', (data) => {
      request += data.toString('latin1');
      if (!request.endsWith('\r\n\r\n')) return;
      const path = request.split(' ')[1]!;
      request = '';
      behaviours[decodeURIComponent(path.slice(1))]?.serve(socket, this.#random, path);
    });
  }
}

class Servers implements World {
  async run(random: Random): Promise<void> {
    const name = random.pick(Object.keys(behaviours));
    const { gives } = behaviours[name]!;
    const server = new OneServer(random);
    const url = `http://127.0.0.1:${await server.listen()}/${encodeURIComponent(name)}`;
    const fail = (what: string, detail = '') =>
      new Finding(
        `a server that is ${name}: ${what}`,
        `loadWords('${url}', { maxBytes: ${maxBytes}, timeout: ${timeout} })\n${detail}`,
      );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), timeout + slack);
    });
    const loading = library.loadWords(url, { maxBytes, timeout }).then(
      (words) => ({ words, error: undefined }),
      (error: unknown) => ({ words: undefined, error }),
    );
    const ended = await Promise.race([loading, late]);
    clearTimeout(timer);
    server.close();
    if (ended === 'late') {
      await loading;
      throw fail('loading does not end in time');
    }
    const { words, error } = ended;
    if (words !== undefined) {
      if (gives === 'error') throw fail('is taken for good', `${words.length} words`);
      if (words.join('\n') !== list.trimEnd()) throw fail('gives other words', words.slice(0, 12).join());
      return;
    }
    if (!(error instanceof library.DatasetError)) throw fail('another error is thrown', String(error));
    if (gives === 'words') throw fail('is refused', error.message);
    if (!/\bexpected\b/.test(error.message)) throw fail('the error says not what was expected', error.message);
    if (/[\p{Cc}\u2028\u2029]/u.test(error.message))
      throw fail('control characters in the message', JSON.stringify(error.message));
  }
}
