// Word lists: one word a line, UTF-8.

import { show } from '../core/check.js';
import { DatasetError } from '../core/errors.js';
import { readFile } from './file.js';

/** With fewer, one of the three parts of a split could be without words. */
const fewestWords = 10;

/**
 * The words of a list at a path or at an http, https, data, blob or file URL. Throws DatasetError when it can't be read and as
 * `parseWords` does.
 *
 * @example const words = await loadWords('names.txt');
 */
export async function loadWords(source: string | URL): Promise<string[]> {
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new TypeError(`source: expected a path or a URL, got ${show(source)}`);
  }
  const url = typeof source !== 'string' || /^(https?|data|blob|file):/i.test(source) ? parseUrl(source) : undefined;
  if (url === undefined || url.protocol === 'file:') return parseWords(await read(url ?? source), String(source));
  const name = url.protocol === 'data:' ? 'data URL' : url.href;
  return parseWords(await fetchBytes(url, name), name);
}

/**
 * The words of `text`, split where Python's `splitlines()` splits. A byte order mark and blank lines at the end are dropped. Throws
 * DatasetError, beginning with `name`, for what is not UTF-8 or is binary, a blank line between words, a word with the
 * boundary "." in it, and fewer than 10 words.
 *
 * @example const words = parseWords('emma\nolivia\nava\n'.repeat(4));
 */
export function parseWords(text: string | Uint8Array, name: string = 'words'): string[] {
  const content = (typeof text === 'string' ? text : decode(text, name)).replace(/^\uFEFF/, '');
  if (content === '') throw new DatasetError(`${name}: expected one word a line, got an empty file`);
  const nul = content.indexOf('\0');
  if (nul >= 0) throw binary(name, nul);
  const words = splitLines(content);
  while (words.at(-1) === '') words.pop();
  words.forEach((word, index) => {
    const line = index + 1;
    if (word === '') throw new DatasetError(`${name}: expected a word on line ${line}, got a blank line`);
    if (word.includes('.')) {
      throw new DatasetError(`${name}: expected no ".", the boundary of words, got ${show(word)} on line ${line}`);
    }
  });
  if (words.length < fewestWords) {
    throw new DatasetError(`${name}: expected at least ${fewestWords} words, got ${words.length}`);
  }
  return words;
}

/** Python's `str.splitlines()`. */
export function splitLines(text: string): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends lines at these.
  const lines = text.split(/\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

async function read(path: string | URL): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DatasetError((cause as Error).message, { cause });
  }
}

function parseUrl(source: string | URL): URL {
  try {
    return new URL(source);
  } catch (cause) {
    throw new DatasetError(`source: expected a path or a URL, got ${show(source)}`, { cause });
  }
}

async function fetchBytes(url: URL, name: string): Promise<Uint8Array> {
  const expected = `${name}: expected a word list`;
  let response: Response;
  try {
    response = await fetch(url);
    if (response.status === 200) return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const { message, cause } = error as Error;
    throw new DatasetError(`${expected}, got "${cause instanceof Error ? cause.message : message}"`, { cause: error });
  }
  throw new DatasetError(`${expected}, got status ${response.status} ${response.statusText}`.trimEnd());
}

function decode(bytes: Uint8Array, name: string): string {
  if (!ArrayBuffer.isView(bytes)) throw new TypeError(`text: expected a string or bytes, got ${show(bytes)}`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw binary(name, nul);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DatasetError(`${name}: expected UTF-8, got an invalid byte at offset ${firstInvalidByte(bytes)}`, {
      cause,
    });
  }
}

function binary(name: string, offset: number): DatasetError {
  return new DatasetError(`${name}: expected text, got a binary file: a NUL at offset ${offset}`);
}

/** Where the first sequence begins that decodes to U+FFFD without being its encoding, EF BF BD. */
function firstInvalidByte(bytes: Uint8Array): number {
  let offset = 0;
  for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const code = character.codePointAt(0)!;
    if (code === 0xfffd && !(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd)) break;
    offset += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return offset;
}
