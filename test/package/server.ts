// Serves a folder as a careful site would: under a strict content security policy.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

/** The policy; `inline` are inline scripts that are allowed, such as an import map, which can't be a file. */
export function policy(...inline: readonly string[]): string {
  const hashes = inline.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return ["default-src 'self'; script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' ');
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/** A server of the files in `folder`, and its address. */
export async function serve(folder: string, contentSecurityPolicy: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://server');
    response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    try {
      const content = readFileSync(join(folder, pathname === '/' ? 'index.html' : pathname));
      response.setHeader('Content-Type', types[extname(pathname === '/' ? 'index.html' : pathname)]!);
      response.end(content);
    } catch {
      response.statusCode = pathname === '/favicon.ico' ? 204 : 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
