// Operations element by element, with broadcasting.

import { at, lanes, loadSplat, storeLanes } from '../simd';

// An operation is a class without state, so that it can be a type parameter.

// @ts-ignore: decorator
@unmanaged
export class Add {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
}

// @ts-ignore: decorator
@unmanaged
export class Sub {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
}

// @ts-ignore: decorator
@unmanaged
export class Mul {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
}

// @ts-ignore: decorator
@unmanaged
export class Div {
  // @ts-ignore: decorator
  @inline apply<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }
}

/**
 * out[r, c] = a[r * aRow + c * aCol] op b[r * bRow + c * bCol], strides in elements; out is contiguous, [rows, cols]. A stride
 * of 0 broadcasts. `out` may be `a` or `b` where that one is contiguous.
 */
export function binary<T, Op>(
  out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize,
): void {
  const op = changetype<Op>(0);
  for (let r: usize = 0; r < rows; r++) {
    const to = at<T>(out, r * cols);
    const x = at<T>(a, r * aRow);
    const y = at<T>(b, r * bRow);
    if (aCol == 1 && bCol == 1) {
      for (let c: usize = 0; c < cols; c += lanes<T>()) {
        storeLanes<T>(at<T>(to, c), op.apply<T>(v128.load(at<T>(x, c)), v128.load(at<T>(y, c))), cols - c);
      }
    } else if (aCol == 1 && bCol == 0) {
      const splat = loadSplat<T>(y);
      for (let c: usize = 0; c < cols; c += lanes<T>()) {
        storeLanes<T>(at<T>(to, c), op.apply<T>(v128.load(at<T>(x, c)), splat), cols - c);
      }
    } else if (aCol == 0 && bCol == 1) {
      const splat = loadSplat<T>(x);
      for (let c: usize = 0; c < cols; c += lanes<T>()) {
        storeLanes<T>(at<T>(to, c), op.apply<T>(splat, v128.load(at<T>(y, c))), cols - c);
      }
    } else {
      for (let c: usize = 0; c < cols; c++) {
        storeLanes<T>(at<T>(to, c), op.apply<T>(loadSplat<T>(at<T>(x, c * aCol)), loadSplat<T>(at<T>(y, c * bCol))), 1);
      }
    }
  }
}

/** out = a op b, n elements. */
export function same<T, Op>(out: usize, a: usize, b: usize, n: usize): void {
  binary<T, Op>(out, a, b, 1, n, 0, 1, 0, 1);
}

/** out = a op value, n elements. */
export function scalar<T, Op>(out: usize, a: usize, value: T, n: usize): void {
  const op = changetype<Op>(0);
  const splat = v128.splat<T>(value);
  for (let i: usize = 0; i < n; i += lanes<T>()) {
    storeLanes<T>(at<T>(out, i), op.apply<T>(v128.load(at<T>(a, i)), splat), n - i);
  }
}

/** out[r, c] = a[r, c] op row[c]. */
export function withRow<T, Op>(out: usize, a: usize, row: usize, rows: usize, cols: usize): void {
  binary<T, Op>(out, a, row, rows, cols, cols, 1, 0, 1);
}

/** out[r, c] = a[r, c] op column[r]. */
export function withColumn<T, Op>(out: usize, a: usize, column: usize, rows: usize, cols: usize): void {
  binary<T, Op>(out, a, column, rows, cols, cols, 1, 1, 0);
}

/** out[r, c] = a[r * aRow + c * aCol], strides in elements; out is contiguous, [rows, cols], and does not overlap a. */
export function copy<T>(out: usize, a: usize, rows: usize, cols: usize, aRow: usize, aCol: usize): void {
  for (let r: usize = 0; r < rows; r++) {
    const to = at<T>(out, r * cols);
    const from = at<T>(a, r * aRow);
    if (aCol == 1) memory.copy(to, from, cols * sizeof<T>());
    else for (let c: usize = 0; c < cols; c++) store<T>(at<T>(to, c), load<T>(at<T>(from, c * aCol)));
  }
}
