// A block of columns of the hidden layer from hprebn to h, and back: batch norm and tanh in as few walks over the rows as its
// statistics allow. Sums run over groups of rows, whose sums are added up.

import { tanh } from '../../math';
import { Frame } from '../frame';
import { scatterRow } from './embedding';
import { blockBytes } from './workspace';

/** Bytes of a group of rows. */
const groupBytes: usize = 16 * blockBytes;

/**
 * bnraw = (hprebn - μ) (σ² + eps)^-½, h = tanh(bngain bnraw + bnbias) and bnvar_inv = (σ² + eps)^-½ for one block. At first its
 * rows at `bnraw` hold hprebn, and `sums` holds their sum. bnvar_inv, bngain and bnbias are where the block's columns begin.
 *
 * μ is off by its rounding, so what is left of the mean is subtracted once more: the backward pass relies on Σ bnraw = 0.
 */
export function normalize<T>(f: Frame, bnraw: usize, h: usize, sums: usize, bnvar_inv: usize, bngain: usize, bnbias: usize): void {
  const end = bnraw + f.B * blockBytes;
  const perRow = v128.splat<T>((1 / (f.B as f64)) as T);
  const perRowLessOne = v128.splat<T>((1 / ((f.B - 1) as f64)) as T);
  const mean0 = v128.mul<T>(perRow, v128.load(sums)), mean1 = v128.mul<T>(perRow, v128.load(sums, 16));
  const zero = v128.splat<T>(0 as T);
  let rest0 = zero, rest1 = zero, squares0 = zero, squares1 = zero;
  for (let group = bnraw; group < end; group += groupBytes) {
    let r0 = zero, r1 = zero, q0 = zero, q1 = zero;
    for (let row = group, last = min(group + groupBytes, end); row < last; row += blockBytes) {
      const d0 = v128.sub<T>(v128.load(row), mean0), d1 = v128.sub<T>(v128.load(row, 16), mean1);
      v128.store(row, d0);
      v128.store(row, d1, 16);
      r0 = v128.add<T>(r0, d0);
      r1 = v128.add<T>(r1, d1);
      q0 = v128.add<T>(q0, v128.mul<T>(d0, d0));
      q1 = v128.add<T>(q1, v128.mul<T>(d1, d1));
    }
    rest0 = v128.add<T>(rest0, r0);
    rest1 = v128.add<T>(rest1, r1);
    squares0 = v128.add<T>(squares0, q0);
    squares1 = v128.add<T>(squares1, q1);
  }
  rest0 = v128.mul<T>(perRow, rest0);
  rest1 = v128.mul<T>(perRow, rest1);
  const inv0 = inverseDeviation<T>(v128.mul<T>(perRowLessOne, squares0), f.eps);
  const inv1 = inverseDeviation<T>(v128.mul<T>(perRowLessOne, squares1), f.eps);
  v128.store(bnvar_inv, inv0);
  v128.store(bnvar_inv, inv1, 16);
  activate<T>(bnraw, end, h, rest0, inv0, bngain, bnbias);
  activate<T>(bnraw + 16, end, h + 16, rest1, inv1, bngain + 16, bnbias + 16);
}

/**
 * bnraw and h of one vector of columns, whose rows at `bnraw` hold hprebn less its mean. It goes by one vector because the
 * constants of two would not fit into the registers beside tanh, and by two rows at a time; an odd last row is taken for both.
 */
function activate<T>(bnraw: usize, end: usize, h: usize, rest: v128, inv: v128, bngain: usize, bnbias: usize): void {
  const gain = v128.load(bngain), bias = v128.load(bnbias);
  for (; bnraw < end; bnraw += 2 * blockBytes, h += 2 * blockBytes) {
    const next: usize = bnraw + blockBytes < end ? blockBytes : 0;
    const n0 = v128.mul<T>(v128.sub<T>(v128.load(bnraw), rest), inv);
    const n1 = v128.mul<T>(v128.sub<T>(v128.load(bnraw + next), rest), inv);
    v128.store(bnraw, n0);
    v128.store(bnraw + next, n1);
    v128.store(h, tanh<T>(v128.add<T>(v128.mul<T>(gain, n0), bias)));
    v128.store(h + next, tanh<T>(v128.add<T>(v128.mul<T>(gain, n1), bias)));
  }
}

