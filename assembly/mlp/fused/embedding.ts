// The embedding and the first linear layer as one table look-up a place: the input is one of V characters at each of T places, so
// that C W1 has a row for each character at each place. Only the rows that occur in the batch are computed, and their gradients
// give dW1 and dC by two small products.

import { gather } from '../../kernels/indexing';
import { strip, Two, zeros } from '../../kernels/tiles';
import { get, keepLanes, madd, set, sumLanes } from '../../simd';
import { Frame, Parameters } from '../frame';
import { write } from '../write';
import { blockBytes, Worker, Workspace } from './workspace';

/**
 * Numbers the characters at each place in the order in which they first occur, without branches, and gathers their rows of C.
 */
export function findUsed<T>(f: Frame, w: Workspace): void {
  const places = f.T;
  let rows: usize = 0;
  for (let t: usize = 0; t < places; t++) {
    set<u32>(w.first, t, rows as u32);
    memory.fill(w.mark, 0xff, f.V * 4);
    for (let i = t; i < f.B * places; i += places) {
      const character = get<i32>(f.Xb, i) as usize;
      const known = get<i32>(w.mark, character);
      const row = select(rows as i32, known, known < 0);
      set<i32>(w.mark, character, row);
      set<i32>(w.used, rows, character as i32);
      rows += (known < 0) as usize;
      set<u32>(w.slots, i, row * (blockBytes as u32));
    }
  }
  set<u32>(w.first, places, rows as u32);
  gather<T>(w.C, f.C, w.used, rows, f.E);
}

/** hprebn = b1 + Σ_t C[x_t] W1[t], for the block of columns that begins `column` bytes into a row; `sums` = Σ_i hprebn. */
// @ts-ignore: decorator
@inline export function lookUp<T>(f: Frame, w: Workspace, own: Worker, hprebn: usize, sums: usize, column: usize): void {
  const E = f.E, places = f.T;
  const w1Row = f.H * sizeof<T>(), cRow = E * sizeof<T>();
  for (let t: usize = 0; t < places; t++) {
    const first = get<u32>(w.first, t) as usize;
    const rows = (get<u32>(w.first, t + 1) as usize) - first;
    strip<T, Two>(
      own.tables + first * blockBytes, blockBytes, zeros, 0,
      w.C + first * cRow, cRow, sizeof<T>(),
      f.W1 + t * E * w1Row + column, w1Row, rows, E, 1, 0,
    );
  }
  const bias0 = v128.load(f.b1 + column), bias1 = v128.load(f.b1 + column, 16);
  let slot = w.slots;
  const tables = own.tables;
  const slotBytes = places * 4;
  let sum0 = v128.splat<T>(0 as T), sum1 = sum0;
  for (const end = hprebn + f.B * blockBytes; hprebn < end; hprebn += blockBytes) {
    let s0 = bias0, s1 = bias1;
    const last = slot + slotBytes;
    do {
      const row = tables + load<u32>(slot);
      s0 = v128.add<T>(s0, v128.load(row));
      s1 = v128.add<T>(s1, v128.load(row, 16));
      slot += 4;
    } while (slot != last);
    v128.store(hprebn, s0);
    v128.store(hprebn, s1, 16);
    sum0 = v128.add<T>(sum0, s0);
    sum1 = v128.add<T>(sum1, s1);
  }
  v128.store(sums, sum0);
  v128.store(sums, sum1, 16);
}

/** dtables of one block of columns = 0. */
// @ts-ignore: decorator
@inline export function clearTable<T>(f: Frame, w: Workspace, table: usize): void {
  for (const end = table + (get<u32>(w.first, f.T) as usize) * blockBytes; table < end; table += 16) {
    v128.store(table, v128.splat<T>(0 as T));
  }
}

