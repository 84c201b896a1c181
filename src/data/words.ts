// Word lists: one word a line, UTF-8.

import { integer, string } from '../base/check.js';
import { DatasetError, FileError } from '../base/errors.js';
import { options } from '../base/options.js';
import { escapeControls, show } from '../base/show.js';
import { sourceName } from '../base/sourceName.js';
import { refuseSurplus } from '../base/surplus.js';
import { typedArrayName } from '../base/typedArrays.js';
import { download } from './download.js';
import { checkPath, readFileUpTo } from './file.js';
import { hasLoneSurrogate } from './surrogates.js';

/** With fewer, one of the three parts of a split could be without words. */
const fewestWords = 10;
/** 64 MiB. */
const usualMaxBytes = 2 ** 26;
/** With more, there are engines that can't have them as a string. */
const largestMaxBytes = 2 ** 29 - 24;
const usualTimeout = 30_000;

/** What `loadWords` puts up with. */
export interface LoadWordsOptions {
  /** Bytes of text, counted after decompression. Default 64 MiB. */
  maxBytes?: number;
  /** Milliseconds that a server may be silent, before it answers and between bytes. Default 30,000. */
  timeout?: number;
}

/**
 * The words of a list at a path or at an http, https, data, blob or file URL. Throws DatasetError when it can't be read, for a
 * folder, a device, a FIFO or a socket, for a server that is silent for too long, for more bytes than allowed, for a content
 * type that is no text (HTML, JSON and images, say; text, CSV, `application/octet-stream` and none are fine), and as
 * `parseWords` does. No message has a URL's password or query.
 *
 * @example const words = await loadWords('names.txt');
 */
export async function loadWords(
  source: string | URL,
  settings?: LoadWordsOptions,
  ...surplus: never[]
): Promise<string[]> {
  refuseSurplus('loadWords', 2, surplus);
  const { maxBytes = usualMaxBytes, timeout = usualTimeout } = options('options', settings, ['maxBytes', 'timeout']);
  integer('maxBytes', maxBytes, 1, largestMaxBytes);
  integer('timeout', timeout, 1, 2 ** 31 - 1);
  const url = address(source);
  const name = sourceName(source);
  const bytes =
    url === undefined || url.protocol === 'file:'
      ? await read(url ?? (source as string), maxBytes)
      : await download(url, name, { maxBytes, timeout });
  return wordsOf(bytes, name, maxBytes);
}

/**
 * The words of `text`, split where Python's `splitlines()` splits. A byte order mark and blank lines at the end are dropped. Throws
 * DatasetError, beginning with `name`, for more than 64 MiB, for what is not UTF-8 or is binary, a blank line between words, a
 * word with the boundary "." or half a surrogate pair in it, and fewer than 10 words.
 *
 * @example const words = parseWords('emma\nolivia\nava\n'.repeat(4));
 */
export function parseWords(text: string | Uint8Array, name: string = 'words', ...surplus: never[]): string[] {
  refuseSurplus('parseWords', 2, surplus);
  if (typeof text !== 'string' && typedArrayName(text) !== 'Uint8Array') {
    throw new TypeError(`text: expected a string or a Uint8Array, got ${show(text)}`);
  }
  return wordsOf(text, escapeControls(string('name', name)), usualMaxBytes);
}

function wordsOf(text: string | Uint8Array, name: string, maxBytes: number): string[] {
  if (text.length > maxBytes) {
    const unit = typeof text === 'string' ? 'characters' : 'bytes';
    throw new DatasetError(`${name}: expected at most ${maxBytes} ${unit}, got ${text.length}`);
  }
  const empty = () => new DatasetError(`${name}: expected one word a line, got an empty file`);
  // Bytes that have been given away have a length of 0 too.
  if (text.length === 0) throw empty();
  const content = (typeof text === 'string' ? text : decode(text, name)).replace(/^\uFEFF/, '');
  if (content === '') throw empty();
  const nul = content.indexOf('\0');
  if (nul >= 0) throw binary(name, nul);
  const words = splitLines(content);
  while (words.at(-1) === '') words.pop();
  // Bytes in UTF-8 have no halves.
  const hasHalf = typeof text === 'string' && hasLoneSurrogate(content);
  words.forEach((word, index) => {
    const line = index + 1;
    if (word === '') throw new DatasetError(`${name}: expected a word on line ${line}, got a blank line`);
    if (word.includes('.')) {
      throw new DatasetError(`${name}: expected no ".", the boundary of words, got ${show(word)} on line ${line}`);
    }
    if (hasHalf && hasLoneSurrogate(word)) {
      throw new DatasetError(`${name}: expected whole characters, got half a pair in ${show(word)} on line ${line}`);
    }
  });
  if (words.length < fewestWords) {
    throw new DatasetError(`${name}: expected at least ${fewestWords} words, got ${words.length}`);
  }
  return words;
}

/** Python's `str.splitlines()`. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!endsLine(code)) continue;
    lines.push(text.slice(start, at));
    if (code === carriageReturn && text.charCodeAt(at + 1) === lineFeed) at++;
    start = at + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

function endsLine(code: number): boolean {
  if (code < 0x20) return (code >= lineFeed && code <= carriageReturn) || (code >= 0x1c && code <= 0x1e);
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

/** The URL that `source` is; undefined where it is a path. */
function address(source: string | URL): URL | undefined {
  if (source instanceof URL) return source;
  checkSource(source);
  if (!/^(https?|data|blob|file):/i.test(source)) return undefined;
  try {
    return new URL(source);
  } catch (cause) {
    throw new DatasetError(`source: expected a path or a URL, got ${show(sourceName(source))}`, { cause });
  }
}

function checkSource(source: string): void {
  try {
    checkPath('source', source, 'a path or a URL');
  } catch (error) {
    throw asDatasetError(error);
  }
}

async function read(path: string | URL, maxBytes: number): Promise<Uint8Array> {
  try {
    return await readFileUpTo(path, maxBytes);
  } catch (error) {
    throw asDatasetError(error);
  }
}

/** A FileError as a DatasetError; any other error as it is. */
function asDatasetError(error: unknown): unknown {
  return error instanceof FileError ? new DatasetError(error.message, { cause: error }) : error;
}

function decode(bytes: Uint8Array, name: string): string {
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw binary(name, nul);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
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
