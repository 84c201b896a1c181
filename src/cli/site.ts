// The files of the built lab, and the headers that each is sent with.

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { FileError } from '../index.js';
import { messageOf } from './streams.js';

/** A file as it is sent. */
export interface SiteFile {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The files by the path of their address: `/index.html`, and `/` for the same. */
export type Site = ReadonlyMap<string, SiteFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** What every answer says of itself: it is what its type says, and of no use to another site. */
export const isolation = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** Where the build writes the policies of the pages; it is not sent. */
const policiesFile = 'policies.json';

/** The page, whose policy is that of every file without one of its own, the workers' scripts among them. */
const page = 'index.html';

/**
 * The site that is built in `folder`, read whole, so that what changes there later changes nothing. A link is no file of it. Throws
 * FileError where there is none.
 */
export function readSite(folder: string): Site {
  const policies = policiesOf(folder);
  const files = filesBelow(folder).filter((name) => name !== policiesFile);
  const site = new Map(files.map((name) => [`/${name}`, fileOf(folder, name, policies)]));
  site.set('/', site.get(`/${page}`)!);
  return site;
}

function policiesOf(folder: string): Readonly<Record<string, string>> {
  try {
    if (!lstatSync(join(folder, page)).isFile()) throw new Error(`${page} is no file`);
    return JSON.parse(readFileSync(join(folder, policiesFile), 'utf8'));
  } catch (cause) {
    const got = messageOf(cause);
    throw new FileError(`${folder}: expected the built lab, got ${got}; in a clone, npm run site:build builds it`, {
      cause,
    });
  }
}

/** The names of the files in `folder` and below it, with slashes. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function fileOf(folder: string, name: string, policies: Readonly<Record<string, string>>): SiteFile {
  // The names in assets/ change with what they hold.
  const lasting = name.startsWith('assets/');
  return {
    bytes: readFileSync(join(folder, name)),
    headers: {
      ...isolation,
      'Content-Security-Policy': policies[name] ?? policies[page]!,
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  };
}
