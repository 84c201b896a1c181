// MT19937, the generator of CPython's `random` and of PyTorch on the CPU (Matsumoto and Nishimura, 1998).
//
// Behind a State stand its 624 words.

import { State } from './state';

const words: usize = 624;
const shift: usize = 397;

// @ts-ignore: decorator
@inline function word(state: State, i: usize): u32 {
  return load<u32>(changetype<usize>(state) + 4 * i, offsetof<State>());
}

// @ts-ignore: decorator
@inline function setWord(state: State, i: usize, value: u32): void {
  store<u32>(changetype<usize>(state) + 4 * i, value, offsetof<State>());
}

/**
 * Seeds with one word, as the reference's init_genrand: x[i] = 1812433253 (x[i-1] ^ x[i-1] >> 30) + i. Drops the kept normal.
 * @export
 */
export function initGenrand(state: State, seed: u32): void {
  setWord(state, 0, seed);
  for (let i: usize = 1; i < words; i++) {
    seed = 1812433253 * (seed ^ (seed >> 30)) + (i as u32);
    setWord(state, i, seed);
  }
  state.index = words as u32;
  dropNormal(state);
}

/** Seeds with `length` >= 1 words at `keys`, as the reference's init_by_array. Drops the kept normal. @export */
export function initByArray(state: State, keys: usize, length: usize): void {
  initGenrand(state, 19650218);
  let i: usize = 1;
  let j: usize = 0;
  for (let k = max(words, length); k > 0; k--) {
    mix(state, i, 1664525, load<u32>(keys + 4 * j) + (j as u32));
    i = after(state, i);
    if (++j == length) j = 0;
  }
  for (let k: usize = words - 1; k > 0; k--) {
    mix(state, i, 1566083941, 0 - (i as u32));
    i = after(state, i);
  }
  setWord(state, 0, 0x80000000);
}

/** x[i] = (x[i] ^ (x[i-1] ^ x[i-1] >> 30) factor) + term. */
// @ts-ignore: decorator
@inline function mix(state: State, i: usize, factor: u32, term: u32): void {
  const previous = word(state, i - 1);
  setWord(state, i, (word(state, i) ^ ((previous ^ (previous >> 30)) * factor)) + term);
}

/** The index after `i` while seeding; x[0] takes the last word's value when the walk begins again at 1. */
// @ts-ignore: decorator
@inline function after(state: State, i: usize): usize {
  if (i < words - 1) return i + 1;
  setWord(state, 0, word(state, words - 1));
  return 1;
}

/** The next 32-bit output. @export */
export function genrandUint32(state: State): u32 {
  let index: usize = state.index;
  if (index >= words) {
    regenerate(state);
    index = 0;
  }
  state.index = (index + 1) as u32;
  let y = word(state, index);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

/** x[i] = x[i + 397] ^ A (upper bit of x[i], lower bits of x[i + 1]), indices modulo 624. */
function regenerate(state: State): void {
  let i: usize = 0;
  for (; i < words - shift; i++) twist(state, i, i + 1, i + shift);
  for (; i < words - 1; i++) twist(state, i, i + 1, i + shift - words);
  twist(state, i, 0, shift - 1);
}

// @ts-ignore: decorator
@inline function twist(state: State, i: usize, next: usize, far: usize): void {
  const y = (word(state, i) & 0x80000000) | (word(state, next) & 0x7fffffff);
  setWord(state, i, word(state, far) ^ (y >> 1) ^ ((y & 1) * 0x9908b0df));
}

/** Keeps a normal number for the next draw. */
// @ts-ignore: decorator
@inline export function keepNormal(state: State, value: f64): void {
  state.kept = 1;
  state.normal = value;
}

/** The kept normal number, which is then dropped. */
// @ts-ignore: decorator
@inline export function takeNormal(state: State): f64 {
  const value = state.normal;
  dropNormal(state);
  return value;
}

// @ts-ignore: decorator
@inline function dropNormal(state: State): void {
  state.kept = 0;
  state.normal = 0;
}
