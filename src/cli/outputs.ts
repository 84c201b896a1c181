// The files that a command writes. Before its work begins, it is checked that each can be written, and is in no other use.

import { randomUUID } from 'node:crypto';
import { fstatSync, promises } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { destination } from '../data/destination.js';
import { checkWritable } from '../data/file.js';
import { FileError, writeFileAtomic } from '../index.js';
import { expectEnding, type OutputKind } from './outputKinds.js';
import { uninterrupted } from './signals.js';
import { bundledNames } from './wordList.js';

/** A file to be written, where it was asked for. */
export interface Output {
  readonly path: string | undefined;
  readonly kind: OutputKind;
  /** An input that it may replace: the checkpoint that a training goes on from. */
  readonly mayReplace?: string | undefined;
}

/**
 * Throws FileError where an output can't be written, and where it is the file of an input, of another output, or of stdout or
 * stderr, even under another name: in another spelling, through a symbolic link, there or not, or through a hard link. Also where its
 * name ends as that of something else.
 */
export async function checkOutputs(outputs: readonly Output[], inputs: readonly (string | undefined)[]): Promise<void> {
  const taken: { path: string; file: File }[] = streamFiles();
  for (const path of inputs) {
    // One that can't be found is reported when it is read.
    const file = path === undefined ? undefined : await fileOf(path).catch(() => undefined);
    if (file !== undefined) taken.push({ path: path!, file });
  }
  for (const { path, kind, mayReplace } of outputs) {
    if (path === undefined) continue;
    await uninterrupted(() => checkWritable(path));
    const file = await fileOf(path);
    let isReplaced = false;
    for (const other of taken) {
      if (!(await isSame(file, other.file))) continue;
      if (other.path !== mayReplace) throw new FileError(`${path}: expected a file of its own, got one in use`);
      isReplaced = true;
    }
    if (!isReplaced) expectEnding(path, kind);
    taken.push({ path, file });
  }
}

/** Writes an output whole or not at all, whatever signal comes. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  await uninterrupted(() => writeFileAtomic(path, bytes));
}

/** The file of a word list; undefined where it is none. */
export function fileOfNames(names: string | undefined): string | undefined {
  try {
    if (names === undefined) return fileURLToPath(bundledNames);
    if (/^file:/i.test(names)) return fileURLToPath(names);
    return /^(https?|data|blob):/i.test(names) ? undefined : names;
  } catch {
    return undefined;
  }
}

/** stdout and stderr, where they are redirected to files: replacing such a file would lose what was written to it. */
function streamFiles(): { path: string; file: File }[] {
  return [1, 2].flatMap((descriptor) => {
    try {
      const stats = fstatSync(descriptor, { bigint: true });
      return stats.isFile() ? [{ path: '', file: { inode: `${stats.dev}:${stats.ino}`, folder: '', name: '' } }] : [];
    } catch {
      return [];
    }
  });
}

/** What tells a file from others: device and inode where it is there; where it will be in any case. */
interface File {
  readonly inode: string | undefined;
  readonly folder: string;
  readonly name: string;
}

async function fileOf(path: string): Promise<File> {
  const target = await destination(path);
  const present = await promises.stat(target, { bigint: true }).catch(() => undefined);
  return {
    inode: present && `${present.dev}:${present.ino}`,
    folder: await promises.realpath(dirname(target)),
    name: basename(target),
  };
}

async function isSame(one: File, other: File): Promise<boolean> {
  if (one.inode !== undefined && one.inode === other.inode) return true;
  if (one.folder !== other.folder) return false;
  if (one.name === other.name) return true;
  return folded(one.name) === folded(other.name) && (await foldsNames(one.folder));
}

/** `name` as a file system may compare it. */
function folded(name: string): string {
  return name.normalize().toLowerCase();
}

/** Whether two names that differ only in case are the same file in this folder. */
async function foldsNames(folder: string): Promise<boolean> {
  const name = `${randomUUID()}.tmp`;
  return uninterrupted(async () => {
    await promises.writeFile(join(folder, name), '', { flag: 'wx' });
    try {
      return await promises.lstat(join(folder, name.toUpperCase())).then(
        () => true,
        () => false,
      );
    } finally {
      await promises.rm(join(folder, name), { force: true });
    }
  });
}
