// The bytes of a word list, from a path or an address; loaded when one is asked for.

import { DatasetError, FileError } from '../base/errors.js';
import { escapeControls, show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';
import type { Bounds } from './download.js';
import { checkPath, hasFileSystem, read } from './onDisk.js';

/** Bytes, and how their source reads in a message. Throws DatasetError as `loadWords` does. */
export async function wordSource(
  source: string | URL,
  bounds: Bounds,
): Promise<{ readonly bytes: Uint8Array; readonly name: string }> {
  try {
    const from = address(source);
    const name = sourceName(source);
    const isOnDisk = typeof from === 'string' || from.protocol === 'file:';
    return { bytes: await (isOnDisk ? read(from, bounds.maxBytes) : fetched(from, name, bounds)), name };
  } catch (error) {
    throw error instanceof FileError ? new DatasetError(error.message, { cause: error }) : error;
  }
}

/** The bytes of a text from a server. */
async function fetched(url: URL, name: string, bounds: Bounds): Promise<Uint8Array> {
  if (url.username !== '' || url.password !== '') {
    throw new DatasetError(`${name}: expected an address without user and password, got one with them`);
  }
  const { download } = await import('./download.js');
  let cause: unknown;
  const got = await download(url, bounds).catch((error: Error) => {
    cause = error;
    return show((error.cause instanceof Error ? error.cause : error).message);
  });
  if (typeof got !== 'string') return got;
  throw new DatasetError(`${name}: expected a word list, got ${escapeControls(got)}`, { cause });
}

/** The URL that `source` is, or that it leads to from the page's address; itself where it is a path of a file system. */
function address(source: string | URL): URL | string {
  if (source instanceof URL) return source;
  checkPath('source', source, 'a path or a URL');
  const isUrl = /^(https?|data|blob|file):/i.test(source);
  if (!isUrl && hasFileSystem()) return source;
  try {
    return new URL(source, isUrl ? undefined : (globalThis.document?.baseURI ?? globalThis.location?.href));
  } catch (cause) {
    throw new DatasetError(`source: expected a path or a URL, got ${show(sourceName(source))}`, { cause });
  }
}
