// A stand-in for makemore's names.txt: other words of the same lengths in the same order, so of the same datasets' shapes.

import { fixtureText } from './fixture.js';

/** The lengths of the 32,033 words. */
export async function makemoreLengths(): Promise<number[]> {
  const digits = await fixtureText('makemore-lengths.txt');
  return Array.from(digits.trimEnd(), (digit) => Number.parseInt(digit, 16));
}

/** 32,033 words of those lengths over a to z. */
export async function syntheticMakemore(): Promise<string[]> {
  return (await makemoreLengths()).map((length, index) =>
    Array.from({ length }, (_, place) => String.fromCharCode(97 + ((7 * index + 3 * place) % 26))).join(''),
  );
}
