// Forward and backward in as few passes over memory as there are products: cross-entropy in one go (exercise 2), batch norm in one
// go (exercise 3), and from them the gradients of the seven parameters.

import { batchNorm, batchNormBackward } from '../kernels/batchNorm';
import { crossEntropy, crossEntropyBackward } from '../kernels/crossEntropy';
import { Add, withRow } from '../kernels/elementwise';
import { gatherRows, scatterAddRows } from '../kernels/indexing';
import { matmul, timesTransposed } from '../kernels/matmul';
import { sum } from '../kernels/reduce';
import { tanhBackward } from '../kernels/tanh';
import { Tanh, unary } from '../kernels/transcendental';
import { Frame } from './frame';

/**
 * loss, dlogits, dhprebn and the gradients of the parameters. Of the intermediates it needs embcat, bnmeani, bnvar_inv, bnraw
 * and h alone: hprebn and hpreact share h's memory, logits and probs that of dlogits, dh and dhpreact that of dhprebn, emb that
 * of embcat, demb that of dembcat.
 */
export function fused<T>(f: Frame): void {
  const B = f.B as usize, V = f.V as usize, E = f.E as usize, H = f.H as usize;
  const TE = (f.T as usize) * E;

  gatherRows<T>(f.embcat, f.C, f.Xb, B * f.T, E);
  matmul<T>(f.h, f.embcat, f.W1, B, H, TE, TE, 1);
  withRow<T, Add>(f.h, f.h, f.b1, B, H);
  batchNorm<T>(f.h, f.bnraw, f.bnmeani, f.bnvar_inv, f.h, f.bngain, f.bnbias, B, H, f.eps);
  unary<T, Tanh>(f.h, f.h, B * H);
  matmul<T>(f.dlogits, f.h, f.W2, B, V, H, H, 1);
  withRow<T, Add>(f.dlogits, f.dlogits, f.b2, B, V);

  crossEntropy<T>(f.loss, f.dlogits, f.scratch, f.dlogits, f.Yb, B, V);
  store<T>(f.scratch, 1 as T); // dloss
  crossEntropyBackward<T>(f.dlogits, f.dlogits, f.Yb, f.scratch, B, V);
  sum<T>(f.db2, f.dlogits, 1, B, V);
  matmul<T>(f.dW2, f.h, f.dlogits, H, V, B, 1, H);

  timesTransposed<T>(f.dhprebn, f.dlogits, f.W2, B, H, V, f.scratch);
  tanhBackward<T>(f.dhprebn, f.h, f.dhprebn, B * H);
  batchNormBackward<T>(f.dhprebn, f.dbngain, f.dbnbias, f.bnraw, f.bnvar_inv, f.bngain, f.dhprebn, B, H);
  sum<T>(f.db1, f.dhprebn, 1, B, H);
  matmul<T>(f.dW1, f.embcat, f.dhprebn, TE, H, B, 1, TE);

  timesTransposed<T>(f.dembcat, f.dhprebn, f.W1, B, TE, H, f.scratch);
  memory.fill(f.dC, 0, V * E * sizeof<T>());
  scatterAddRows<T>(f.dC, f.Xb, f.dembcat, B * f.T, E);
}
