// The file system, where there is one. It is reached through `process`, so that bundlers for browsers see no import.

import { show } from '../core/check.js';
import { FileError } from '../core/errors.js';

/**
 * The bytes of a file. Throws FileError when it can't be read or where there is no file system.
 *
 * @example const bytes = await readFile('names.txt');
 */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  const { promises } = fileSystem(path);
  try {
    const { buffer, byteOffset, length } = await promises.readFile(path);
    return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    throw fileError(path, 'a file that can be read', cause);
  }
}

/**
 * Writes a file whole or not at all: into a temporary file in the same folder, to disk, then under its name. A symbolic link is
 * followed, the mode of a file that was there is kept. Throws FileError, and leaves what was there.
 *
 * @example await writeFileAtomic('model.safetensors', bytes);
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  if (typeof path !== 'string') throw new TypeError(`path: expected a string, got ${show(path)}`);
  const { promises } = fileSystem(path);
  try {
    const { target, present } = await destination(promises, path);
    const temporary = temporaryName(target);
    try {
      const file = await promises.open(temporary, 'wx', present?.mode ?? 0o666);
      try {
        if (present !== undefined) await file.chmod(present.mode);
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await promises.rename(temporary, target);
    } catch (cause) {
      await promises.rm(temporary, { force: true }).catch(() => {});
      throw cause;
    }
  } catch (cause) {
    throw fileError(path, 'a file that can be written', cause);
  }
}

/**
 * Throws FileError where `writeFileAtomic(path)` would for want of a folder or a permission; what a write that was killed has
 * left behind is removed.
 *
 * @example await checkWritable('model.safetensors');
 */
export async function checkWritable(path: string): Promise<void> {
  if (typeof path !== 'string') throw new TypeError(`path: expected a string, got ${show(path)}`);
  const { promises } = fileSystem(path);
  try {
    const { target } = await destination(promises, path);
    const temporary = temporaryName(target);
    await promises.writeFile(temporary, '', { flag: 'wx' });
    const end = Math.max(target.lastIndexOf('/'), target.lastIndexOf('\\')) + 1;
    const [folder, name] = [target.slice(0, end), target.slice(end)];
    const isTemporary = (entry: string) => entry.startsWith(`${name}.`) && temporaryEnd.test(entry.slice(name.length));
    const left = (await promises.readdir(folder || '.')).filter(isTemporary);
    await Promise.all(left.map((entry) => promises.rm(folder + entry, { force: true })));
  } catch (cause) {
    throw fileError(path, 'a file that can be written', cause);
  }
}

const temporaryEnd = /^\.[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\.tmp$/;

function temporaryName(target: string): string {
  return `${target}.${crypto.randomUUID()}.tmp`;
}

/** The file behind symbolic links, and what is there. */
async function destination(promises: typeof import('node:fs/promises'), path: string) {
  const target = await promises.realpath(path).catch(() => path);
  const present = await promises.stat(target).catch(() => undefined);
  if (present?.isFile() === false) throw new Error('a folder or a device');
  return { target, present };
}

function fileSystem(path: unknown): typeof import('node:fs') {
  const fs = globalThis.process?.getBuiltinModule?.('node:fs');
  if (fs === undefined) throw new FileError(`path: expected a URL where there is no file system, got ${show(path)}`);
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
};

function fileError(path: string | URL, expected: string, cause: unknown): FileError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const got = code !== undefined && code in reasons ? `${reasons[code]} (${code})` : message;
  return new FileError(`${path}: expected ${expected}, got ${got}`, { cause });
}
