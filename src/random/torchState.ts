// The bytes of `torch.Generator().get_state()` on the CPU, little-endian:
//
//      0  u64 initial seed          5016  f64 unused            5048  f32 kept normal of single precision, never used here
//      8  i32 words left, plus one  5024  f64 kept normal       5052  u8  1 if there is one
//     12  i32 1: seeded             5032  f64 unused
//     16  u64 index of next word    5040  i32 1 if there is one
//     24  u64 words[624]

import { FormatError } from '../base/errors.js';
import { bytes as checkedBytes } from '../base/typedArrays.js';
import { stateWords } from './mt19937.js';

const stateBytes = 5056;

export interface TorchState {
  readonly seed: bigint;
  /** The 624 words and the index of the next one, 624 when a new 624 are due. */
  readonly words: Uint32Array;
  /** The normal number kept for the next draw. */
  readonly normal: number | undefined;
}

/** Words left before new ones are due, plus one, for the index of the next word; PyTorch writes index 0 after seeding. */
function left(index: number): number {
  return index === 0 ? 1 : stateWords + 1 - index;
}

export function encodeState({ seed, words, normal }: TorchState): Uint8Array {
  const view = new DataView(new ArrayBuffer(stateBytes));
  const index = words[stateWords]! % stateWords;
  view.setBigUint64(0, seed, true);
  view.setInt32(8, left(index), true);
  view.setInt32(12, 1, true);
  view.setUint32(16, index, true);
  for (let i = 0; i < stateWords; i++) view.setUint32(24 + 8 * i, words[i]!, true);
  view.setFloat64(5024, normal ?? 0, true);
  view.setInt32(5040, normal === undefined ? 0 : 1, true);
  return new Uint8Array(view.buffer);
}

/** Throws TypeError for what is no Uint8Array, FormatError for bytes that are no state of a seeded generator. */
export function decodeState(state: Uint8Array): TorchState {
  const bytes = checkedBytes('bytes', state);
  if (bytes.length !== stateBytes) throw new FormatError(`bytes: expected ${stateBytes} bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, stateBytes);
  const uint64 = (what: string, offset: number, maximum: number): number => {
    const value = view.getBigUint64(offset, true);
    if (value > maximum) throw new FormatError(`bytes: expected ${what} of at most ${maximum}, got ${value}`);
    return Number(value);
  };
  const int32 = (what: string, offset: number, choices: number[]): number => {
    const value = view.getInt32(offset, true);
    if (!choices.includes(value)) {
      throw new FormatError(`bytes: expected ${what} of ${choices.join(' or ')}, got ${value}`);
    }
    return value;
  };
  const index = uint64('an index', 16, stateWords);
  int32('a count of words left', 8, [left(index)]);
  int32('a mark of seeding', 12, [1]);
  const words = new Uint32Array(stateWords + 1);
  for (let i = 0; i < stateWords; i++) words[i] = uint64('a word', 24 + 8 * i, 0xffffffff);
  words[stateWords] = index || stateWords;
  const kept = int32('a mark of a kept normal', 5040, [0, 1]) === 1;
  const normal = view.getFloat64(5024, true);
  if (kept && !Number.isFinite(normal)) throw new FormatError(`bytes: expected a finite kept normal, got ${normal}`);
  const single = view.getUint8(5052);
  if (single !== 0) throw new FormatError(`bytes: expected no kept normal of single precision, got mark ${single}`);
  return { seed: view.getBigUint64(0, true), words, normal: kept ? normal : undefined };
}
