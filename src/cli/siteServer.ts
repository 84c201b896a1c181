// Serves the lab to this machine alone.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isolation, type Site } from './site.js';

/** The address that is listened at, which no other machine reaches. */
const loopback = '127.0.0.1';

const methods = ['GET', 'HEAD'];

/**
 * A server of `site` that listens at `port` of the loopback address; 0 finds a free one. It answers GET and HEAD for the files of
 * the table and nothing else: a path is looked up as it was sent, so there is nothing to climb out of. Rejects with the error of
 * the system where it can't listen.
 *
 * @example
 * const server = await serveSite(readSite(folder), 0);
 */
export async function serveSite(site: Site, port: number): Promise<Server> {
  const server = createServer((request, response) => answer(site, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, resolve);
  });
  return server;
}

/** The address of the page. */
export function addressOf(server: Server): string {
  return `http://${loopback}:${(server.address() as AddressInfo).port}/`;
}

function answer(site: Site, request: IncomingMessage, response: ServerResponse): void {
  const file = site.get(request.url!.replace(/[?#].*$/s, ''));
  if (!isOurs(request)) refuse(response, 403, 'Forbidden: expected a request to this machine by its own name.');
  else if (!methods.includes(request.method!)) refuse(response, 405, 'Method not allowed: expected GET or HEAD.');
  else if (file === undefined) refuse(response, 404, 'Not found: the lab has no such file.');
  else {
    response.writeHead(200, { ...file.headers, 'Content-Length': file.bytes.length });
    response.end(file.bytes);
  }
}

/**
 * Whether the request is for this machine by name: a page of another site that has its own name lead here, by DNS rebinding, asks
 * for that name.
 */
function isOurs({ headers, socket }: IncomingMessage): boolean {
  const port = socket.localPort === 80 ? '(:80)?' : `:${socket.localPort}`;
  return new RegExp(`^(127\\.0\\.0\\.1|localhost)${port}$`, 'i').test(headers.host ?? '');
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...isolation,
    'Content-Security-Policy': "default-src 'none'",
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': text.length + 1,
    'Cache-Control': 'no-store',
    ...(status === 405 && { Allow: methods.join(', ') }),
  });
  response.end(`${text}\n`);
}
