// The lab's server: what it sends, and that it sends nothing else, to nobody else.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSite } from '../../src/cli/site.js';
import { addressOf, serveSite } from '../../src/cli/siteServer.js';
import { handgrad, running } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'handgrad-lab-'));
const built = join(folder, 'dist-site');
const secret = 'what is beside the site';

mkdirSync(join(built, 'assets'), { recursive: true });
writeFileSync(join(folder, 'package.json'), secret);
const policies = { 'index.html': "default-src 'self'", 'sandbox.html': 'sandbox allow-scripts' };
const written = {
  'policies.json': JSON.stringify(policies),
  'index.html': '<!doctype html>',
  'sandbox.html': '<!doctype html><p>',
  'icon.svg': '<svg/>',
  'assets/names-1.txt': 'änne',
  'assets/page-1.js': '0',
  'assets/page-1.css': '*{}',
  'assets/unknown-1.bin': '1',
};
for (const [name, text] of Object.entries(written)) writeFileSync(join(built, name), text);

let server: Server;
let port: number;
beforeAll(async () => {
  server = await serveSite(readSite(built), 0);
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server?.close();
  server?.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** What the server answers to these very bytes. */
async function sent(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text;
  });
  await once(socket, 'close');
  return answer;
}

const asked = (target: string, { method = 'GET', host = `127.0.0.1:${port}` } = {}) =>
  sent(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
const statusOf = (answer: string) => Number(answer.slice(9, 12));

describe('the files', () => {
  test.each([
    ['', 'text/html; charset=utf-8', 'no-cache', "default-src 'self'"],
    ['index.html', 'text/html; charset=utf-8', 'no-cache', "default-src 'self'"],
    ['sandbox.html', 'text/html; charset=utf-8', 'no-cache', 'sandbox allow-scripts'],
    ['icon.svg?x=1', 'image/svg+xml', 'no-cache', "default-src 'self'"],
    ['assets/page-1.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', "default-src 'self'"],
    ['assets/page-1.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable', "default-src 'self'"],
    ['assets/names-1.txt', 'text/plain; charset=utf-8', 'public, max-age=31536000, immutable', "default-src 'self'"],
    ['assets/unknown-1.bin', 'application/octet-stream', 'public, max-age=31536000, immutable', "default-src 'self'"],
  ])('/%s comes with its type, its lifetime and its policy', async (path, type, cache, policy) => {
    const response = await fetch(addressOf(server) + path);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': type,
      'cache-control': cache,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
    });
    const name = path.replace(/\?.*/, '') || 'index.html';
    expect(await response.text()).toBe(written[name as keyof typeof written]);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const [head, get] = [await asked('/assets/names-1.txt', { method: 'HEAD' }), await asked('/assets/names-1.txt')];
    const dateless = (text: string) => text.replace(/Date: .*\r\n/, '');
    expect(get.endsWith('\r\n\r\nänne')).toBe(true);
    expect(dateless(head)).toBe(dateless(get).slice(0, -'änne'.length));
    expect(head).toContain('Content-Length: 5\r\n');
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is refused', async (method) => {
    const answer = await asked('/', { method });
    expect(statusOf(answer)).toBe(405);
    expect(answer).toContain('Allow: GET, HEAD\r\n');
    expect(answer).toContain('Content-Type: text/plain');
  });
});

