// Where finished gradients go, as a class without state, so that it can be a type parameter.

import { storeLanes } from '../../simd';
import { Frame, Parameters } from '../frame';

/** To the gradients' own arrays. */
// @ts-ignore: decorator
@unmanaged
export class Store {
  // @ts-ignore: decorator
  @inline target(f: Frame): Parameters { return Parameters.gradientsOf(f); }
  // @ts-ignore: decorator
  @inline keepsGradients(): bool { return true; }
  /** The first `count` lanes of g, at `address`. */
  // @ts-ignore: decorator
  @inline put<T>(address: usize, g: v128, rate: T, count: usize): void { storeLanes<T>(address, g, count); }
}

/** Off the parameters at once, times the rate. */
// @ts-ignore: decorator
@unmanaged
export class Descend {
  // @ts-ignore: decorator
  @inline target(f: Frame): Parameters { return Parameters.of(f); }
  // @ts-ignore: decorator
  @inline keepsGradients(): bool { return false; }
  // @ts-ignore: decorator
  @inline put<T>(address: usize, g: v128, rate: T, count: usize): void {
    storeLanes<T>(address, v128.sub<T>(v128.load(address), v128.mul<T>(v128.splat<T>(rate), g)), count);
  }
}

/** Puts the first `columns` of each of `rows` rows of `from` to the rows `toRow` bytes apart at `to`. */
export function putRows<T, Write>(
  to: usize, toRow: usize, from: usize, fromRow: usize, rows: usize, columns: usize, rate: T,
): void {
  const write = changetype<Write>(0);
  const bytes = columns * sizeof<T>();
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < bytes; j += 16) {
      write.put<T>(to + j, v128.load(from + j), rate, (bytes - j) / sizeof<T>());
    }
    to += toRow;
    from += fromRow;
  }
}
