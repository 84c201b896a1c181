// Floats and strings as Python's repr() writes them.

import { number } from './check.js';
import { type AsCallback, refuseSurplus } from './surplus.js';

/** `value` as Python prints a float, e.g. `pythonFloat(1e-9)` is `1e-09` and `pythonFloat(2)` is `2.0`. */
export function pythonFloat(value: number, ...surplus: AsCallback): string {
  refuseSurplus('pythonFloat', 1, surplus);
  number('value', value);
  return signed(value, (size) => {
    if (size === 0 || (size >= 1e-4 && size < 1e16)) return `${size}${Number.isInteger(size) ? '.0' : ''}`;
    return withExponent(size.toExponential());
  });
}

/** Python's `f'{value:.{digits}f}'`, for at most 100 digits. */
export function pythonFixed(value: number, digits: number): string {
  return signed(value, (size) => {
    if (size < 1e21) return halfToEven(size.toFixed(digits), size, digits);
    return `${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`;
  });
}

/** Python's `f'{value:.{digits}e}'`, for at most 100 digits. */
export function pythonExponential(value: number, digits: number): string {
  return signed(value, (size) => {
    const [mantissa, exponent] = size.toExponential(digits).split('e') as [string, string];
    return withExponent(`${halfToEven(mantissa, size, digits - Number(exponent))}e${exponent}`);
  });
}

/** `write(|value|)` with its sign; NaN and infinities as Python has them. */
function signed(value: number, write: (size: number) => string): string {
  if (Number.isNaN(value)) return 'nan';
  const size = Math.abs(value);
  return `${value < 0 || Object.is(value, -0) ? '-' : ''}${size === Infinity ? 'inf' : write(size)}`;
}

/** JavaScript's 1.5e-9 with Python's exponent of at least two digits, 1.5e-09. */
function withExponent(text: string): string {
  return text.replace(/\d+$/, (digits) => digits.padStart(2, '0'));
}

/**
 * `text`, which has `size` rounded to so many `decimals` (before the point, where negative): JavaScript rounds a number halfway
 * between two up, Python to the one whose last digit is even.
 */
function halfToEven(text: string, size: number, decimals: number): string {
  const step = Number(`1e${-decimals}`);
  // Exact: a power of two scales without rounding, and powers of ten up to 10^22 are float64; no multiple of half a larger one is.
  const isHalfway = decimals >= 0 ? (size * 2 ** (decimals + 1)) % 2 === 1 : step <= 1e22 && size % step === step / 2;
  return isHalfway ? text.replace(/[13579]$/, (digit) => `${Number(digit) - 1}`) : text;
}

/**
 * `text` as Python prints a string inside a list or dict, e.g. `pythonString("a'b")` is `"a'b"`. Which code points have no
 * character yet is up to the engine's Unicode version.
 */
export function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\'\p{C}\p{Z}]/gu, (character) => escaped(character, quote));
  return `${quote}${body}${quote}`;
}

function escaped(character: string, quote: string): string {
  if (character === ' ' || (character === "'" && quote === '"')) return character;
  if (character === '\\' || character === "'") return `\\${character}`;
  const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (named !== undefined) return named;
  const hex = character.codePointAt(0)!.toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
