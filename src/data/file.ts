// Files, where there is a file system. What needs one stands in disk.ts and is loaded when it is used, so that no page carries it.

import { FileError } from '../base/errors.js';
import { escapeControls, show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { bytes as checkedBytes } from '../base/typedArrays.js';

/** As many bytes as every Node.js holds in one array. */
const mostBytes = 2 ** 31 - 1;

/**
 * The bytes of a file, of 2 GiB at most. Throws FileError when it can't be read, for a folder, a device, a FIFO or a socket,
 * and where there is no file system.
 *
 * @example const bytes = await readFile('names.txt');
 */
export async function readFile(path: string | URL, ...surplus: AsCallback): Promise<Uint8Array> {
  refuseSurplus('readFile', 1, surplus);
  if (!(path instanceof URL)) checkPath('path', path, 'a path or a URL');
  return readFileUpTo(path, mostBytes);
}

/** The bytes of a file, `maximum` at most; otherwise as `readFile`. */
export async function readFileUpTo(path: string | URL, maximum: number): Promise<Uint8Array> {
  return onDisk(path, 'read', (disk) => disk.read(path, maximum));
}

/**
 * Writes a file whole or not at all: into a temporary file in the same folder, `<name>.<random>.tmp`, to disk, then under its
 * name. A symbolic link is followed, also to a file that is not there yet; the mode of a file that was there is kept. Of two
 * that write at once, the later one stays. Throws FileError, and leaves what was there and nothing else.
 *
 * @example await writeFileAtomic('model.safetensors', bytes);
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array, ...surplus: never[]): Promise<void> {
  refuseSurplus('writeFileAtomic', 2, surplus);
  checkPath('path', path);
  // A copy: the caller may change his own before they are written.
  const content = checkedBytes('bytes', bytes).slice();
  await onDisk(path, 'written', (disk) => disk.write(path, content));
}

/**
 * Throws FileError where `writeFileAtomic(path)` would for want of a folder or a permission, or for what is no file. Nothing is
 * left behind, and nothing of another is removed.
 *
 * @example await checkWritable('model.safetensors');
 */
export async function checkWritable(path: string, ...surplus: AsCallback): Promise<void> {
  refuseSurplus('checkWritable', 1, surplus);
  checkPath('path', path);
  await onDisk(path, 'written', (disk) => disk.checkWritable(path));
}

/** Throws a TypeError for what is no text, a FileError for a text that is no path. */
export function checkPath(name: string, path: unknown, expected: string = 'a path'): void {
  if (typeof path !== 'string') throw new TypeError(`${name}: expected ${expected}, got ${show(path)}`);
  if (path === '' || path.includes('\0')) throw new FileError(`${name}: expected ${expected}, got ${show(path)}`);
}

/** Node's file system, and that of engines that have Node's modules; undefined on a page. @internal */
export function nodeFileSystem(): typeof import('node:fs') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:fs');
}

type Disk = typeof import('./disk.js');

/** What `use` gives; a FileError where there is no file system, or where the file can't be `done`. */
async function onDisk<Result>(
  path: string | URL,
  done: 'read' | 'written',
  use: (disk: Disk) => Promise<Result>,
): Promise<Result> {
  const name = sourceName(path);
  if (nodeFileSystem() === undefined) {
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
