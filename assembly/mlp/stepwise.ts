// Forward, then backward one operation at a time: exercise 1. A function for each gradient, in the order in which they follow.

import { Add, Div, elementwise, Mul, scalar, withColumn, withRow } from '../kernels/binary';
import { copy } from '../kernels/copy';
import { scatterAdd } from '../kernels/indexing';
import { matmul, timesTransposed } from '../kernels/matmul';
import { Product, sum, sumColumns, sumRows } from '../kernels/reduce';
import { Neg, pow, tanhBackward, unary } from '../kernels/unary';
import { get, set } from '../simd';
import { forward } from './forward';
import { Frame } from './frame';

/** Every intermediate and every gradient. B >= 2. @export */
export function stepwise<T>(f: Frame): void {
  forward<T>(f);
  dlogprobs<T>(f);
  dprobs<T>(f);
  dcounts_sum_inv<T>(f);
  dcounts_sum<T>(f);
  dcounts<T>(f);
  dnorm_logits<T>(f);
  dlogit_maxes<T>(f);
  dlogits<T>(f);
  dh<T>(f);
  dW2<T>(f);
  db2<T>(f);
  dhpreact<T>(f);
  dbngain<T>(f);
  dbnraw<T>(f);
  dbnbias<T>(f);
  dbnvar_inv<T>(f);
  dbnvar<T>(f);
  dbndiff2<T>(f);
  dbndiff<T>(f);
  dbnmeani<T>(f);
  dhprebn<T>(f);
  dembcat<T>(f);
  dW1<T>(f);
  db1<T>(f);
  demb<T>(f);
  dC<T>(f);
}

/** loss = -mean of logprobs[i, Yb[i]]: -1/B at these, 0 elsewhere. */
function dlogprobs<T>(f: Frame): void {
  const share = (-1 as T) / (f.B as T);
  memory.fill(f.dlogprobs, 0, f.B * f.V * sizeof<T>());
  for (let i: usize = 0; i < f.B; i++) set<T>(f.dlogprobs, i * f.V + get<i32>(f.Yb, i), share as T);
}

/** logprobs = log(probs): dlogprobs / probs. */
function dprobs<T>(f: Frame): void { elementwise<T, Div>(f.dprobs, f.dlogprobs, f.probs, f.B * f.V); }

/** probs = counts * counts_sum_inv: Σ_j counts * dprobs. */
function dcounts_sum_inv<T>(f: Frame): void { sumRows<T, Product>(f.dcounts_sum_inv, f.counts, f.dprobs, f.B, f.V); }

/** counts_sum_inv = counts_sum^-1: -counts_sum^-2 * dcounts_sum_inv. */
function dcounts_sum<T>(f: Frame): void {
  pow<T>(f.dcounts_sum, f.counts_sum, -2, f.B);
  unary<T, Neg>(f.dcounts_sum, f.dcounts_sum, f.B);
  elementwise<T, Mul>(f.dcounts_sum, f.dcounts_sum, f.dcounts_sum_inv, f.B);
}

/** From probs and from counts_sum: counts_sum_inv * dprobs + dcounts_sum. */
function dcounts<T>(f: Frame): void {
  withColumn<T, Mul>(f.dcounts, f.dprobs, f.counts_sum_inv, f.B, f.V);
  withColumn<T, Add>(f.dcounts, f.dcounts, f.dcounts_sum, f.B, f.V);
}

/** counts = exp(norm_logits): counts * dcounts. */
function dnorm_logits<T>(f: Frame): void { elementwise<T, Mul>(f.dnorm_logits, f.counts, f.dcounts, f.B * f.V); }

/** norm_logits = logits - logit_maxes: -Σ_j dnorm_logits. */
function dlogit_maxes<T>(f: Frame): void {
  sum<T>(f.dlogit_maxes, f.dnorm_logits, f.B, f.V, 1);
  unary<T, Neg>(f.dlogit_maxes, f.dlogit_maxes, f.B);
}

/** From norm_logits and, at each row's maximum, from logit_maxes: dnorm_logits + onehot(argmax) * dlogit_maxes. */
function dlogits<T>(f: Frame): void {
  memory.copy(f.dlogits, f.dnorm_logits, f.B * f.V * sizeof<T>());
  for (let i: usize = 0; i < f.B; i++) {
    const top = i * f.V + get<i32>(f.logit_argmaxes, i);
    set<T>(f.dlogits, top, (get<T>(f.dlogits, top) + get<T>(f.dlogit_maxes, i)) as T);
  }
}

/** logits = h @ W2 + b2: dlogits @ W2ᵀ. */
function dh<T>(f: Frame): void { timesTransposed<T>(f.dh, f.dlogits, f.W2, f.B, f.H, f.V, f.scratch); }

