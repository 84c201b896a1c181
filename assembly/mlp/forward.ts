// The forward pass in the notebook's named steps. Each reads like its formula, and rounds where the formula's operations do.

import { Add, Mul, scalar, Sub, withColumn, withRow } from '../kernels/binary';
import { gather } from '../kernels/indexing';
import { matmul } from '../kernels/matmul';
import { maximum, sum, sumRow, Value } from '../kernels/reduce';
import { Exp, Log, pow, Tanh, unary } from '../kernels/unary';
import { get, set } from '../simd';
import { Frame } from './frame';

/** Every intermediate, from emb to loss. B >= 2. */
export function forward<T>(f: Frame): void {
  const B = f.B, V = f.V, E = f.E, H = f.H;
  const TE = f.T * E;

  // emb = C[Xb]; embcat = emb.view(B, -1)
  gather<T>(f.emb, f.C, f.Xb, B * f.T, E);
  memory.copy(f.embcat, f.emb, B * TE * sizeof<T>());

  // hprebn = embcat @ W1 + b1
  matmul<T>(f.hprebn, f.embcat, f.W1, B, H, TE, TE, 1);
  withRow<T, Add>(f.hprebn, f.hprebn, f.b1, B, H);

  // bnmeani = 1/B * hprebn.sum(0)
  sum<T>(f.bnmeani, f.hprebn, 1, B, H);
  scalar<T, Mul>(f.bnmeani, f.bnmeani, (1 / (B as f64)) as T, H);

  // bndiff = hprebn - bnmeani; bndiff2 = bndiff**2
  withRow<T, Sub>(f.bndiff, f.hprebn, f.bnmeani, B, H);
  pow<T>(f.bndiff2, f.bndiff, 2, B * H);

  // bnvar = 1/(B-1) * bndiff2.sum(0), with Bessel's correction
  sum<T>(f.bnvar, f.bndiff2, 1, B, H);
  scalar<T, Mul>(f.bnvar, f.bnvar, (1 / ((B - 1) as f64)) as T, H);

  // bnvar_inv = (bnvar + eps)**-0.5; bnraw = bndiff * bnvar_inv
  scalar<T, Add>(f.bnvar_inv, f.bnvar, f.eps as T, H);
  pow<T>(f.bnvar_inv, f.bnvar_inv, -0.5, H);
  withRow<T, Mul>(f.bnraw, f.bndiff, f.bnvar_inv, B, H);

  // hpreact = bngain * bnraw + bnbias; h = tanh(hpreact)
  withRow<T, Mul>(f.hpreact, f.bnraw, f.bngain, B, H);
  withRow<T, Add>(f.hpreact, f.hpreact, f.bnbias, B, H);
  unary<T, Tanh>(f.h, f.hpreact, B * H);

  // logits = h @ W2 + b2
  matmul<T>(f.logits, f.h, f.W2, B, V, H, H, 1);
  withRow<T, Add>(f.logits, f.logits, f.b2, B, V);

  // logit_maxes = logits.max(1); norm_logits = logits - logit_maxes
  maximum<T>(f.logit_maxes, f.logit_argmaxes, f.logits, B, V, 1);
  withColumn<T, Sub>(f.norm_logits, f.logits, f.logit_maxes, B, V);

  // counts = exp(norm_logits); counts_sum = counts.sum(1); counts_sum_inv = counts_sum**-1
  unary<T, Exp>(f.counts, f.norm_logits, B * V);
  sum<T>(f.counts_sum, f.counts, B, V, 1);
  pow<T>(f.counts_sum_inv, f.counts_sum, -1, B);

  // probs = counts * counts_sum_inv; logprobs = log(probs)
  withColumn<T, Mul>(f.probs, f.counts, f.counts_sum_inv, B, V);
  unary<T, Log>(f.logprobs, f.probs, B * V);

  // loss = -logprobs[range(B), Yb].mean()
  for (let i: usize = 0; i < B; i++) set<T>(f.scratch, i, get<T>(f.logprobs, i * V + get<i32>(f.Yb, i)));
  store<T>(f.loss, -((sumRow<T, Value>(f.scratch, f.scratch, B) / (B as T)) as T) as T);
}
