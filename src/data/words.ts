// Word lists: one word a line, UTF-8.

import { integer, string } from '../base/check.js';
import { DatasetError } from '../base/errors.js';
import { options } from '../base/options.js';
import { escapeControls, show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import { typedArrayName } from '../base/typedArrays.js';
import { hasLoneSurrogate } from './surrogates.js';
import { checkWord } from './vocabulary.js';

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
 * The words of a list at a path or at an http, https, data, blob or file URL; on a page, a path leads on from the page's address,
 * as in a link. Throws DatasetError when it can't be read, for a folder, a device, a FIFO or a socket, for a server that is silent
 * for too long, for more bytes than allowed, for a content type that is no text (HTML, JSON and images, say; text, CSV,
 * `application/octet-stream` and none are fine), and as `parseWords` does. No message has a URL's password or query.
 *
 * @example const words = await loadWords(import.meta.resolve('handgrad/names.txt'));
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
  const { wordSource } = await import('./wordSource.js');
  const { bytes, name } = await wordSource(source, { maxBytes, timeout });
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
  // Bytes that have been given away have a length of 0 too.
  const given = text.length === 0 ? '' : text;
  const nul = typeof given === 'string' ? given.indexOf('\0') : given.indexOf(0);
  if (nul >= 0) throw new DatasetError(`${name}: expected text, got a binary file: a NUL at offset ${nul}`);
  const content = (typeof given === 'string' ? given : decode(given, name)).replace(/^\uFEFF/, '');
  if (content === '') throw new DatasetError(`${name}: expected one word a line, got an empty file`);
  const words = splitLines(content);
  while (words.at(-1) === '') words.pop();
  // One look at the whole text is faster than one at each word. Bytes never decode to half a surrogate pair.
  const hasBadWord = content.includes('.') || (typeof given === 'string' && hasLoneSurrogate(given));
  words.forEach((word, index) => {
    if (word === '') throw new DatasetError(`${name}: expected a word on line ${index + 1}, got a blank line`);
    if (hasBadWord) checkWord(name, word, index + 1);
  });
  if (words.length < fewestWords) {
    throw new DatasetError(`${name}: expected at least ${fewestWords} words, got ${words.length}`);
  }
  return words;
}

/** Python's `str.splitlines()`; a loop, for it takes half the time of a split by an expression. */
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

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const offset = firstInvalidByte(bytes);
    throw new DatasetError(`${name}: expected UTF-8, got an invalid byte at offset ${offset}`, { cause });
  }
}

/** Where the first sequence begins that is no character's: there the bytes are not those of what they decode to. */
function firstInvalidByte(bytes: Uint8Array): number {
  const mended = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  let at = mended.findIndex((byte, index) => byte !== bytes[index]);
  while ((mended[at]! & 0xc0) === 0x80) at--;
  return at;
}
