// What PyTorch and CPython drew (test/golden/random_draws.py), and the comparison with it.

import type { NdArray } from '../../src/base/ndarray.js';
import type { Generator } from '../../src/random/generator.js';
import { toHexadecimal } from '../support/bytes.js';
import { fixture } from '../support/fixture.js';

/** A call and the bit patterns of its result in hexadecimal. */
export interface Draw {
  readonly call: 'rand' | 'randn' | 'randint' | 'randperm';
  readonly arguments: readonly unknown[];
  readonly bits: string;
}

export interface TorchCase {
  readonly name: string;
  readonly seed: string;
  readonly initialSeed: string;
  readonly draws: readonly Draw[];
  /** SHA-256 of the generator's state after the draws. */
  readonly state: string;
}

export interface PythonCase {
  /** In hexadecimal. */
  readonly seed: string;
  readonly random: readonly string[];
  readonly getrandbits: readonly (readonly [number, number])[];
  readonly randbelow: readonly (readonly [number, number])[];
  readonly shuffles: readonly { readonly length: number; readonly sha256: string }[];
  readonly state: string;
}

export const { torchCases, pythonCases, names } = await fixture<{
  torchCases: TorchCase[];
  pythonCases: PythonCase[];
  names: { first: string[]; sha256: string }[];
}>('random.json');

/** Makes the call that `draw` records. */
export function repeat(generator: Generator, draw: Draw): NdArray {
  const [first, second, third] = draw.arguments;
  switch (draw.call) {
    case 'rand':
    case 'randn':
      return generator[draw.call](first as number[], { dtype: second as 'float32' | 'float64' });
    case 'randint':
      return generator.randint(first as number, second as number, third as number[]);
    case 'randperm':
      return generator.randperm(first as number);
  }
}

/** Bit patterns as hexadecimal digits, most significant first. */
export function hexadecimal(data: ArrayBufferView): string {
  const width = data instanceof Float64Array ? 8 : 4;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += width) {
    text += toHexadecimal(bytes.slice(i, i + width).reverse());
  }
  return text;
}

/** Distance of every float64 of `data` from the expected bit pattern in units of the last place. */
export function ulps(data: Float64Array, bits: string): number[] {
  const order = (pattern: bigint) => (pattern < 0n ? -(pattern & (2n ** 63n - 1n)) : pattern);
  const got = new BigInt64Array(data.buffer, data.byteOffset, data.length);
  return Array.from(got, (pattern, i) => {
    const expected = BigInt.asIntN(64, BigInt(`0x${bits.slice(16 * i, 16 * i + 16)}`));
    return Math.abs(Number(order(pattern) - order(expected)));
  });
}