/** (variance + eps)^-½ */
// @ts-ignore: decorator
@inline function inverseDeviation<T>(variance: v128, eps: f64): v128 {
  return v128.div<T>(v128.splat<T>(1 as T), v128.sqrt<T>(v128.add<T>(variance, v128.splat<T>(eps as T))));
}

/**
 * dh becomes dhprebn = bngain bnvar_inv / B (B dhpreact - Σ dhpreact - B/(B-1) bnraw Σ(dhpreact bnraw)) with
 * dhpreact = (1 - h²) dh, and its rows are added to those of `table` that the slots from `slot` on name; dbngain =
 * Σ dhpreact bnraw, dbnbias = Σ dhpreact, db1 = Σ dhprebn, each one row of the block.
 */
export function normalizeBackward<T>(
  f: Frame, d: usize, dbngain: usize, dbnbias: usize, db1: usize, bnraw: usize, h: usize, bnvar_inv: usize, bngain: usize,
  table: usize, slot: usize,
): void {
  const end = d + f.B * blockBytes;
  const zero = v128.splat<T>(0 as T);
  const one = v128.splat<T>(1 as T);
  let sum0 = zero, sum1 = zero, dot0 = zero, dot1 = zero;
  let normal = bnraw;
  for (let group = d; group < end; group += groupBytes) {
    let s0 = zero, s1 = zero, p0 = zero, p1 = zero;
    for (let row = group, last = min(group + groupBytes, end); row < last; row += blockBytes) {
      const h0 = v128.load(h), h1 = v128.load(h, 16);
      const d0 = v128.mul<T>(v128.sub<T>(one, v128.mul<T>(h0, h0)), v128.load(row));
      const d1 = v128.mul<T>(v128.sub<T>(one, v128.mul<T>(h1, h1)), v128.load(row, 16));
      v128.store(row, d0);
      v128.store(row, d1, 16);
      s0 = v128.add<T>(s0, d0);
      s1 = v128.add<T>(s1, d1);
      p0 = v128.add<T>(p0, v128.mul<T>(d0, v128.load(normal)));
      p1 = v128.add<T>(p1, v128.mul<T>(d1, v128.load(normal, 16)));
      h += blockBytes;
      normal += blockBytes;
    }
    sum0 = v128.add<T>(sum0, s0);
    sum1 = v128.add<T>(sum1, s1);
    dot0 = v128.add<T>(dot0, p0);
    dot1 = v128.add<T>(dot1, p1);
  }
  v128.store(dbnbias, sum0);
  v128.store(dbnbias, sum1, 16);
  v128.store(dbngain, dot0);
  v128.store(dbngain, dot1, 16);

  const n = v128.splat<T>(f.B as T);
  const correction = v128.splat<T>(((f.B as f64) / ((f.B - 1) as f64)) as T);
  const slope0 = v128.mul<T>(correction, dot0), slope1 = v128.mul<T>(correction, dot1);
  const scale0 = v128.div<T>(v128.mul<T>(v128.load(bngain), v128.load(bnvar_inv)), n);
  const scale1 = v128.div<T>(v128.mul<T>(v128.load(bngain, 16), v128.load(bnvar_inv, 16)), n);
  const slotBytes = f.T * 4;
  let total0 = zero, total1 = zero;
  for (let group = d; group < end; group += groupBytes) {
    let s0 = zero, s1 = zero;
    for (let row = group, last = min(group + groupBytes, end); row < last; row += blockBytes) {
      const c0 = v128.sub<T>(v128.mul<T>(n, v128.load(row)), sum0);
      const c1 = v128.sub<T>(v128.mul<T>(n, v128.load(row, 16)), sum1);
      const x0 = v128.mul<T>(scale0, v128.sub<T>(c0, v128.mul<T>(v128.load(bnraw), slope0)));
      const x1 = v128.mul<T>(scale1, v128.sub<T>(c1, v128.mul<T>(v128.load(bnraw, 16), slope1)));
      v128.store(row, x0);
      v128.store(row, x1, 16);
      s0 = v128.add<T>(s0, x0);
      s1 = v128.add<T>(s1, x1);
      scatterRow<T>(table, slot, slot + slotBytes, x0, x1);
      bnraw += blockBytes;
      slot += slotBytes;
    }
    total0 = v128.add<T>(total0, s0);
    total1 = v128.add<T>(total1, s1);
  }
  v128.store(db1, total0);
  v128.store(db1, total1, 16);
}
