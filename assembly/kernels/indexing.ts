// Rows chosen by index, and the gradient of that choice. Indices are i32 and lie within their axis.

import { at, copyFew, get, lanes, set, storeLanes } from '../simd';

/** out[i] = a[indices[i]] for `count` rows of `width` elements. @export */
export function gather<T>(out: usize, a: usize, indices: usize, count: usize, width: usize): void {
  for (let i: usize = 0; i < count; i++) {
    copyFew<T>(at<T>(out, i * width), at<T>(a, (get<i32>(indices, i) as usize) * width), width);
  }
}

/** out[indices[i]] += a[i] for `count` rows of `width` elements, in the order of i. @export */
export function scatterAdd<T>(out: usize, indices: usize, a: usize, count: usize, width: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const to = at<T>(out, (get<i32>(indices, i) as usize) * width);
    const from = at<T>(a, i * width);
    for (let j: usize = 0; j < width; j += lanes<T>()) {
      storeLanes<T>(at<T>(to, j), v128.add<T>(v128.load(at<T>(to, j)), v128.load(at<T>(from, j))), width - j);
    }
  }
}

/** out[i, j] = 1 where j is indices[i], otherwise 0, for out of shape [count, classes]. @export */
export function oneHot<T>(out: usize, indices: usize, count: usize, classes: usize): void {
  memory.fill(out, 0, count * classes * sizeof<T>());
  for (let i: usize = 0; i < count; i++) set<T>(out, i * classes + (get<i32>(indices, i) as usize), 1 as T);
}
