// Reading and writing on disk, with Node's file system. It is reached through `process`, so that bundlers for browsers see no import.
// What fails here is an error of any kind, for which `reasonOf` has words; file.ts makes a FileError of it.

import { destination, unlessAbsent } from './destination.js';

/** As many bytes as are read at once. */
const pieceBytes = 2 ** 24;

const { promises, constants } = process.getBuiltinModule('node:fs');

/** See `readFileUpTo`. */
export async function read(path: string | URL, maximum: number): Promise<Uint8Array> {
  // Opening a FIFO would wait for a writer, and opening a device may do anything.
  const kind = kindOf(await promises.stat(path));
  if (kind !== 'a file') throw new Error(kind);
  const file = await promises.open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return await readAll(file, maximum);
  } finally {
    await file.close();
  }
}

/** See `writeFileAtomic`. */
export async function write(path: string, content: Uint8Array): Promise<void> {
  await throughTemporary(path, async (temporary, target, mode) => {
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

/** See `checkWritable` in file.ts. */
export async function checkWritable(path: string): Promise<void> {
  await throughTemporary(path, async (temporary) => {
    await promises.writeFile(temporary, '', { flag: 'wx' });
    await promises.rm(temporary);
  });
}

/** Runs `work` with a new name beside the file that `path` leads to; whatever it does, no file is left under that name. */
async function throughTemporary(
  path: string,
  work: (temporary: string, target: string, mode: number | undefined) => Promise<void>,
): Promise<void> {
  const target = await destination(path);
  const present = await unlessAbsent(promises.stat(target));
  if (present !== undefined && kindOf(present) !== 'a file') throw new Error(kindOf(present));
  const { parse, sep } = process.getBuiltinModule('node:path');
  if (target.endsWith('/') || target.endsWith(sep)) throw new Error('the name of a folder');
  // A name must stay within 255 bytes, so not all of it is repeated.
  const { dir, base } = parse(target);
  const folder = dir === '' || dir.endsWith('/') ? dir : `${dir}/`;
  const temporary = `${folder}${base.slice(0, 50)}.${crypto.randomUUID()}.tmp`;
  try {
    await work(temporary, target, present?.mode);
  } catch (cause) {
    await promises.rm(temporary, { force: true }).catch(() => {});
    throw cause;
  }
}

type Kinds = Record<`is${'File' | 'Directory' | 'FIFO' | 'Socket' | 'BlockDevice'}`, () => boolean>;

function kindOf(stats: Kinds): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isBlockDevice() ? 'a block device' : 'a character device';
}

async function readAll(file: Awaited<ReturnType<typeof promises.open>>, maximum: number): Promise<Uint8Array> {
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

/** What an error says of a file, in words where it is a common one. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code !== undefined && Object.hasOwn(reasons, code) ? `${reasons[code]} (${code})` : message;
}
