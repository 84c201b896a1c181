// Standard normal numbers by Box and Muller's transform: √(-2 log u1) cos 2πu2 and √(-2 log u1) sin 2πu2.

import { at, get, set } from '../simd';
import { uniform } from './draws';
import { cosSin, log } from './math';
import { keepNormal, takeNormal } from './mt19937';
import { State } from './state';

/** Places that are transformed together. */
const block: usize = 16;

/** Both normal numbers of u1 in (0, 1] and u2 in [0, 1), the cosine's in lane 0; every stage is rounded to T. */
// @ts-ignore: decorator
@inline function boxMuller<T>(u1: T, u2: T): v128 {
  const radius = sqrt<T>((-2 as T) * log<T>(u1));
  const angle = cosSin<T>((6.283185307179586 as T) * u2);
  // A radius of -0, from u1 = 1, gives +0 as in PyTorch.
  return v128.add<T>(v128.mul<T>(v128.splat<T>(radius), angle), v128.splat<T>(0 as T));
}

/** out[i] = a standard normal number, n elements. PyTorch draws fewer than 16 in another way than 16 and more. @export */
export function randn<T>(out: usize, state: State, n: usize): void {
  if (n < block) return randnPairs<T>(out, state, n);
  for (let i: usize = 0; i < n; i++) set<T>(out, i, uniform<T>(state));
  for (let i: usize = 0; i + block <= n; i += block) transform<T>(at<T>(out, i));
  if (n % block == 0) return;
  const last = at<T>(out, n - block);
  for (let i: usize = 0; i < block; i++) set<T>(last, i, uniform<T>(state));
  transform<T>(last);
}

/** Turns 16 uniform numbers into normal ones: places j and j + 8 belong together. */
function transform<T>(x: usize): void {
  for (let j: usize = 0; j < block / 2; j++) {
    const pair = boxMuller<T>(((1 as T) - get<T>(x, j)) as T, get<T>(x, j + block / 2));
    set<T>(x, j, v128.extract_lane<T>(pair, 0));
    set<T>(x, j + block / 2, v128.extract_lane<T>(pair, 1));
  }
}

/** Pair by pair in f64, the angle drawn first; the state keeps the sine's number for the next element or the next call. */
function randnPairs<T>(out: usize, state: State, n: usize): void {
  for (let i: usize = 0; i < n; i++) {
    if (state.kept) set<T>(out, i, takeNormal(state) as T);
    else {
      const u2 = uniform<f64>(state);
      const pair = boxMuller<f64>(1 - uniform<f64>(state), u2);
      keepNormal(state, f64x2.extract_lane(pair, 1));
      set<T>(out, i, f64x2.extract_lane(pair, 0) as T);
    }
  }
}
