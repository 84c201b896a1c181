// Files by their path, where there is a file system; loaded when one is asked for. What reads and writes stands in disk.ts.

import { FileError } from '../base/errors.js';
import { escapeControls, show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';

/** As many bytes as every Node.js holds in one array. */
const mostBytes = 2 ** 31 - 1;

type Disk = typeof import('./disk.js');

/** The bytes of a file, `maximum` at most. Throws FileError when it can't be read. */
export async function read(path: string | URL, maximum: number = mostBytes): Promise<Uint8Array> {
  if (!(path instanceof URL)) checkPath('path', path, 'a path or a URL');
  return onDisk(path, 'read', (disk) => disk.read(path, maximum));
}

/** See `writeFileAtomic`. */
export async function write(path: string, content: Uint8Array): Promise<void> {
  checkPath('path', path);
  await onDisk(path, 'written', (disk) => disk.write(path, content));
}

/** See `checkWritable` in file.ts. */
export async function checkWritable(path: string): Promise<void> {
  checkPath('path', path);
  await onDisk(path, 'written', (disk) => disk.checkWritable(path));
}

/** Throws a TypeError for what is no text, a FileError for a text that is no path. */
export function checkPath(name: string, path: unknown, expected: string = 'a path'): void {
  if (typeof path !== 'string') throw new TypeError(`${name}: expected ${expected}, got ${show(path)}`);
  if (path === '' || path.includes('\0')) throw new FileError(`${name}: expected ${expected}, got ${show(path)}`);
}

/** Whether there is Node's file system, or that of an engine that has Node's modules. */
export function hasFileSystem(): boolean {
  return globalThis.process?.getBuiltinModule?.('node:fs') !== undefined;
}

/** What `use` gives; a FileError where there is no file system, or where the file can't be `done`. */
async function onDisk<Result>(
  path: string | URL,
  done: 'read' | 'written',
  use: (disk: Disk) => Promise<Result>,
): Promise<Result> {
  const name = sourceName(path);
  if (!hasFileSystem()) {
    throw new FileError(`path: expected a URL where there is no file system, got ${show(name)}`);
  }
  const disk = await import('./disk.js');
  try {
    return await use(disk);
  } catch (cause) {
    const got = escapeControls(disk.reasonOf(cause as Error));
    throw new FileError(`${name}: expected a file that can be ${done}, got ${got}`, { cause });
  }
}
