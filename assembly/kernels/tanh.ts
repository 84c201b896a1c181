// The backward pass of tanh; the forward pass is an elementwise map.

import { at, lanes, storeLanes } from '../simd';

/** da = (1 - out²) dout for out = tanh(a), n elements. `da` may be `out` or `dout`. */
export function tanhBackward<T>(da: usize, out: usize, dout: usize, n: usize): void {
  const one = v128.splat<T>(1 as T);
  for (let i: usize = 0; i < n; i += lanes<T>()) {
    const y = v128.load(at<T>(out, i));
    storeLanes<T>(at<T>(da, i), v128.mul<T>(v128.sub<T>(one, v128.mul<T>(y, y)), v128.load(at<T>(dout, i))), n - i);
  }
}
