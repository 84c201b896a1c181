import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  promises,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FileError } from '../../src/base/errors.js';
import { checkWritable, readFile, writeFileAtomic } from '../../src/data/file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handgrad-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const bytes = Uint8Array.of(1, 2, 3);
const all = () => (readdirSync(folder, { recursive: true }) as string[]).sort();

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

test.skipIf(process.platform === 'win32')('what is no file is neither read nor replaced, and named', async () => {
  mkdirSync(join(folder, 'sub'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  const server = createServer().listen(join(folder, 'socket'));
  for (const [path, kind] of [
    [join(folder, 'sub'), 'a folder'],
    [join(folder, 'fifo'), 'a FIFO'],
    [join(folder, 'socket'), 'a socket'],
    ['/dev/zero', 'a character device'],
  ] as const) {
    for (const [attempt, expected] of [
      [() => readFile(path), 'read'],
      [() => writeFileAtomic(path, bytes), 'written'],
      [() => checkWritable(path), 'written'],
    ] as const) {
      await expect(attempt()).rejects.toThrow(
        new FileError(`${path}: expected a file that can be ${expected}, got ${kind}`),
      );
    }
  }
  server.close();
  expect(statSync('/dev/zero').isCharacterDevice()).toBe(true);
});

test.skipIf(process.platform !== 'linux')('a file that says it is empty is read to its end', async () => {
  expect(Buffer.from(await readFile('/proc/self/cmdline')).toString()).toContain('node');
});

test('a file is read as long as it is', async () => {
  const path = join(folder, 'long');
  const long = Uint8Array.from({ length: 3_000_001 }, (_, i) => i * 7);
  writeFileSync(path, long);
  expect(Buffer.from(long).equals(await readFile(path))).toBe(true);
  writeFileSync(path, '');
  expect(await readFile(path)).toEqual(new Uint8Array());
});

test('a file beyond 2 GiB is refused by its size', async () => {
  const path = join(folder, 'sparse');
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
  await expect(readFile(path)).rejects.toThrow(
    new FileError(`${path}: expected a file that can be read, got 1099511627776 bytes, more than 2147483647`),
  );
});

test('links to a file that is not there yet are followed, in a circle they are an error', async () => {
  mkdirSync(join(folder, 'sub'));
  mkdirSync(join(folder, 'other'));
  symlinkSync('sub/second', join(folder, 'first'));
  symlinkSync('../other/third', join(folder, 'sub', 'second'));
  symlinkSync(join(folder, 'x'), join(folder, 'other', 'third'));
  await checkWritable(join(folder, 'first'));
  expect(existsSync(join(folder, 'x'))).toBe(false);
  await writeFileAtomic(join(folder, 'first'), bytes);
  expect(lstatSync(join(folder, 'first')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(folder, 'x')).isFile()).toBe(true);
  expect(all()).toEqual(['first', 'other', 'other/third', 'sub', 'sub/second', 'x']);

  symlinkSync('b', join(folder, 'a'));
  symlinkSync('a', join(folder, 'b'));
  for (const attempt of [() => writeFileAtomic(join(folder, 'a'), bytes), () => checkWritable(join(folder, 'a'))]) {
    await expect(attempt()).rejects.toThrow(/^\S*a: expected a file that can be written, got .*circle \(ELOOP\)$/);
  }
});

test.skipIf(process.platform === 'win32')('a backslash is a part of a name', async () => {
  await checkWritable(join(folder, 'a\\b'));
  await writeFileAtomic(join(folder, 'a\\b'), bytes);
  expect(all()).toEqual(['a\\b']);
});

test('a name may be as long as a file system allows', async () => {
  const name = 'n'.repeat(255);
  await checkWritable(join(folder, name));
  await writeFileAtomic(join(folder, name), bytes);
  expect(all()).toEqual([name]);
});

test('a name that ends as a folder does is none of a file', async () => {
  for (const attempt of [() => writeFileAtomic(`${folder}/new/`, bytes), () => checkWritable(`${folder}/new/`)]) {
    await expect(attempt()).rejects.toThrow(/new\/: expected a file that can be written, got the name of a folder$/);
  }
  expect(all()).toEqual([]);
});

test('what others have left or are about to write stays', async () => {
  const theirs = 'x.01234567-89ab-cdef-0123-456789abcdef.tmp';
  writeFileSync(join(folder, theirs), 'half');
  await checkWritable(join(folder, 'x'));
  await writeFileAtomic(join(folder, 'x'), bytes);
  expect(all()).toEqual(['x', theirs]);
});

test('several that write one file at once all end well, and it is one of theirs', async () => {
  const path = join(folder, 'x');
  const written = Array.from({ length: 20 }, (_, i) => Uint8Array.of(i, i, i));
  await Promise.all(written.flatMap((one) => [checkWritable(path), writeFileAtomic(path, one)]));
  expect(written).toContainEqual(new Uint8Array(readFileSync(path)));
  expect(all()).toEqual(['x']);
});

/** What the writing of a file asks of the file system, but for the clearing up. */
const steps = ['realpath', 'lstat', 'readlink', 'stat', 'open', 'rename'] as const;
const fileSteps = ['chmod', 'writeFile', 'sync', 'close'] as const;

test.each([...steps, ...fileSteps])('where %s fails there is nothing new, and a FileError', async (step) => {
  writeFileSync(join(folder, 'x'), 'old');
  symlinkSync('x', join(folder, 'link'));
  symlinkSync('new', join(folder, 'dangling'));
  const failure = async () => {
    throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
  };
  if ((steps as readonly string[]).includes(step)) vi.spyOn(promises, step as 'stat').mockImplementation(failure);
  else {
    const open = promises.open;
    vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
      const file = await open(...args);
      const close = file.close.bind(file);
      vi.spyOn(file, step as 'sync').mockImplementation(async () => {
        if (step === ('close' as string)) await close();
        return failure();
      });
      return file;
    });
  }
  for (const name of ['x', 'link', 'dangling', 'absent']) {
    const outcome = await writeFileAtomic(join(folder, name), bytes).catch((error) => error);
    if (outcome === undefined) {
      // This way needs no such step.
      rmSync(join(folder, name === 'dangling' ? 'new' : name), { force: true });
      if (name === 'x' || name === 'link') writeFileSync(join(folder, 'x'), 'old');
      continue;
    }
    expect(outcome).toBeInstanceOf(FileError);
    expect(outcome.message).toBe(`${join(folder, name)}: expected a file that can be written, got EIO: i/o error`);
    expect(all()).toEqual(expect.arrayContaining(['x']));
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('old');
  }
  expect(all().filter((name) => !['x', 'link', 'dangling'].includes(name))).toEqual([]);
});

