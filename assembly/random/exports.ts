// The generator and its draws; those of floating-point numbers in their two instances.

import { rand } from './draws';
import { randn } from './randn';

export { randint, randperm } from './draws';
export { genrandUint32, initByArray, initGenrand } from './mt19937';

export function rand_f32(out: usize, state: usize, n: usize): void {
  rand<f32>(out, state, n);
}
export function rand_f64(out: usize, state: usize, n: usize): void {
  rand<f64>(out, state, n);
}
export function randn_f32(out: usize, state: usize, n: usize): void {
  randn<f32>(out, state, n);
}
export function randn_f64(out: usize, state: usize, n: usize): void {
  randn<f64>(out, state, n);
}
