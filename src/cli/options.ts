// What the options accept. Each parser returns a value or throws a message that says what was expected.

import { InvalidArgumentError, Option } from 'commander';

/** An integer of at least `minimum`, written in decimal digits. */
export function integerFrom(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value) || value < minimum) {
      throw new InvalidArgumentError(`Expected an integer of at least ${minimum}, got ${JSON.stringify(text)}.`);
    }
    return value;
  };
}

/** An integer of any size. */
export function seed(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new InvalidArgumentError(`Expected an integer, got ${JSON.stringify(text)}.`);
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

/** The option of a seed. Its default is described in words, for a bigint has no JSON. */
export function seedOption(
  flags: string,
  description: string,
  parse: (text: string) => bigint,
  preset: bigint,
): Option {
  return new Option(flags, description).argParser(parse).default(preset, String(preset));
}

/** A finite number of at least 0. */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError(`Expected a finite number of at least 0, got ${JSON.stringify(text)}.`);
  }
  return value;
}
