// Files, where there is a file system. What needs one is loaded when it is used, so that no page carries it.

import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { bytes as checkedBytes } from '../base/typedArrays.js';

const load = () => import('./onDisk.js');

/**
 * The bytes of a file, of 2 GiB at most. Throws FileError when it can't be read, for a folder, a device, a FIFO or a socket,
 * and where there is no file system.
 *
 * @example const bytes = await readFile('names.txt');
 */
export async function readFile(path: string | URL, ...surplus: AsCallback): Promise<Uint8Array> {
  refuseSurplus('readFile', 1, surplus);
  return (await load()).read(path);
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
  // A copy, because the caller may change the bytes before they are written.
  const content = checkedBytes('bytes', bytes).slice();
  await (await load()).write(path, content);
}

/**
 * Throws FileError where `writeFileAtomic(path)` would for want of a folder or a permission, or for what is no file. It
 * leaves nothing behind, and removes no file that was there.
 *
 * @example await checkWritable('model.safetensors');
 */
export async function checkWritable(path: string, ...surplus: AsCallback): Promise<void> {
  refuseSurplus('checkWritable', 1, surplus);
  await (await load()).checkWritable(path);
}
