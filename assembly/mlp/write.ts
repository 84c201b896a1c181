// What becomes of the parameters' gradients: a rule, as a class without state, so that it can be a type parameter.
//
//   target(parameter)   the array that the rule writes
//   apply<T>(parameter, to, gradient, rate, count)
//                       what it makes of one vector of the gradient; `write` stores the first `count` lanes of that at `to`
//   intermediates()     whether the fused pass also writes the gradients of logits and hprebn
//
// `parameter` is the address of the parameter's field in a frame. The address of its gradient is `offsetof<Parameters>()` bytes
// further on, and behind that is the address of an array that a rule may keep, as momentum does: `kept_W1` of a frame. What belongs
// to `to` is as far from the beginning of such an array as `to` is from the target's.

import { storeLanes } from '../simd';
import { Frame, Parameters } from './frame';

/** The gradient itself, in its own array. */
@unmanaged export class Store {
  @inline target(parameter: usize): usize { return load<usize>(parameter, offsetof<Parameters>()); }
  @inline apply<T>(parameter: usize, to: usize, gradient: v128, rate: v128, count: usize): v128 { return gradient; }
  @inline intermediates(): bool { return true; }
}

/**
 * Applies a rule to the gradient of the parameter whose field is `field` bytes into Parameters: to `rows` rows of `columns`
 * elements, gRow bytes apart at g, that belong `offset` bytes into the parameter's array, toRow bytes apart.
 */
export function write<T, Rule>(
  f: Frame, field: usize, offset: usize, toRow: usize, g: usize, gRow: usize, rows: usize, columns: usize,
): void {
  const rule = changetype<Rule>(0);
  const parameter = changetype<usize>(f) + offsetof<Frame>('C') + field;
  const rate = v128.splat<T>(f.rate as T);
  const bytes = columns * sizeof<T>();
  let to = rule.target(parameter) + offset;
  for (; rows; rows--) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      v128.store(to + j, rule.apply<T>(parameter, to + j, v128.load(g + j), rate, 16 / sizeof<T>()));
    }
    if (j < bytes) {
      const count = (bytes - j) / sizeof<T>();
      storeLanes<T>(to + j, rule.apply<T>(parameter, to + j, v128.load(g + j), rate, count), count);
    }
    to += toRow;
    g += gRow;
  }
}