/** Adds one row of dhprebn, two vectors, to those rows of dtables that the slots from `slot` up to `last` name. */
// @ts-ignore: decorator
@inline export function scatterRow<T>(table: usize, slot: usize, last: usize, d0: v128, d1: v128): void {
  do {
    const row = table + load<u32>(slot);
    v128.store(row, v128.add<T>(v128.load(row), d0));
    v128.store(row, v128.add<T>(v128.load(row, 16), d1), 16);
    slot += 4;
  } while (slot != last);
}

/**
 * dC[v] = Σ_t dtables[v at t] W1[t]ᵀ and dW1[t] = Σ_v C[v]ᵀ dtables[v at t]; both from the values before the step, for which C
 * is written last.
 */
export function writeGradients<T, Rule>(f: Frame, w: Workspace, own: Worker): void {
  const E = f.E, places = f.T;
  const size = sizeof<T>();
  const cRow = E * size, w1Row = f.H * size;
  memory.fill(w.dC, 0, f.V * cRow);
  for (let t: usize = 0; t < places; t++) {
    for (let u = get<u32>(w.first, t) as usize; u < get<u32>(w.first, t + 1); u++) {
      const row = w.dC + (get<i32>(w.used, u) as usize) * cRow;
      addDots<T>(row, w.dtables + u * blockBytes, w.tableBlock, f.W1 + t * E * w1Row, E, f.H);
    }
  }
  for (let t: usize = 0; t < places; t++) {
    const first = get<u32>(w.first, t) as usize;
    const rows = (get<u32>(w.first, t + 1) as usize) - first;
    for (let block: usize = 0; block < w.blocks; block++) {
      const column = block * blockBytes;
      strip<T, Two>(
        own.slab, blockBytes, zeros, 0,
        w.C + first * cRow, size, cRow,
        w.dtables + block * w.tableBlock + first * blockBytes, blockBytes, E, rows, 1, 0,
      );
      const columns = min((w1Row - column) / size, blockBytes / size);
      write<T, Rule>(
        f, offsetof<Parameters>('W1'), t * E * w1Row + column, w1Row, own.slab, blockBytes, E, columns,
      );
    }
  }
  write<T, Rule>(f, offsetof<Parameters>('C'), 0, 0, w.dC, 0, 1, f.V * f.E);
}

/** out[e] += Σ_k a[k] b[e, k], for n rows of b; a comes in blocks, aBlock bytes apart. */
function addDots<T>(out: usize, a: usize, aBlock: usize, b: usize, n: usize, k: usize): void {
  const bRow = k * sizeof<T>();
  for (let e: usize = 0; e < n; e += 2) {
    const second = min(e + 1, n - 1);
    const end = b + e * bRow + bRow;
    let x = a, b0 = b + e * bRow, b1 = b + second * bRow;
    let s0 = v128.splat<T>(0 as T), s1 = s0, t0 = s0, t1 = s0;
    for (; b0 + blockBytes <= end; b0 += blockBytes, b1 += blockBytes, x += aBlock) {
      const x0 = v128.load(x), x1 = v128.load(x, 16);
      s0 = madd<T>(x0, v128.load(b0), s0);
      s1 = madd<T>(x0, v128.load(b1), s1);
      t0 = madd<T>(x1, v128.load(b0, 16), t0);
      t1 = madd<T>(x1, v128.load(b1, 16), t1);
    }
    s0 = v128.add<T>(s0, t0);
    s1 = v128.add<T>(s1, t1);
    for (; b0 < end; b0 += 16, b1 += 16, x += 16) {
      const count = (end - b0) / sizeof<T>();
      const x0 = keepLanes<T>(v128.load(x), count);
      s0 = madd<T>(x0, keepLanes<T>(v128.load(b0), count), s0);
      s1 = madd<T>(x0, keepLanes<T>(v128.load(b1), count), s1);
    }
    set<T>(out, e, (get<T>(out, e) + sumLanes<T>(s0)) as T);
    if (second > e) set<T>(out, second, (get<T>(out, second) + sumLanes<T>(s1)) as T);
  }
}
