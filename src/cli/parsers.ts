// How the texts of options are read: each parser returns a value, or throws an error that says what was expected.

import { InvalidArgumentError } from 'commander';
import { show } from '../base/show.js';
import { FormatError } from '../index.js';
import { messageOf } from './streams.js';

/** An integer of at least `minimum`, and at most `maximum`, written in decimal digits. */
export function integerFrom(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || value < minimum || value > maximum) {
      const isBounded = maximum < Number.MAX_SAFE_INTEGER || value > maximum;
      const range = isBounded ? `from ${minimum} to ${maximum}` : `of at least ${minimum}`;
      throw new InvalidArgumentError(`Expected an integer ${range}, got ${show(text)}.`);
    }
    return value;
  };
}

/** Whether a flag is set. On the command line it comes without a text; the metadata of a checkpoint have one. */
export const isSet = (text?: string): boolean => text !== 'false';

/** Digits that a seed may have: reading more of them would take a noticeable time. */
const mostDigits = 10_000;

/** An integer of up to 10,000 digits. */
export function seed(text: string): bigint {
  if (text.length > mostDigits) {
    throw new InvalidArgumentError(`Expected an integer of at most ${mostDigits} digits, got ${show(text)}.`);
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw new InvalidArgumentError(`Expected an integer, got ${show(text)}.`);
  }
  return BigInt(text.replace(/^\+/, ''));
}

/** A seed that PyTorch takes: 64 bits, signed or unsigned. */
export function torchSeed(text: string): bigint {
  const value = seed(text);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new InvalidArgumentError(`Expected an integer from -2^63 to 2^64 - 1, got ${text}.`);
  }
  return value;
}

/** A finite number of at least 0, written in decimal digits, and perhaps with an exponent. */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (!/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`Expected a finite number of at least 0, got ${show(text)}.`);
  }
  return value;
}

/**
 * What `parse` makes of a text of a file's metadata. Throws FormatError, beginning with `file`, unless the text is exactly what
 * `String` makes of that value.
 */
export function readMetadata<Value>(name: string, text: string, parse: (text: string) => Value, file: string): Value {
  try {
    const value = parse(text);
    if (String(value) === text) return value;
  } catch (cause) {
    throw new FormatError(`${file}: ${name}: ${messageOf(cause)}`, { cause });
  }
  throw new FormatError(`${file}: ${name}: expected a value as handgrad writes it, got ${show(text)}`);
}