describe('nothing else', () => {
  const climbing = [
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/%2e%2e%2fpackage.json',
    '/..%2fpackage.json',
    '/..%5cpackage.json',
    '/..\\package.json',
    '/assets/..\\..\\package.json',
    '/%252e%252e%252fpackage.json',
    '/%c0%ae%c0%ae/package.json',
    '/..;/package.json',
    '/.%00./package.json',
    '//package.json',
    '///etc/passwd',
    '../package.json',
    'package.json',
    'http://elsewhere.example/../package.json',
    'http://elsewhere.example/index.html',
    'file:///etc/passwd',
    '*',
  ];
  test.each(climbing)('%s is not found', async (target) => {
    const answer = await asked(target);
    expect(answer).not.toContain(secret);
    expect([400, 404]).toContain(statusOf(answer));
    expect(answer).not.toContain('<!doctype');
  });

  test.each(['/policies.json', '/assets', '/assets/', '/index.html/', '/INDEX.HTML', '/constructor', '/__proto__'])(
    '%s is not found, and the answer says so',
    async (target) => {
      const answer = await asked(target);
      expect(statusOf(answer)).toBe(404);
      expect(answer).toContain('Content-Type: text/plain');
      expect(answer).toContain('Not found: the lab has no such file.\n');
      expect(answer).toContain('X-Content-Type-Options: nosniff\r\n');
    },
  );

  test.skipIf(process.platform === 'win32')('a link out of the folder is no file of it', async () => {
    const other = join(folder, 'linked');
    mkdirSync(other);
    for (const name of ['policies.json', 'index.html'] as const) writeFileSync(join(other, name), written[name]);
    symlinkSync('../package.json', join(other, 'package.json'));
    symlinkSync('..', join(other, 'above'));
    expect([...readSite(other).keys()].toSorted()).toEqual(['/', '/index.html']);
  });

  test('what is written after the start is not served', async () => {
    writeFileSync(join(built, 'late.html'), secret);
    expect(statusOf(await asked('/late.html'))).toBe(404);
    rmSync(join(built, 'late.html'));
  });
});

describe('nobody else', () => {
  test('it listens at the loopback address alone', () => {
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
  });

  test.each(['localhost', 'LOCALHOST'])('%s is a name of this machine', async (name) => {
    expect(statusOf(await asked('/', { host: `${name}:${port}` }))).toBe(200);
  });

  test.each([
    'rebound.example',
    '127.0.0.1.rebound.example',
    'localhost.rebound.example',
    '10.0.0.1',
    '[::1]',
    '0.0.0.0',
  ])('a page that calls this machine %s gets nothing', async (name) => {
    const answer = await asked('/', { host: `${name}:${port}` });
    expect(statusOf(answer)).toBe(403);
    expect(answer).not.toContain('<!doctype');
  });

  test('nor does one of another port, of none, or one without a name', async () => {
    expect(statusOf(await asked('/', { host: `127.0.0.1:${port === 1 ? 2 : 1}` }))).toBe(403);
    expect(statusOf(await asked('/', { host: '127.0.0.1' }))).toBe(403);
    expect(statusOf(await sent('GET / HTTP/1.0\r\n\r\n'))).toBe(403);
    expect(statusOf(await sent('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'))).toBe(400);
  });
});

describe('handgrad lab', () => {
  test.skipIf(process.platform === 'win32')('prints its address, serves the lab, and ends well at Ctrl-C', async () => {
    const { child, outcome } = running('lab', '--no-open');
    const [line] = (await once(child.stdout!, 'data')) as [string];
    const response = await fetch(line.trim());
    expect(await response.text()).toContain('<title>handgrad lab</title>');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: line });
    expect(line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect(stderr).toBe('The lab is served to this machine until Ctrl-C.\n');
  });

  test('a port in use is said, with exit code 2', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    expect(await handgrad('lab', '--no-open', '--port', String(port))).toEqual({
      code: 2,
      stdout: '',
      stderr: `handgrad: --port: expected a free port, got ${port}, which is in use\n`,
    });
    taken.close();
  });

  test.each(['70000', '-1', 'http'])('--port %s is refused', async (text) => {
    const { code, stderr } = await handgrad('lab', '--no-open', '--port', text);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--port.*Expected an integer from 0 to 65535/);
  });

  test.each([join(folder, 'absent'), join(folder, 'dist-site/assets')])('%s is no built lab', (absent) => {
    expect(() => readSite(absent)).toThrow(/expected the built lab, got .*npm run site:build/);
  });

  test.skipIf(process.platform !== 'linux')('where there is no browser, it goes on without', async () => {
    const { PATH } = process.env;
    process.env.PATH = folder;
    try {
      const { child, outcome } = running('lab');
      const [line] = (await once(child.stdout!, 'data')) as [string];
      expect((await fetch(line.trim())).status).toBe(200);
      child.kill('SIGTERM');
      expect((await outcome).code).toBe(0);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
