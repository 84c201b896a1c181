import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  promises,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileError } from '../../src/core/errors.js';
import { readFile, writeFileAtomic } from '../../src/data/file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const bytes = Uint8Array.of(1, 2, 3);

test('what is written is read', async () => {
  const path = join(folder, 'x');
  await writeFileAtomic(path, bytes);
  await writeFileAtomic(path, Uint8Array.of(4, 5));
  expect(await readFile(path)).toEqual(Uint8Array.of(4, 5));
  expect(readdirSync(folder)).toEqual(['x']);
});

test('a symbolic link is followed and the mode kept', async () => {
  writeFileSync(join(folder, 'x'), 'old');
  chmodSync(join(folder, 'x'), 0o626);
  symlinkSync('x', join(folder, 'link'));
  await writeFileAtomic(join(folder, 'link'), bytes);
  expect(readFileSync(join(folder, 'x')).length).toBe(3);
  expect(statSync(join(folder, 'x')).mode & 0o777).toBe(0o626);
  expect(readdirSync(folder).sort()).toEqual(['link', 'x']);
});

test('a folder or a device is not replaced', async () => {
  mkdirSync(join(folder, 'sub'));
  for (const path of [join(folder, 'sub'), '/dev/null']) {
    const written = writeFileAtomic(path, bytes);
    await expect(written).rejects.toThrow(FileError);
    await expect(written).rejects.toThrow(`${path}: expected a file that can be written, got a folder or a device`);
  }
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a folder that is not there is named', async () => {
  const path = join(folder, 'no', 'x');
  await expect(writeFileAtomic(path, bytes)).rejects.toThrow(
    `${path}: expected a file that can be written, got no such file or folder (ENOENT)`,
  );
  expect(existsSync(join(folder, 'no'))).toBe(false);
});

test('a write that fails leaves the old file and no other', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'old');
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const open = promises.open;
  vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
    const file = await open(...args);
    vi.spyOn(file, 'writeFile').mockRejectedValue(full);
    return file;
  });
  await expect(writeFileAtomic(path, bytes)).rejects.toThrow(
    `${path}: expected a file that can be written, got a full disk (ENOSPC)`,
  );
  expect(readdirSync(folder)).toEqual(['x']);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

test('the bytes are on disk before the file has its name', async () => {
  const calls: string[] = [];
  const open = promises.open;
  vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
    const file = await open(...args);
    for (const method of ['writeFile', 'sync', 'close'] as const) {
      const original = file[method].bind(file) as (...args: unknown[]) => Promise<void>;
      vi.spyOn(file, method).mockImplementation((...args: unknown[]) => {
        calls.push(method);
        return original(...args);
      });
    }
    return file;
  });
  const rename = promises.rename;
  vi.spyOn(promises, 'rename').mockImplementation((...args) => {
    calls.push('rename');
    return rename(...args);
  });
  await writeFileAtomic(join(folder, 'x'), bytes);
  expect(calls).toEqual(['writeFile', 'sync', 'close', 'rename']);
});

test('where there is no file system it says so', async () => {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const message = 'path: expected a URL where there is no file system, got "names.txt"';
  await expect(readFile('names.txt')).rejects.toThrow(new FileError(message));
  await expect(writeFileAtomic('names.txt', bytes)).rejects.toThrow(new FileError(message));
});
