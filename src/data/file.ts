// The file system, where there is one. It is reached through `process`, so that bundlers for browsers see no import.

import { FileError } from '../base/errors.js';
import { escapeControls, show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { bytes as checkedBytes } from '../base/typedArrays.js';
import { destination, unlessAbsent } from './destination.js';

/** As many bytes as every Node.js holds in one array. */
const mostBytes = 2 ** 31 - 1;
/** As many bytes as are read at once. */
const pieceBytes = 2 ** 24;

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
  const { promises, constants } = fileSystem(path);
  try {
    // Opening a FIFO would wait for a writer, and opening a device may do anything.
    const kind = kindOf(await promises.stat(path));
    if (kind !== 'a file') throw new Error(kind);
    const file = await promises.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readAll(file, maximum);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw fileError(path, 'a file that can be read', cause);
  }
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
  await throughTemporary(path, async (promises, temporary, target, mode) => {
    const file = await promises.open(temporary, 'wx', mode ?? 0o666);
    try {
      if (mode !== undefined) await file.chmod(mode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await promises.rename(temporary, target);
  });
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
  await throughTemporary(path, async (promises, temporary) => {
    await promises.writeFile(temporary, '', { flag: 'wx' });
    await promises.rm(temporary);
  });
}

/** Throws a TypeError for what is no text, a FileError for a text that is no path. */
export function checkPath(name: string, path: unknown, expected: string = 'a path'): void {
  if (typeof path !== 'string') throw new TypeError(`${name}: expected ${expected}, got ${show(path)}`);
  if (path === '' || path.includes('\0')) throw new FileError(`${name}: expected ${expected}, got ${show(path)}`);
}

/** Runs `work` with a new name beside the file that `path` leads to; whatever it does, no file is left under that name. */
async function throughTemporary(
  path: string,
  work: (promises: Promises, temporary: string, target: string, mode: number | undefined) => Promise<void>,
): Promise<void> {
  const { promises } = fileSystem(path);
  try {
    const target = await destination(promises, path);
    const present = await unlessAbsent(promises.stat(target));
    if (present !== undefined && kindOf(present) !== 'a file') throw new Error(kindOf(present));
    const { parse, sep } = process.getBuiltinModule('node:path');
    if (target.endsWith('/') || target.endsWith(sep)) throw new Error('the name of a folder');
    // A name must stay within 255 bytes, so not all of it is repeated.
    const { dir, base } = parse(target);
    const folder = dir === '' || dir.endsWith('/') ? dir : `${dir}/`;
    const temporary = `${folder}${base.slice(0, 50)}.${crypto.randomUUID()}.tmp`;
    try {
      await work(promises, temporary, target, present?.mode);
    } catch (cause) {
      await promises.rm(temporary, { force: true }).catch(() => {});
      throw cause;
    }
  } catch (cause) {
    throw fileError(path, 'a file that can be written', cause);
  }
}

type Promises = typeof import('node:fs/promises');
type Kinds = Record<`is${'File' | 'Directory' | 'FIFO' | 'Socket' | 'BlockDevice'}`, () => boolean>;

function kindOf(stats: Kinds): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isBlockDevice() ? 'a block device' : 'a character device';
}

async function readAll(file: Awaited<ReturnType<Promises['open']>>, maximum: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  if (size > maximum) throw new Error(`${size} bytes, more than ${maximum}`);
  // One more, to see the end. Files of /proc say that they are empty, and others may grow.
  let bytes = new Uint8Array(size + 1);
  for (let length = 0; ; ) {
    const { bytesRead } = await file.read(bytes, length, Math.min(bytes.length - length, pieceBytes), null);
    if (bytesRead === 0) return bytes.subarray(0, length);
    length += bytesRead;
    if (length > maximum) throw new Error(`more than ${maximum} bytes`);
    if (length < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * length + 2 ** 16, maximum + 1));
    larger.set(bytes);
    bytes = larger;
  }
}

function fileSystem(path: string | URL): typeof import('node:fs') {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  if (fs === undefined)
    throw new FileError(`path: expected a URL where there is no file system, got ${show(sourceName(path))}`);
  return fs;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'a read-only file system',
  ENOSPC: 'a full disk',
  EDQUOT: 'a full disk quota',
  ELOOP: 'symbolic links that lead in a circle',
  ENAMETOOLONG: 'a name that is too long',
};

function fileError(path: string | URL, expected: string, cause: unknown): FileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const got =
    code !== undefined && Object.hasOwn(reasons, code) ? `${reasons[code]} (${code})` : escapeControls(message);
  return new FileError(`${sourceName(path)}: expected ${expected}, got ${got}`, { cause });
}
