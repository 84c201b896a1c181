// Floats and strings as Python's repr() writes them.

import { number } from './check.js';
import { type AsCallback, refuseSurplus } from './surplus.js';

/** `value` as Python prints a float, e.g. `pythonFloat(1e-9)` is `1e-09` and `pythonFloat(2)` is `2.0`. */
export function pythonFloat(value: number, ...surplus: AsCallback): string {
  refuseSurplus('pythonFloat', 1, surplus);
  number('value', value);
  if (Number.isNaN(value)) return 'nan';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return `${sign}${size}${Number.isInteger(size) ? '.0' : ''}`;
  const [mantissa, exponent] = size.toExponential().split('e') as [string, string];
  return `${sign}${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
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
