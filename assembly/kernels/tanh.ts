// The backward pass of tanh; the forward pass is an elementwise map.

import { at, storeLanes } from '../simd';

/** da = (1 - out²) dout for out = tanh(a), n elements. `da` may be `out` or `dout`. */
export function tanhBackward<T>(da: usize, out: usize, dout: usize, n: usize): void {
  const end = at<T>(da, n);
  for (; da + 16 <= end; da += 16, out += 16, dout += 16) v128.store(da, gradient<T>(v128.load(out), v128.load(dout)));
  if (da < end) storeLanes<T>(da, gradient<T>(v128.load(out), v128.load(dout)), (end - da) / sizeof<T>());
}

// @ts-ignore: decorator
@inline
function gradient<T>(y: v128, dy: v128): v128 {
  return v128.mul<T>(v128.sub<T>(v128.splat<T>(1 as T), v128.mul<T>(y, y)), dy);
}