test.each(['realpath', 'lstat', 'stat', 'writeFile', 'rm'] as const)(
  'where %s fails once, a check leaves nothing, and is a FileError',
  async (step) => {
    vi.spyOn(promises, step as 'rm').mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    await expect(checkWritable(join(folder, 'x'))).rejects.toThrow(FileError);
    expect(all()).toEqual([]);
  },
);

test.skipIf(process.platform === 'win32' || process.getuid!() !== 0)(
  'a folder that may be written but not be listed',
  async () => {
    mkdirSync(join(folder, 'unlisted'), { mode: 0o777 });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'unlisted'), 0o333);
    const path = join(folder, 'unlisted', 'x');
    const program = `
      const { checkWritable, writeFileAtomic } = await import(${JSON.stringify(new URL('../../dist/data/file.js', import.meta.url))});
      await checkWritable(${JSON.stringify(path)});
      await writeFileAtomic(${JSON.stringify(path)}, Uint8Array.of(1));
    `;
    // The user's name is 65534's nearly everywhere; the program is given as text, for it could not read a file of root's.
    execFileSync('setpriv', [
      '--reuid=65534',
      '--clear-groups',
      process.execPath,
      '--input-type=module',
      '-e',
      program,
    ]);
    expect(all()).toEqual(['unlisted', 'unlisted/x']);
  },
);

test.each<[string, unknown, string]>([
  ['a number', 3, 'path: expected a path, got 3'],
  ['null', null, 'path: expected a path, got null'],
  ['an object', {}, 'path: expected a path, got a Object'],
  ['an empty text', '', 'path: expected a path, got ""'],
  ['a NUL', 'a\0b', 'path: expected a path, got "a\\u0000b"'],
  [
    'a long text',
    'y'.repeat(2 ** 20),
    `${'y'.repeat(1000)}…: expected a file that can be written, got a name that is too long (ENAMETOOLONG)`,
  ],
])('%s is no path', async (_, path, message) => {
  const type = typeof path === 'string' ? FileError : TypeError;
  for (const attempt of [() => writeFileAtomic(path as string, bytes), () => checkWritable(path as string)]) {
    await expect(attempt()).rejects.toThrow(new type(message));
  }
  const read = message.replace('a path,', 'a path or a URL,').replace('written', 'read');
  await expect(readFile(path as string)).rejects.toThrow(new type(read));
});

test('what is no bytes is not written', async () => {
  for (const value of [
    undefined,
    null,
    'text',
    [1],
    new DataView(new ArrayBuffer(8)),
    new Float32Array(2),
    new ArrayBuffer(8),
  ]) {
    const written = writeFileAtomic(join(folder, 'x'), value as unknown as Uint8Array);
    await expect(written).rejects.toThrow(TypeError);
    await expect(written).rejects.toThrow(/^bytes: expected a Uint8Array, got /);
  }
  expect(all()).toEqual([]);
});

test('surplus arguments are refused', async () => {
  const surplus = ['utf8'] as unknown as [];
  await expect(readFile('x', ...surplus)).rejects.toThrow(
    new TypeError('readFile: expected at most 1 arguments, got 2'),
  );
  await expect(writeFileAtomic(join(folder, 'x'), bytes, ...surplus)).rejects.toThrow(TypeError);
  await expect(checkWritable(join(folder, 'x'), ...surplus)).rejects.toThrow(TypeError);
  expect(all()).toEqual([]);
});

test('a message has one line, and no password', async () => {
  await expect(readFile(join(folder, 'a\n\x1b[31m'))).rejects.toThrow(/a\\u000a\\u001b\[31m: expected/);
  for (const source of [
    'https://user:secret@example.org/w',
    new URL('https://user:secret@example.org/w?token=secret'),
    ' https://user:secret@example.org:99999/w',
  ]) {
    const error = await readFile(source).catch((error: Error) => error);
    expect(error).toBeInstanceOf(FileError);
    expect((error as Error).message).toMatch(/\*\*\*@example\.org/);
    expect((error as Error).message).not.toContain('secret');
  }
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
