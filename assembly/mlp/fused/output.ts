// The second linear layer and cross-entropy, with its gradient in one go.

import { elementwise, Sub } from '../../kernels/binary';
import { sumRow, sumVectors, Value } from '../../kernels/reduce';
import { product, strip, Two, zeros } from '../../kernels/tiles';
import { Log, unary } from '../../kernels/unary';
import { exp } from '../../math';
import { at, get, laneMask, lanes, largestOfLanes, set, sumLanes, transposeSquare } from '../../simd';
import { Frame, Parameters } from '../frame';
import { write } from '../write';
import { blockBytes, blockColumns, Worker, Workspace } from './workspace';

/** Adds to logits = b2 + h W2 the share of the blocks from `first` on, `end` not among them; block 0 begins with b2. */
export function addToLogits<T>(f: Frame, w: Workspace, first: usize, end: usize): void {
  const whole = min(end, f.H / blockColumns<T>());
  if (first < whole) addPanels<T>(f, w, first, whole - first, blockColumns<T>());
  if (whole < end) addPanels<T>(f, w, whole, 1, f.H - whole * blockColumns<T>());
}

/** The share of `panels` blocks of `k` columns each. */
function addPanels<T>(f: Frame, w: Workspace, block: usize, panels: usize, k: usize): void {
  const w2Row = f.V * sizeof<T>();
  const panel = f.B * blockBytes;
  product<T>(
    w.logits, w.logitsRow, block ? w.logits : f.b2, block ? w.logitsRow : 0, w.h + block * panel, blockBytes, sizeof<T>(),
    f.W2 + block * blockColumns<T>() * w2Row, w2Row, f.B, w.logitsRow / 16, k, panels, panel,
  );
}

/** loss, and dlogits = (softmax(logits) - onehot(Yb)) / B in the place of logits, with zeros in the lanes beyond V. */
export function crossEntropy<T>(f: Frame, w: Workspace): void {
  const B = f.B;
  const share = (1 as T) / (B as T);
  const last = w.logitsRow - 16;
  const inLast = laneMask<T>(f.V - last / sizeof<T>());
  const none = v128.splat<T>(-Infinity as T);
  for (let i: usize = 0, row = w.logits; i < B; i++, row += w.logitsRow) {
    const end = row + last;
    let top = v128.bitselect(v128.load(end), none, inLast);
    v128.store(end, top);
    for (let x = row; x != end; x += 16) top = v128.pmax<T>(top, v128.load(x));
    const largest = largestOfLanes<T>(top);
    const target = at<T>(row, get<i32>(f.Yb, i));
    set<T>(w.losses, i, load<T>(target) - v128.extract_lane<T>(largest, 0));
    let sum = v128.splat<T>(0 as T);
    for (let x = row; x <= end; x += 16) {
      const count = exp<T>(v128.sub<T>(v128.load(x), largest));
      v128.store(x, count);
      sum = v128.add<T>(sum, count);
    }
    const total = sumLanes<T>(sum);
    set<T>(w.totals, i, total);
    const scale = v128.splat<T>((share / total) as T);
    for (let x = row; x <= end; x += 16) v128.store(x, v128.mul<T>(v128.load(x), scale));
    store<T>(target, (load<T>(target) - share) as T);
  }
  unary<T, Log>(w.totals, w.totals, B);
  elementwise<T, Sub>(w.losses, w.totals, w.losses, B);
  store<T>(f.loss, (sumRow<T, Value>(w.losses, w.losses, B) / (B as T)) as T);
}

/** db2 = Σ_i dlogits. */
export function writeBias<T, Rule>(f: Frame, w: Workspace, own: Worker): void {
  for (let j: usize = 0; j < w.logitsRow; j += 16) {
    v128.store(own.slab + j, sumVectors<T, Value>(w.logits + j, w.logits + j, f.B, w.logitsRow));
  }
  write<T, Rule>(f, offsetof<Parameters>('b2'), 0, 0, own.slab, 0, 1, f.V);
}

/** dh = dlogits W2ᵀ, for one block of h's columns; goes to dhidden. */
export function backToHidden<T>(f: Frame, w: Workspace, own: Worker, block: usize): void {
  transposeBlock<T>(f, own.W2T, block);
  strip<T, Two>(
    own.dhidden, blockBytes, zeros, 0, w.logits, w.logitsRow, sizeof<T>(), own.W2T, blockBytes, f.B, f.V, 1, 0,
  );
}

/** dW2 = hᵀ dlogits, for the rows that belong to one block of h's columns. `backToHidden` reads W2, so it comes first. */
export function writeWeights<T, Rule>(f: Frame, w: Workspace, own: Worker, block: usize): void {
  const row = block * blockColumns<T>();
  const rows = min(blockColumns<T>(), f.H - row);
  const w2Row = f.V * sizeof<T>();
  product<T>(
    own.slab, w.logitsRow, zeros, 0,
    w.h + block * f.B * blockBytes, sizeof<T>(), blockBytes,
    w.logits, w.logitsRow, rows, w.logitsRow / 16, f.B, 1, 0,
  );
  write<T, Rule>(f, offsetof<Parameters>('W2'), row * w2Row, w2Row, own.slab, w.logitsRow, rows, f.V);
}

/** W2T[v, i] = W2[first + i, v], for the rows that belong to one block; 0 for those beyond H. */
// @ts-ignore: decorator
@inline function transposeBlock<T>(f: Frame, W2T: usize, block: usize): void {
  const first = block * blockColumns<T>();
  const row = f.V * sizeof<T>();
  if (first + blockColumns<T>() <= f.H) {
    for (let i: usize = 0; i < blockColumns<T>(); i += lanes<T>()) {
      const from = f.W2 + (first + i) * row;
      for (let v: usize = 0; v < f.V; v += lanes<T>()) {
        transposeSquare<T>(W2T + v * blockBytes + i * sizeof<T>(), blockBytes, at<T>(from, v), row);
      }
    }
    return;
  }
  memory.fill(W2T, 0, f.V * blockBytes);
  for (let i = first; i < f.H; i++) {
    for (let v: usize = 0; v < f.V; v++) {
      set<T>(W2T, v * blockColumns<T>() + i - first, get<T>(f.W2, i * f.V + v));
    }
  }
}