/** hᵀ @ dlogits. */
function dW2<T>(f: Frame): void { matmul<T>(f.dW2, f.h, f.dlogits, f.H, f.V, f.B, 1, f.H); }

/** Σ_i dlogits. */
function db2<T>(f: Frame): void { sum<T>(f.db2, f.dlogits, 1, f.B, f.V); }

/** h = tanh(hpreact): (1 - h²) * dh. */
function dhpreact<T>(f: Frame): void { tanhBackward<T>(f.dhpreact, f.h, f.dh, f.B * f.H); }

/** hpreact = bngain * bnraw + bnbias: Σ_i bnraw * dhpreact. */
function dbngain<T>(f: Frame): void { sumColumns<T, Product>(f.dbngain, f.bnraw, f.dhpreact, f.B, f.H); }

/** bngain * dhpreact. */
function dbnraw<T>(f: Frame): void { withRow<T, Mul>(f.dbnraw, f.dhpreact, f.bngain, f.B, f.H); }

/** Σ_i dhpreact. */
function dbnbias<T>(f: Frame): void { sum<T>(f.dbnbias, f.dhpreact, 1, f.B, f.H); }

/** bnraw = bndiff * bnvar_inv: Σ_i bndiff * dbnraw. */
function dbnvar_inv<T>(f: Frame): void { sumColumns<T, Product>(f.dbnvar_inv, f.bndiff, f.dbnraw, f.B, f.H); }

/** bnvar_inv = (bnvar + eps)^-½: -½ (bnvar + eps)^-1½ * dbnvar_inv. */
function dbnvar<T>(f: Frame): void {
  scalar<T, Add>(f.dbnvar, f.bnvar, f.eps as T, f.H);
  pow<T>(f.dbnvar, f.dbnvar, -1.5, f.H);
  scalar<T, Mul>(f.dbnvar, f.dbnvar, -0.5 as T, f.H);
  elementwise<T, Mul>(f.dbnvar, f.dbnvar, f.dbnvar_inv, f.H);
}

/** bnvar = 1/(B-1) Σ_i bndiff2: 1/(B-1) * dbnvar, in every row. */
function dbndiff2<T>(f: Frame): void {
  scalar<T, Mul>(f.scratch, f.dbnvar, (1 / ((f.B - 1) as f64)) as T, f.H);
  copy<T>(f.dbndiff2, f.scratch, f.B, f.H, 0, 1);
}

/** From bnraw and from bndiff2 = bndiff²: bnvar_inv * dbnraw + 2 bndiff * dbndiff2. */
function dbndiff<T>(f: Frame): void {
  const n = f.B * f.H;
  scalar<T, Mul>(f.scratch, f.bndiff, 2 as T, n);
  elementwise<T, Mul>(f.scratch, f.scratch, f.dbndiff2, n);
  withRow<T, Mul>(f.dbndiff, f.dbnraw, f.bnvar_inv, f.B, f.H);
  elementwise<T, Add>(f.dbndiff, f.dbndiff, f.scratch, n);
}

/** bndiff = hprebn - bnmeani: -Σ_i dbndiff. */
function dbnmeani<T>(f: Frame): void {
  sum<T>(f.dbnmeani, f.dbndiff, 1, f.B, f.H);
  unary<T, Neg>(f.dbnmeani, f.dbnmeani, f.H);
}

/** From bndiff and from bnmeani = 1/B Σ_i hprebn: dbndiff + 1/B * dbnmeani. */
function dhprebn<T>(f: Frame): void {
  scalar<T, Mul>(f.scratch, f.dbnmeani, (1 / (f.B as f64)) as T, f.H);
  withRow<T, Add>(f.dhprebn, f.dbndiff, f.scratch, f.B, f.H);
}

/** hprebn = embcat @ W1 + b1: dhprebn @ W1ᵀ. */
function dembcat<T>(f: Frame): void { timesTransposed<T>(f.dembcat, f.dhprebn, f.W1, f.B, f.T * f.E, f.H, f.scratch); }

/** embcatᵀ @ dhprebn. */
function dW1<T>(f: Frame): void {
  const TE = f.T * f.E;
  matmul<T>(f.dW1, f.embcat, f.dhprebn, TE, f.H, f.B, 1, TE);
}

/** Σ_i dhprebn. */
function db1<T>(f: Frame): void { sum<T>(f.db1, f.dhprebn, 1, f.B, f.H); }

/** embcat = emb.view(B, -1): dembcat in the shape of emb. */
function demb<T>(f: Frame): void { memory.copy(f.demb, f.dembcat, f.B * f.T * f.E * sizeof<T>()); }

/** emb = C[Xb]: each demb[b, t] added to row Xb[b, t]. */
function dC<T>(f: Frame): void {
  memory.fill(f.dC, 0, f.V * f.E * sizeof<T>());
  scatterAdd<T>(f.dC, f.Xb, f.demb, f.B * f.T, f.E);
}
