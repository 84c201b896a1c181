// Functions with backward passes written by hand, as texts of one statement a line, so that faults can be written into them.

import type { Handgrad } from '../../src/handgrad.js';
import { defineProof, type Proof } from '../../src/proof/proof.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** A function, its right backward pass, and one-line faults in it. */
export interface Written {
  readonly proof: Omit<Proof, 'backward'>;
  readonly backward: string;
}

/** The proof with the backward pass that `text` is the body of. */
export function withBackward({ proof }: Written, text: string): Proof {
  const backward = new Function('t', 'd', 'hg', text) as Proof['backward'];
  return { ...proof, backward } as Proof;
}

interface Sizes {
  B?: number;
  V?: number;
  E?: number;
  T?: number;
  H?: number;
  eps?: number;
}

/** The notebook: its forward pass, and exercise 1. */
export function notebook({ B = 32, V = 27, E = 10, T = 3, H = 64, eps = 1e-5 }: Sizes = {}): Written {
  const parameter = (hg: Handgrad, shape: number[], scale: number, offset = 0): Tensor => {
    const tensor = hg.noGrad(() => hg.randn(shape).mul(scale).add(offset));
    tensor.requiresGrad = true;
    return tensor;
  };
  return {
    proof: defineProof({
      name: 'notebook',
      inputs: (hg) => ({
        C: parameter(hg, [V, E], 1),
        W1: parameter(hg, [T * E, H], 5 / 3 / Math.sqrt(T * E)),
        b1: parameter(hg, [H], 0.1),
        W2: parameter(hg, [H, V], 0.1),
        b2: parameter(hg, [V], 0.1),
        bngain: parameter(hg, [1, H], 0.1, 1),
        bnbias: parameter(hg, [1, H], 0.1),
        Xb: hg.randint(0, V, [B, T]),
        Yb: hg.randint(0, V, [B]),
        n: B,
        eps,
      }),
      forward: ({ C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb, n, eps }) => {
        const emb = C.index(Xb);
        const embcat = emb.view(n, -1);
        const hprebn = embcat.matmul(W1).add(b1);
        const bnmeani = hprebn.sum(0, { keepdim: true }).mul(1 / n);
        const bndiff = hprebn.sub(bnmeani);
        const bndiff2 = bndiff.pow(2);
        const bnvar = bndiff2.sum(0, { keepdim: true }).mul(1 / (n - 1));
        const bnvar_inv = bnvar.add(eps).pow(-0.5);
        const bnraw = bndiff.mul(bnvar_inv);
        const hpreact = bngain.mul(bnraw).add(bnbias);
        const h = hpreact.tanh();
        const logits = h.matmul(W2).add(b2);
        const logit_maxes = logits.max(1, { keepdim: true }).values;
        const norm_logits = logits.sub(logit_maxes);
        const counts = norm_logits.exp();
        const counts_sum = counts.sum(1, { keepdim: true });
        const counts_sum_inv = counts_sum.pow(-1);
        const probs = counts.mul(counts_sum_inv);
        const logprobs = probs.log();
        const loss = logprobs
          .index(
            Array.from({ length: n }, (_, i) => i),
            Yb,
          )
          .mean()
          .neg();
        return {
          ...{ emb, embcat, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvar_inv, bnraw, hpreact, h, logits },
          ...{ logit_maxes, norm_logits, counts, counts_sum, counts_sum_inv, probs, logprobs, loss },
        };
      },
      backward: () => {},
    }) as unknown as Proof,
    backward: `
      const range = Array.from({ length: t.n }, (_, i) => i);
      d.logprobs = hg.zerosLike(t.logprobs).indexPut_([range, t.Yb], -1 / t.n);
      d.probs = t.probs.pow(-1).mul(d.logprobs);
      d.counts_sum_inv = t.counts.mul(d.probs).sum(1, { keepdim: true });
      d.counts = t.counts_sum_inv.mul(d.probs);
      d.counts_sum = t.counts_sum.pow(-2).neg().mul(d.counts_sum_inv);
      d.counts = d.counts.add(hg.onesLike(t.counts).mul(d.counts_sum));
      d.norm_logits = t.counts.mul(d.counts);
      d.logits = d.norm_logits.clone();
      d.logit_maxes = d.norm_logits.neg().sum(1, { keepdim: true });
      d.logits = d.logits.add(hg.oneHot(t.logits.argmax(1), t.logits.shape[1]).mul(d.logit_maxes));
      d.h = d.logits.matmul(t.W2.T);
      d.W2 = t.h.T.matmul(d.logits);
      d.b2 = d.logits.sum(0);
      d.hpreact = hg.onesLike(t.h).sub(t.h.pow(2)).mul(d.h);
      d.bngain = t.bnraw.mul(d.hpreact).sum(0, { keepdim: true });
      d.bnraw = t.bngain.mul(d.hpreact);
      d.bnbias = d.hpreact.sum(0, { keepdim: true });
      d.bndiff = t.bnvar_inv.mul(d.bnraw);
      d.bnvar_inv = t.bndiff.mul(d.bnraw).sum(0, { keepdim: true });
      d.bnvar = t.bnvar.add(t.eps).pow(-1.5).mul(-0.5).mul(d.bnvar_inv);
      d.bndiff2 = hg.onesLike(t.bndiff2).mul(1 / (t.n - 1)).mul(d.bnvar);
      d.bndiff = d.bndiff.add(t.bndiff.mul(2).mul(d.bndiff2));
      d.hprebn = d.bndiff.clone();
      d.bnmeani = d.bndiff.neg().sum(0, { keepdim: true });
      d.hprebn = d.hprebn.add(hg.onesLike(t.hprebn).mul(1 / t.n).mul(d.bnmeani));
      d.embcat = d.hprebn.matmul(t.W1.T);
      d.W1 = t.embcat.T.matmul(d.hprebn);
      d.b1 = d.hprebn.sum(0);
      d.emb = d.embcat.view(t.emb.shape);
      d.C = hg.zerosLike(t.C).indexPut_([t.Xb], d.emb, { accumulate: true });
    `,
  };
}
