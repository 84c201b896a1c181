// Forward and backward with every pass over memory saved that can be: cross-entropy in one go (exercise 2), batch norm in one go
// (exercise 3), the first layer as a look-up, and the hidden layer a block of columns at a time. Batch norm's statistics belong to
// a column, so that columns depend on each other in the logits alone:
//
//     for each block of columns   linear 1 → batch norm → tanh → its share of the logits
//     logits                      cross-entropy, its gradient
//     for each block of columns   its dW2, dh → tanh → batch norm → dhprebn, and its share of the tables' gradient
//     tables' gradient            dC, dW1

import { batchNorm, batchNormBackward } from '../../kernels/batchNorm';
import { sumVectors, Value } from '../../kernels/reduce';
import { tanhBackward } from '../../kernels/tanh';
import { Tanh, unary } from '../../kernels/transcendental';
import { Frame, Parameters } from '../frame';
import { findUsed, lookUp, scatter, writeGradients } from './embedding';
import { addToLogits, backToHidden, crossEntropy, writeBias, writeWeights } from './output';
import { blockBytes, blockColumns, Workspace, workspaceOf } from './workspace';
import { Descend, putRows, Store } from './write';

export { workspaceBytes } from './workspace';

/** loss, dlogits, dhprebn and the gradients of the parameters. */
export function fused<T>(f: Frame): void {
  run<T, Store>(f, 0);
}

/** loss, and every parameter less rate * its gradient. */
export function fusedStep<T>(f: Frame, rate: f64): void {
  run<T, Descend>(f, rate);
}

function run<T, Write>(f: Frame, rate: f64): void {
  const w = workspaceOf<T>(f);
  const to = changetype<Write>(0).target(f);
  const factor = rate as T;
  findUsed<T>(f, w);
  for (let block: usize = 0; block < w.blocks; block++) {
    forwardBlock<T>(f, w, block);
    addToLogits<T>(f, w, block);
  }
  crossEntropy<T>(f, w);
  if (changetype<Write>(0).keepsGradients()) {
    putRows<T, Store>(f.dlogits, f.V * sizeof<T>(), w.logits, w.logitsRow, f.B, f.V, factor);
  }
  writeBias<T, Write>(f, w, to, factor);
  for (let block: usize = 0; block < w.blocks; block++) backwardBlock<T, Write>(f, w, block, to, factor);
  writeGradients<T, Write>(f, w, to, factor);
}

/** Columns of one block up to h. */
function forwardBlock<T>(f: Frame, w: Workspace, block: usize): void {
  const B = f.B;
  const column = block * blockBytes;
  const h = w.h + block * B * blockBytes;
  lookUp<T>(f, w, h, column);
  batchNorm<T>(
    h, w.bnraw + block * B * blockBytes, w.bnmeani + column, w.bnvar_inv + column, h,
    f.bngain + column, f.bnbias + column, B, blockColumns<T>(), f.eps,
  );
  unary<T, Tanh>(h, h, B * blockColumns<T>());
}

/** Gradients of one block of columns, from dW2 down to its share of the tables'. */
function backwardBlock<T, Write>(f: Frame, w: Workspace, block: usize, to: Parameters, rate: T): void {
  const B = f.B;
  const column = block * blockBytes;
  const columns = min(blockColumns<T>(), f.H - block * blockColumns<T>());
  const d = w.dhidden;
  const dbngain = w.slab, dbnbias = w.slab + blockBytes, db1 = w.slab + 2 * blockBytes;

  backToHidden<T>(f, w, d, block);
  writeWeights<T, Write>(f, w, block, to, rate);
  tanhBackward<T>(d, w.h + block * B * blockBytes, d, B * blockColumns<T>());
  batchNormBackward<T>(
    d, dbngain, dbnbias, w.bnraw + block * B * blockBytes, w.bnvar_inv + column, f.bngain + column, d, B, blockColumns<T>(),
  );
  v128.store(db1, sumVectors<T, Value>(d, d, B, blockBytes));
  v128.store(db1, sumVectors<T, Value>(d + 16, d + 16, B, blockBytes), 16);
  putRows<T, Write>(to.bngain + column, 0, dbngain, 0, 1, columns, rate);
  putRows<T, Write>(to.bnbias + column, 0, dbnbias, 0, 1, columns, rate);
  putRows<T, Write>(to.b1 + column, 0, db1, 0, 1, columns, rate);
  scatter<T>(f, w, d, column);
  if (changetype<Write>(0).keepsGradients()) {
    putRows<T, Store>(f.dhprebn + column, f.H * sizeof<T>(), d, blockBytes, B, columns, rate);
  }
}
