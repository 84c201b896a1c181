// `handgrad lab`: the lab out of the installed package, in the reader's browser.

import { spawn } from 'node:child_process';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { integerFrom } from './parsers.js';
import { listen } from './signals.js';
import { readSite } from './site.js';
import { addressOf, serveSite } from './siteServer.js';
import { messageOf, printLines, say } from './streams.js';

interface Options {
  port?: number;
  open: boolean;
}

const builtSite = new URL('../../dist-site/', import.meta.url);

/** Adds the command to `program`. */
export function addLab(program: Command): void {
  program
    .command('lab')
    .description('open the lab, a page to understand, write and train the backward pass')
    .option('--port <port>', 'where to listen (default: a port that is free)', integerFrom(0, 65_535))
    .option('--no-open', 'print the address alone, and open no browser')
    .action(lab);
}

/** Serves the lab until a signal comes. */
async function lab({ port = 0, open }: Options): Promise<void> {
  const server = await listening(port);
  try {
    const stopped = new Promise<void>((resolve) => {
      const signals = listen(() => {
        signals.end();
        resolve();
      });
    });
    await printLines([addressOf(server)]);
    say('The lab is served to this machine until Ctrl-C.');
    if (open) openBrowser(addressOf(server));
    await stopped;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function listening(port: number): Promise<Server> {
  try {
    return await serveSite(readSite(fileURLToPath(builtSite)), port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new Error(`--port: expected a free port, got ${port}, which is in use`);
    if (code === 'EACCES')
      throw new Error(`--port: expected a port that may be used, got ${port}: ${messageOf(error)}`);
    throw error;
  }
}

/** Opens `url` by the platform's own command. Where there is none, nothing happens: the address has been printed. */
function openBrowser(url: string): void {
  const commands: Partial<Record<NodeJS.Platform, readonly string[]>> = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  };
  const [program, ...args] = commands[process.platform] ?? ['xdg-open', url];
  const child = spawn(program!, args, { stdio: 'ignore', detached: true, windowsHide: true });
  child.on('error', () => {});
  child.unref();
}
