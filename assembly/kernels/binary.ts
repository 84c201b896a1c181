// Operations element by element, with broadcasting.

import { at, lineBytes, loadSplat, storeLanes } from '../simd';

// An operation is a class without state, so that it can be a type parameter.

@unmanaged export class Add { @inline apply<T>(a: v128, b: v128): v128 { return v128.add<T>(a, b); } }
@unmanaged export class Sub { @inline apply<T>(a: v128, b: v128): v128 { return v128.sub<T>(a, b); } }
@unmanaged export class Mul { @inline apply<T>(a: v128, b: v128): v128 { return v128.mul<T>(a, b); } }
@unmanaged export class Div { @inline apply<T>(a: v128, b: v128): v128 { return v128.div<T>(a, b); } }

/**
 * out[r, c] = a[r * aRow + c * aCol] op b[r * bRow + c * bCol], strides in elements; out is contiguous, [rows, cols]. A stride
 * of 0 broadcasts. `out` may be `a` or `b` where that one is contiguous.
 * @export
 */
export function binary<T, Op>(
  out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize,
): void {
  // Short rows and short columns fit the caches as they are.
  if ((aCol > 1 || bCol > 1) && min(rows, cols) >= 2 * lineBytes / sizeof<T>()) {
    return inTiles<T, Op>(out, a, b, rows, cols, aRow, aCol, bRow, bCol);
  }
  const op = changetype<Op>(0);
  for (let r: usize = 0; r < rows; r++) {
    const end = at<T>(out, cols);
    let x = at<T>(a, r * aRow);
    let y = at<T>(b, r * bRow);
    if (aCol <= 1 && bCol <= 1) {
      const splatA = loadSplat<T>(x), splatB = loadSplat<T>(y);
      for (; out + 16 <= end; out += 16, x += 16 * aCol, y += 16 * bCol) {
        v128.store(out, op.apply<T>(aCol ? v128.load(x) : splatA, bCol ? v128.load(y) : splatB));
      }
    }
    for (; out < end; out += sizeof<T>(), x += aCol * sizeof<T>(), y += bCol * sizeof<T>()) {
      store<T>(out, v128.extract_lane<T>(op.apply<T>(loadSplat<T>(x), loadSplat<T>(y)), 0));
    }
  }
}

/** The same for rows of an operand that are columns in memory, in tiles: as many rows and columns as elements share a line. */
function inTiles<T, Op>(
  out: usize, a: usize, b: usize, rows: usize, cols: usize, aRow: usize, aCol: usize, bRow: usize, bCol: usize,
): void {
  const op = changetype<Op>(0), size = sizeof<T>(), tile = lineBytes / size;
  for (let r: usize = 0; r < rows; r += tile) {
    for (let c: usize = 0; c < cols; c += tile) {
      const width = min(tile, cols - c) * size;
      for (let i = r, last = min(r + tile, rows); i < last; i++) {
        let to = at<T>(out, i * cols + c), x = at<T>(a, i * aRow + c * aCol), y = at<T>(b, i * bRow + c * bCol);
        for (const end = to + width; to < end; to += size, x += aCol * size, y += bCol * size) {
          store<T>(to, v128.extract_lane<T>(op.apply<T>(loadSplat<T>(x), loadSplat<T>(y)), 0));
        }
      }
    }
  }
}

/** out = a op b, n elements. */
export function elementwise<T, Op>(out: usize, a: usize, b: usize, n: usize): void {
  binary<T, Op>(out, a, b, 1, n, 0, 1, 0, 1);
}

/** out = a op value, n elements. */
export function scalar<T, Op>(out: usize, a: usize, value: T, n: usize): void {
  const op = changetype<Op>(0);
  const splat = v128.splat<T>(value);
  const end = at<T>(out, n);
  for (; out + 16 <= end; out += 16, a += 16) v128.store(out, op.apply<T>(v128.load(a), splat));
  if (out < end) storeLanes<T>(out, op.apply<T>(v128.load(a), splat), (end - out) / sizeof<T>());
}

/** out[r, c] = a[r, c] op row[c]. */
export function withRow<T, Op>(out: usize, a: usize, row: usize, rows: usize, cols: usize): void {
  binary<T, Op>(out, a, row, rows, cols, cols, 1, 0, 1);
}

/** out[r, c] = a[r, c] op column[r]. */
export function withColumn<T, Op>(out: usize, a: usize, column: usize, rows: usize, cols: usize): void {
  binary<T, Op>(out, a, column, rows, cols, cols, 1, 1, 0);
}
