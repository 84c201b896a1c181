// Numbers drawn from an MT19937 state, in PyTorch's order and with its bits.

import { get, set } from '../simd';
import { genrandUint32 } from './mt19937';
import { State } from './state';

/** Uniform on [0, 1): the low 24 bits of one output * 2^-24; for f64 the low 53 bits of two, the upper word first, * 2^-53. */
// @ts-ignore: decorator
@inline export function uniform<T>(state: State): T {
  if (sizeof<T>() == 4) return ((genrandUint32(state) & 0xffffff) as f32 * (1.0 / 16777216.0)) as T;
  const upper = (genrandUint32(state) as u64) << 32;
  return (((upper | (genrandUint32(state) as u64)) & 0x1fffffffffffff) as f64 * (1.0 / 9007199254740992.0)) as T;
}

/** out[i] = uniform on [0, 1), n elements. @export */
export function rand<T>(out: usize, state: State, n: usize): void {
  for (let i: usize = 0; i < n; i++) set<T>(out, i, uniform<T>(state));
}

/** out[i] = low + output modulo range, n elements of i32; range >= 1, low + range - 1 < 2^31. @export */
export function randint(out: usize, state: State, n: usize, low: i32, range: u32): void {
  for (let i: usize = 0; i < n; i++) set<i32>(out, i, low + ((genrandUint32(state) % range) as i32));
}

/** out = a permutation of 0 … n-1, i32: place i is swapped with i + output modulo (n - i), for i from 0 to n-2. @export */
export function randperm(out: usize, state: State, n: usize): void {
  for (let i: usize = 0; i < n; i++) set<i32>(out, i, i as i32);
  for (let i: usize = 0; i + 1 < n; i++) {
    const j = i + ((genrandUint32(state) as usize) % (n - i));
    const value = get<i32>(out, i);
    set<i32>(out, i, get<i32>(out, j));
    set<i32>(out, j, value);
  }
}
