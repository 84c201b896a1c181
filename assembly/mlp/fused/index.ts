// Forward and backward in as few passes over memory as possible: cross-entropy in one go (exercise 2), batch norm in one go
// (exercise 3), the first layer as a look-up, and the hidden layer one block of columns at a time. Batch norm's statistics
// belong to a column, so only the logits make columns depend on each other:
//
//     for each block of columns   linear 1 → batch norm → tanh, and its share of the logits
//     logits                      cross-entropy and its gradient
//     for each block of columns   its dW2, dh → tanh → batch norm → dhprebn, and its share of the tables' gradient
//     tables' gradient            dC, dW1

import { copyFew } from '../../simd';
import { Frame, Parameters } from '../frame';
import { Store, write } from '../write';
import { clearTable, findUsed, lookUp, writeGradients } from './embedding';
import { normalize, normalizeBackward } from './hidden';
import { addToLogits, backToHidden, crossEntropy, writeBias, writeWeights } from './output';
import { blockBytes, blockColumns, Worker, Workspace, workspaceOf } from './workspace';

/** Blocks of h that go into the logits at once: enough to make up for its cost, few enough to be in cache still. */
const blocksAtOnce: usize = 8;

/** loss, dlogits, dhprebn and the gradients of the parameters. @export */
export function fused<T>(f: Frame): void { fusedPass<T, Store>(f); }

/** loss, and what the rule makes of the parameters' gradients. */
export function fusedPass<T, Rule>(f: Frame): void {
  const w = workspaceOf<T>(f);
  const own = changetype<Worker>(w.worker);
  findUsed<T>(f, w);
  for (let block: usize = 0; block < w.blocks; ) {
    const first = block;
    for (const end = min(first + blocksAtOnce, w.blocks); block < end; block++) forwardBlock<T>(f, w, own, block);
    addToLogits<T>(f, w, first, block);
  }
  crossEntropy<T>(f, w);
  if (changetype<Rule>(0).intermediates()) {
    copyRows<T>(f.dlogits, f.V * sizeof<T>(), w.logits, w.logitsRow, f.B, f.V);
  }
  writeBias<T, Rule>(f, w, own);
  for (let block: usize = 0; block < w.blocks; block++) backwardBlock<T, Rule>(f, w, own, block);
  writeGradients<T, Rule>(f, w, own);
}

/** One block of columns, from the look-up to h. */
function forwardBlock<T>(f: Frame, w: Workspace, own: Worker, block: usize): void {
  const column = block * blockBytes;
  const bnraw = w.bnraw + block * f.B * blockBytes;
  lookUp<T>(f, w, own, bnraw, own.slab, column);
  normalize<T>(
    f, bnraw, w.h + block * f.B * blockBytes, own.slab, w.bnvar_inv + column, f.bngain + column, f.bnbias + column,
  );
}

/** Gradients of one block of columns, from dW2 down to its share of the tables'. */
function backwardBlock<T, Rule>(f: Frame, w: Workspace, own: Worker, block: usize): void {
  const column = block * blockBytes;
  const columns = min(blockColumns<T>(), f.H - block * blockColumns<T>());
  const d = own.dhidden;
  const table = w.dtables + block * w.tableBlock;
  const dbngain = own.slab, dbnbias = own.slab + blockBytes, db1 = own.slab + 2 * blockBytes;

  backToHidden<T>(f, w, own, block);
  writeWeights<T, Rule>(f, w, own, block);
  clearTable<T>(f, w, table);
  normalizeBackward<T>(
    f, d, dbngain, dbnbias, db1, w.bnraw + block * f.B * blockBytes, w.h + block * f.B * blockBytes,
    w.bnvar_inv + column, f.bngain + column, table, w.slots,
  );
  write<T, Rule>(f, offsetof<Parameters>('bngain'), column, 0, dbngain, 0, 1, columns);
  write<T, Rule>(f, offsetof<Parameters>('bnbias'), column, 0, dbnbias, 0, 1, columns);
  write<T, Rule>(f, offsetof<Parameters>('b1'), column, 0, db1, 0, 1, columns);
  if (changetype<Rule>(0).intermediates()) {
    copyRows<T>(f.dhprebn + column, f.H * sizeof<T>(), d, blockBytes, f.B, columns);
  }
}

/** Copies rows of `columns` elements, which stand outRow and aRow bytes apart. */
function copyRows<T>(out: usize, outRow: usize, a: usize, aRow: usize, rows: usize, columns: usize): void {
  for (; rows; rows--, out += outRow, a += aRow) copyFew<T>(out, a, columns);
}
