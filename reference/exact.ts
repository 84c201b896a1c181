// exp, log, tanh and pow to 150 bits or more, in binary fixed point.

import { exponentOf } from './ulp.js';

/** mantissa / 2^scale */
export interface Real {
  mantissa: bigint;
  scale: number;
}

const abs = (x: bigint) => (x < 0n ? -x : x);
const shift = (x: bigint, bits: number) => (bits >= 0 ? x << BigInt(bits) : x >> BigInt(-bits));
const bitLength = (x: bigint) => x.toString(2).length;

/** x 2^scale, rounded down where it is no integer. */
function fixed(x: number, scale: number): bigint {
  const exponent = exponentOf(x) - 52;
  return shift(BigInt(x / 2 ** exponent), scale + exponent);
}

/** 2 atanh(s). */
function twiceAtanh(s: bigint, scale: number): bigint {
  const square = (s * s) >> BigInt(scale);
  let sum = 0n;
  for (let term = s, n = 1n; term !== 0n && term !== -1n; n += 2n) {
    sum += term / n;
    term = (term * square) >> BigInt(scale);
  }
  return 2n * sum;
}

const logsOf2 = new Map<number, bigint>();
function logOf2(scale: number): bigint {
  const value = logsOf2.get(scale) ?? twiceAtanh((1n << BigInt(scale)) / 3n, scale);
  logsOf2.set(scale, value);
  return value;
}

function expFixed(x: bigint, scale: number): Real {
  const k = Number(x / logOf2(scale));
  const r = (x - BigInt(k) * logOf2(scale)) >> 8n;
  let sum = 0n;
  for (let term = 1n << BigInt(scale), n = 1n; term !== 0n && term !== -1n; n++) {
    sum += term;
    term = ((term * r) >> BigInt(scale)) / n;
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> BigInt(scale);
  return { mantissa: sum, scale: scale - k };
}

function logFixed(x: number, scale: number): bigint {
  let k = bitLength(fixed(x, 1074)) - 1 - 1074;
  let m = fixed(x, scale - k);
  const one = 1n << BigInt(scale);
  if (2n * m > 3n * one) {
    m >>= 1n;
    k++;
  }
  return twiceAtanh(((m - one) << BigInt(scale)) / (m + one), scale) + BigInt(k) * logOf2(scale);
}

export function exp(x: number): Real {
  return expFixed(fixed(x, 220), 220);
}

/** x > 0 */
export function log(x: number): Real {
  return { mantissa: logFixed(x, 220), scale: 220 };
}

/** |x| < 50 */
export function tanh(x: number): Real {
  const scale = 220 - exponentOf(x);
  const e = expFixed(fixed(2 * x, scale), scale);
  const power = shift(e.mantissa, scale - e.scale);
  const one = 1n << BigInt(scale);
  return { mantissa: ((power - one) << BigInt(scale)) / (power + one), scale };
}

/** x > 0 */
export function pow(x: number, y: number): Real {
  const scale = 300;
  return expFixed((logFixed(x, scale) * fixed(y, scale)) >> BigInt(scale), scale);
}

/** |got - exact| / ulp(exact) for a finite number of 24 (float32) or 53 (float64) bits. */
export function ulpError(got: number, exact: Real, bits: 24 | 53): number {
  const smallest = bits === 24 ? -126 : -1022;
  const exponent = Math.max(bitLength(abs(exact.mantissa)) - 1 - exact.scale, smallest);
  // Both in units of 2^-30 ULP.
  const scale = 30 + bits - 1 - exponent;
  return Number(abs(fixed(got, scale) - shift(exact.mantissa, scale - exact.scale))) / 2 ** 30;
}
