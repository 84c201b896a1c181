// out = a op b, element by element.

import { at, get, lanes, loadSplat, set } from '../simd';

// An operation is a class without state, so that it can be a type parameter: `vector` on lanes, `scalar` on the tail.

// @ts-ignore: decorator
@unmanaged
export class Add {
  // @ts-ignore: decorator
  @inline vector<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); }
  // @ts-ignore: decorator
  @inline scalar<T>(a: T, b: T): T { return (a + b) as T; }
}

// @ts-ignore: decorator
@unmanaged
export class Sub {
  // @ts-ignore: decorator
  @inline vector<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); }
  // @ts-ignore: decorator
  @inline scalar<T>(a: T, b: T): T { return (a - b) as T; }
}

// @ts-ignore: decorator
@unmanaged
export class Mul {
  // @ts-ignore: decorator
  @inline vector<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); }
  // @ts-ignore: decorator
  @inline scalar<T>(a: T, b: T): T { return (a * b) as T; }
}

// @ts-ignore: decorator
@unmanaged
export class Div {
  // @ts-ignore: decorator
  @inline vector<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); }
  // @ts-ignore: decorator
  @inline scalar<T>(a: T, b: T): T { return (a / b) as T; }
}

/**
 * out[r, c] = a[r * aRow + c * aCol] op b[r * bRow + c * bCol], strides in elements; out is contiguous, [rows, cols]. A stride
 * of 0 broadcasts. `out` may be `a` or `b` where that one is contiguous.
 */
export function binary<T, Op>(out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize): void {
  const op = changetype<Op>(0);
  const vectors: usize = aCol <= 1 && bCol <= 1 ? cols - (cols % lanes<T>()) : 0;
  for (let r: usize = 0; r < rows; r++) {
    const outRow = at<T>(out, r * cols);
    const x = at<T>(a, r * aRow);
    const y = at<T>(b, r * bRow);
    let c: usize = 0;
    if (aCol == 0) {
      if (vectors) {
        const splat = loadSplat<T>(x);
        for (; c < vectors; c += lanes<T>()) v128.store(at<T>(outRow, c), op.vector<T>(splat, vectorAt<T>(y, c, bCol)));
      }
    } else if (bCol == 0) {
      if (vectors) {
        const splat = loadSplat<T>(y);
        for (; c < vectors; c += lanes<T>()) v128.store(at<T>(outRow, c), op.vector<T>(v128.load(at<T>(x, c)), splat));
      }
    } else {
      for (; c < vectors; c += lanes<T>()) v128.store(at<T>(outRow, c), op.vector<T>(v128.load(at<T>(x, c)), v128.load(at<T>(y, c))));
    }
    for (; c < cols; c++) set<T>(outRow, c, op.scalar<T>(get<T>(x, c * aCol), get<T>(y, c * bCol)));
  }
}

/** The lanes of a row from column `c` on, whose columns are one element apart (stride 1) or the same element (stride 0). */
// @ts-ignore: decorator
@inline
function vectorAt<T>(row: usize, c: usize, stride: usize): v128 {
  return stride ? v128.load(at<T>(row, c)) : loadSplat<T>(row);
}
