// MT19937, the generator of CPython's `random` and of PyTorch on the CPU (Matsumoto and Nishimura, 1998).
//
// A state is a block of 2512 bytes, aligned to 8:
//      0   u32 x[624]
//   2496   u32 index of the next word; 624 when all are used
//   2500   u32 1 if a normal number is kept, else 0
//   2504   f64 that number

const words: usize = 624;
const shift: usize = 397;
const indexOffset: usize = 2496;
const keptOffset: usize = 2500;
const normalOffset: usize = 2504;

/** Seeds with one word, as the reference's init_genrand: x[i] = 1812433253 (x[i-1] ^ x[i-1] >> 30) + i. Drops the kept normal. */
export function initGenrand(state: usize, seed: u32): void {
  store<u32>(state, seed);
  for (let i: usize = 1; i < words; i++) {
    seed = 1812433253 * (seed ^ (seed >> 30)) + (i as u32);
    store<u32>(state + 4 * i, seed);
  }
  store<u32>(state, words as u32, indexOffset);
  dropNormal(state);
}

/** Seeds with `length` >= 1 words at `keys`, as the reference's init_by_array. Drops the kept normal. */
export function initByArray(state: usize, keys: usize, length: usize): void {
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
  store<u32>(state, 0x80000000);
}

/** x[i] = (x[i] ^ (x[i-1] ^ x[i-1] >> 30) factor) + term. */
// @ts-ignore: decorator
@inline
function mix(state: usize, i: usize, factor: u32, term: u32): void {
  const address = state + 4 * i;
  const previous = load<u32>(address - 4);
  store<u32>(address, (load<u32>(address) ^ ((previous ^ (previous >> 30)) * factor)) + term);
}

/** The index after `i` while seeding; x[0] takes the last word's value when the walk begins again at 1. */
// @ts-ignore: decorator
@inline
function after(state: usize, i: usize): usize {
  if (i < words - 1) return i + 1;
  store<u32>(state, load<u32>(state + 4 * (words - 1)));
  return 1;
}

/** The next 32-bit output. */
export function genrandUint32(state: usize): u32 {
  let index: usize = load<u32>(state, indexOffset);
  if (index >= words) {
    regenerate(state);
    index = 0;
  }
  store<u32>(state, (index + 1) as u32, indexOffset);
  let y = load<u32>(state + 4 * index);
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

/** x[i] = x[i + 397] ^ A (upper bit of x[i], lower bits of x[i + 1]), indices modulo 624. */
function regenerate(state: usize): void {
  let i: usize = 0;
  for (; i < words - shift; i++) twist(state, i, i + 1, i + shift);
  for (; i < words - 1; i++) twist(state, i, i + 1, i + shift - words);
  twist(state, i, 0, shift - 1);
}

// @ts-ignore: decorator
@inline
function twist(state: usize, i: usize, next: usize, far: usize): void {
  const y = (load<u32>(state + 4 * i) & 0x80000000) | (load<u32>(state + 4 * next) & 0x7fffffff);
  store<u32>(state + 4 * i, load<u32>(state + 4 * far) ^ (y >> 1) ^ ((y & 1) * 0x9908b0df));
}

// @ts-ignore: decorator
@inline
export function hasNormal(state: usize): bool {
  return load<u32>(state, keptOffset) != 0;
}

/** Keeps a normal number for the next draw. */
// @ts-ignore: decorator
@inline
export function keepNormal(state: usize, value: f64): void {
  store<u32>(state, 1, keptOffset);
  store<f64>(state, value, normalOffset);
}

/** The kept normal number, which is then dropped. */
// @ts-ignore: decorator
@inline
export function takeNormal(state: usize): f64 {
  const value = load<f64>(state, normalOffset);
  dropNormal(state);
  return value;
}

// @ts-ignore: decorator
@inline
function dropNormal(state: usize): void {
  store<u32>(state, 0, keptOffset);
  store<f64>(state, 0, normalOffset);
}
