// Forward and backward with every pass over memory saved that can be: cross-entropy in one go (exercise 2), batch norm in one go
// (exercise 3), the first layer as a look-up, and the hidden layer a block of columns at a time. Batch norm's statistics belong to
// a column, so that columns depend on each other in the logits alone:
//
//     for each block of columns   linear 1 → batch norm → tanh, and its share of the logits
//     logits                      cross-entropy and its gradient
//     for each block of columns   its dW2, dh → tanh → batch norm → dhprebn, and its share of the tables' gradient
//     tables' gradient            dC, dW1

import { Frame, Parameters } from '../frame';
import { clearTable, findUsed, lookUp, writeGradients } from './embedding';
import { normalize, normalizeBackward } from './hidden';
import { backToHidden, addToLogits, crossEntropy, writeBias, writeWeights } from './output';
import { blockBytes, blockColumns, Workspace, workspaceOf } from './workspace';
import { put } from './write';

/** Blocks of h that go into the logits at once: many enough to amortize it, few enough to be in cache still. */
const blocksAtOnce: usize = 8;

export { workspaceBytes } from './workspace';

/** loss, dlogits, dhprebn and the gradients of the parameters. */
export function fused<T>(f: Frame): void {
  run<T>(f, 0, false);
}

/** loss, and every parameter less rate * its gradient. */
export function fusedStep<T>(f: Frame, rate: f64): void {
  run<T>(f, rate, true);
}

function run<T>(f: Frame, rate: f64, descend: bool): void {
  const w = workspaceOf<T>(f);
  const to = descend ? Parameters.of(f) : Parameters.gradientsOf(f);
  const factor = rate as T;
  findUsed<T>(f, w);
  for (let block: usize = 0; block < w.blocks; ) {
    const first = block;
    for (const end = min(first + blocksAtOnce, w.blocks); block < end; block++) forwardBlock<T>(f, w, block);
    addToLogits<T>(f, w, first, block);
  }
  crossEntropy<T>(f, w);
  if (!descend) {
    put<T>(f.dlogits, f.V * sizeof<T>(), w.logits, w.logitsRow, f.B, f.V, factor, false);
  }
  writeBias<T>(f, w, to, factor, descend);
  for (let block: usize = 0; block < w.blocks; block++) backwardBlock<T>(f, w, block, to, factor, descend);
  writeGradients<T>(f, w, to, factor, descend);
}

/** Columns of one block up to h. */
function forwardBlock<T>(f: Frame, w: Workspace, block: usize): void {
  const column = block * blockBytes;
  const bnraw = w.bnraw + block * f.B * blockBytes;
  lookUp<T>(f, w, bnraw, w.slab, column);
  normalize<T>(
    f, bnraw, w.h + block * f.B * blockBytes, w.slab, w.bnvar_inv + column, f.bngain + column, f.bnbias + column,
  );
}

/** Gradients of one block of columns, from dW2 down to its share of the tables'. */
function backwardBlock<T>(f: Frame, w: Workspace, block: usize, to: Parameters, rate: T, descend: bool): void {
  const column = block * blockBytes;
  const columns = min(blockColumns<T>(), f.H - block * blockColumns<T>());
  const d = w.dhidden;
  const table = w.dtables + block * w.tableBlock;
  const dbngain = w.slab, dbnbias = w.slab + blockBytes, db1 = w.slab + 2 * blockBytes;

  backToHidden<T>(f, w, d, block);
  writeWeights<T>(f, w, block, to, rate, descend);
  clearTable<T>(f, w, table);
  normalizeBackward<T>(
    f, d, dbngain, dbnbias, db1, w.bnraw + block * f.B * blockBytes, w.h + block * f.B * blockBytes,
    w.bnvar_inv + column, f.bngain + column, table, w.slots,
  );
  put<T>(to.bngain + column, 0, dbngain, 0, 1, columns, rate, descend);
  put<T>(to.bnbias + column, 0, dbnbias, 0, 1, columns, rate, descend);
  put<T>(to.b1 + column, 0, db1, 0, 1, columns, rate, descend);
  if (!descend) {
    put<T>(f.dhprebn + column, f.H * sizeof<T>(), d, blockBytes, f.B, columns, rate, false);
  }
}
