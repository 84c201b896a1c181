// Six functions of today's models with backward passes written by hand, and one-line faults in them.

import type { Handgrad } from '../../src/handgrad.js';
import { defineProof, type Proof } from '../../src/proof/proof.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import type { Written } from './functions.js';
import type { Fault } from './notebookFaults.js';

/** A function and what may be wrong with it. */
export interface Faulty extends Written {
  readonly faults: readonly Fault[];
}

const grad = { requiresGrad: true };
const sigmoid = (x: Tensor): Tensor => x.neg().exp().add(1).pow(-1);
/** A leaf of normal numbers times `scale`. */
const scaled = (hg: Handgrad, shape: number[], scale: number): Tensor => {
  const leaf = hg.noGrad(() => hg.randn(shape).mul(scale));
  leaf.requiresGrad = true;
  return leaf;
};

export interface Size {
  /** Rows. */
  n?: number;
  /** Columns. */
  m?: number;
}

const written = (proof: unknown, backward: string, faults: readonly Fault[]): Faulty => ({
  proof: proof as Proof,
  backward,
  faults,
});

/** y = (x - mean) / sqrt(var + eps) * gain + bias, over each row. */
export function layerNorm({ n = 8, m = 16 }: Size = {}): Faulty {
  return written(
    defineProof({
      name: 'layer norm',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        gain: hg.rand([m], grad),
        bias: hg.randn([m], grad),
        w: hg.randn([n, m]),
        m,
        eps: 1e-5,
      }),
      forward: ({ x, gain, bias, w, m, eps }) => {
        const mean = x.sum(1, { keepdim: true }).div(m);
        const diff = x.sub(mean);
        const variance = diff.pow(2).sum(1, { keepdim: true }).div(m);
        const inv = variance.add(eps).pow(-0.5);
        const normal = diff.mul(inv);
        const out = normal.mul(gain).add(bias);
        return { mean, diff, variance, inv, normal, out, loss: out.mul(w).sum() };
      },
      backward: () => {},
    }),
    `
      d.out = t.w.clone();
      d.bias = d.out.sum(0);
      d.gain = d.out.mul(t.normal).sum(0);
      d.normal = d.out.mul(t.gain);
      d.inv = d.normal.mul(t.diff).sum(1, { keepdim: true });
      d.variance = d.inv.mul(t.variance.add(t.eps).pow(-1.5)).mul(-0.5);
      d.diff = d.normal.mul(t.inv).add(t.diff.mul(d.variance).mul(2 / t.m));
      d.mean = d.diff.sum(1, { keepdim: true }).neg();
      d.x = d.diff.add(d.mean.div(t.m));
    `,
    [
      ['bias', 'd.bias = d.out.sum(0)', 'd.bias = d.out', 'not-summed'],
      ['gain', 'd.out.mul(t.normal).sum(0)', 'd.out.mul(t.diff).sum(0)', null],
      ['normal', 'd.out.mul(t.gain)', 'd.out.clone()', 'copied'],
      ['inv', 'd.normal.mul(t.diff).sum(1', 'd.normal.mul(t.diff).mean(1', 'mean-instead-of-sum'],
      ['variance', '.add(t.eps).pow(-1.5)', '.pow(-1.5)', 'constant'],
      ['variance', '.mul(-0.5)', '.mul(0.5)', 'sign'],
      ['diff', '.mul(2 / t.m)', '.mul(1 / t.m)', 'factor-of-branch'],
      ['diff', '.add(t.diff.mul(d.variance).mul(2 / t.m))', '', 'missing-branch'],
      ['mean', '.sum(1, { keepdim: true }).neg()', '.sum(1, { keepdim: true })', 'sign'],
      ['x', 'd.diff.add(d.mean.div(t.m))', 'd.diff.add(d.mean)', 'factor-of-branch'],
      ['x', 'd.diff.add(d.mean.div(t.m))', 'd.diff.clone()', 'missing-branch'],
    ],
  );
}

/** softmax(q k' / sqrt(d)) v, one head. */
export function attention({ n = 8, m = 8 }: Size = {}): Faulty {
  return written(
    defineProof({
      name: 'attention',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        Wq: scaled(hg, [m, m], m ** -0.5),
        Wk: scaled(hg, [m, m], m ** -0.5),
        Wv: scaled(hg, [m, m], m ** -0.5),
        scale: m ** -0.5,
      }),
      forward: ({ x, Wq, Wk, Wv, scale }) => {
        const q = x.matmul(Wq);
        const k = x.matmul(Wk);
        const v = x.matmul(Wv);
        const scores = q.matmul(k.T).mul(scale);
        const probs = scores.softmax(1);
        const y = probs.matmul(v);
        return { q, k, v, scores, probs, outputs: { y } };
      },
      backward: () => {},
    }),
    `
      d.probs = d.y.matmul(t.v.T);
      d.v = t.probs.T.matmul(d.y);
      d.scores = t.probs.mul(d.probs.sub(t.probs.mul(d.probs).sum(1, { keepdim: true })));
      d.q = d.scores.matmul(t.k).mul(t.scale);
      d.k = d.scores.T.matmul(t.q).mul(t.scale);
      d.Wq = t.x.T.matmul(d.q);
      d.Wk = t.x.T.matmul(d.k);
      d.Wv = t.x.T.matmul(d.v);
      d.x = d.q.matmul(t.Wq.T).add(d.k.matmul(t.Wk.T)).add(d.v.matmul(t.Wv.T));
    `,
    [
      ['probs', 'd.y.matmul(t.v.T)', 't.v.matmul(d.y.T)', 'transposed'],
      ['v', 't.probs.T.matmul(d.y)', 't.probs.matmul(d.y)', null],
      ['scores', '.sub(t.probs.mul(d.probs).sum(1, { keepdim: true }))', '', null],
      ['scores', 't.probs.mul(d.probs.sub', 't.probs.neg().mul(d.probs.sub', 'sign'],
      ['q', 'd.scores.matmul(t.k).mul(t.scale)', 'd.scores.matmul(t.k)', 'factor'],
      ['k', 'd.scores.T.matmul(t.q)', 'd.scores.matmul(t.q)', null],
      ['Wq', 't.x.T.matmul(d.q)', 'd.q.T.matmul(t.x)', 'transposed'],
      ['Wv', 't.x.T.matmul(d.v)', 't.x.T.matmul(d.v).neg()', 'sign'],
      ['x', '.add(d.k.matmul(t.Wk.T))', '', 'missing-branch'],
      ['x', '.add(d.v.matmul(t.Wv.T))', '.sub(d.v.matmul(t.Wv.T))', 'sign-of-branch'],
      ['x', '.add(d.v.matmul(t.Wv.T))', '.add(d.v.matmul(t.Wv.T)).add(d.v.matmul(t.Wv.T))', 'accumulated-twice'],
    ],
  );
}

/** RMS norm, then SwiGLU: (u * sigmoid(u)) * g of the normed rows. */
export function swiGlu({ n = 8, m = 12 }: Size = {}): Faulty {
  return written(
    defineProof({
      name: 'RMS norm and SwiGLU',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        gain: hg.rand([m], grad),
        Wu: scaled(hg, [m, m], m ** -0.5),
        Wg: scaled(hg, [m, m], m ** -0.5),
        m,
        eps: 1e-6,
      }),
      forward: ({ x, gain, Wu, Wg, m, eps }) => {
        const ms = x.pow(2).sum(1, { keepdim: true }).div(m);
        const inv = ms.add(eps).pow(-0.5);
        const normal = x.mul(inv);
        const z = normal.mul(gain);
        const u = z.matmul(Wu);
        const g = z.matmul(Wg);
        const s = sigmoid(u);
        const y = u.mul(s).mul(g);
        return { ms, inv, normal, z, u, g, s, outputs: { y } };
      },
      backward: () => {},
    }),
    `
      d.g = d.y.mul(t.u).mul(t.s);
      d.s = d.y.mul(t.u).mul(t.g);
      d.u = d.y.mul(t.s).mul(t.g).add(d.s.mul(t.s).mul(t.s.neg().add(1)));
      d.Wu = t.z.T.matmul(d.u);
      d.Wg = t.z.T.matmul(d.g);
      d.z = d.u.matmul(t.Wu.T).add(d.g.matmul(t.Wg.T));
      d.gain = d.z.mul(t.normal).sum(0);
      d.normal = d.z.mul(t.gain);
      d.inv = d.normal.mul(t.x).sum(1, { keepdim: true });
      d.ms = d.inv.mul(t.ms.add(t.eps).pow(-1.5)).mul(-0.5);
      d.x = d.normal.mul(t.inv).add(t.x.mul(d.ms).mul(2 / t.m));
    `,
    [
      ['g', 'd.y.mul(t.u).mul(t.s)', 'd.y.mul(t.u)', null],
      ['u', '.add(d.s.mul(t.s).mul(t.s.neg().add(1)))', '', 'missing-branch'],
      ['u', 't.s.neg().add(1)', 't.s.sub(1)', 'sign-of-branch'],
      ['Wg', 't.z.T.matmul(d.g)', 't.x.T.matmul(d.g)', null],
      ['z', '.add(d.g.matmul(t.Wg.T))', '', 'missing-branch'],
      ['gain', 'd.z.mul(t.normal).sum(0)', 'd.z.mul(t.normal)', 'not-summed'],
      ['inv', '.sum(1, { keepdim: true })', '.sum(0, { keepdim: true })', 'wrong-axis'],
      ['ms', 't.ms.add(t.eps)', 't.ms', 'constant'],
      ['x', '.mul(2 / t.m)', '.mul(2)', 'factor-of-branch'],
    ],
  );
}

/** One step of a gated recurrent unit. */
export function gruCell({ n = 6, m = 10 }: Size = {}): Faulty {
  const weights = (hg: Handgrad) => scaled(hg, [m, m], m ** -0.5);
  return written(
    defineProof({
      name: 'GRU cell',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        h: hg.randn([n, m], grad),
        Wr: weights(hg),
        Ur: weights(hg),
        Wz: weights(hg),
        Uz: weights(hg),
        Wn: weights(hg),
        Un: weights(hg),
      }),
      forward: ({ x, h, Wr, Ur, Wz, Uz, Wn, Un }) => {
        const r = sigmoid(x.matmul(Wr).add(h.matmul(Ur)));
        const z = sigmoid(x.matmul(Wz).add(h.matmul(Uz)));
        const hu = h.matmul(Un);
        const c = x.matmul(Wn).add(r.mul(hu)).tanh();
        const out = z.neg().add(1).mul(c).add(z.mul(h));
        return { r, z, hu, c, outputs: { out } };
      },
      backward: () => {},
    }),
    `
      const slope = (s) => s.mul(s.neg().add(1));
      d.c = d.out.mul(t.z.neg().add(1));
      d.z = d.out.mul(t.h.sub(t.c));
      const pc = d.c.mul(t.c.pow(2).neg().add(1));
      d.r = pc.mul(t.hu);
      d.hu = pc.mul(t.r);
      const pr = d.r.mul(slope(t.r));
      const pz = d.z.mul(slope(t.z));
      d.Wn = t.x.T.matmul(pc);
      d.Un = t.h.T.matmul(d.hu);
      d.Wr = t.x.T.matmul(pr);
      d.Ur = t.h.T.matmul(pr);
      d.Wz = t.x.T.matmul(pz);
      d.Uz = t.h.T.matmul(pz);
      d.x = pc.matmul(t.Wn.T).add(pr.matmul(t.Wr.T)).add(pz.matmul(t.Wz.T));
      d.h = d.out.mul(t.z).add(d.hu.matmul(t.Un.T)).add(pr.matmul(t.Ur.T)).add(pz.matmul(t.Uz.T));
    `,
    [
      ['c', 'd.out.mul(t.z.neg().add(1))', 'd.out.mul(t.z.sub(1))', 'sign'],
      ['c', 'd.out.mul(t.z.neg().add(1))', 'd.out.mul(t.z)', null],
      ['z', 't.h.sub(t.c)', 't.h', 'missing-branch'],
      ['z', 't.h.sub(t.c)', 't.h.add(t.c)', 'sign-of-branch'],
      ['Ur', 't.h.T.matmul(pr)', 't.x.T.matmul(pr)', null],
      ['x', '.add(pz.matmul(t.Wz.T))', '', 'missing-branch'],
      ['h', 'd.out.mul(t.z).add', 'd.out.mul(t.z).mul(2).add', 'accumulated-twice'],
      ['h', '.add(d.hu.matmul(t.Un.T))', '.sub(d.hu.matmul(t.Un.T))', 'sign-of-branch'],
    ],
  );
}

/** Cross-entropy against labels of which a part is spread over all classes. */
export function smoothedCrossEntropy({ n = 8, m = 10 }: Size = {}): Faulty {
  return written(
    defineProof({
      name: 'label-smoothed cross-entropy',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        labels: hg
          .oneHot(hg.randint(0, m, [n]), m)
          .mul(0.9)
          .add(0.1 / m),
        n,
      }),
      forward: ({ x, labels, n }) => {
        const e = x.exp();
        const total = e.sum(1, { keepdim: true });
        const lse = total.log();
        const logp = x.sub(lse);
        const loss = logp.mul(labels).sum().div(-n);
        return { e, total, lse, logp, loss };
      },
      backward: () => {},
    }),
    `
      d.logp = t.labels.div(-t.n);
      d.lse = d.logp.sum(1, { keepdim: true }).neg();
      d.total = d.lse.div(t.total);
      d.e = d.total.expand(t.e.shape);
      d.x = d.logp.add(d.e.mul(t.e));
    `,
    [
      ['logp', 't.labels.div(-t.n)', 't.labels.div(t.n)', 'sign'],
      ['logp', 't.labels.div(-t.n)', 't.labels.neg()', 'factor'],
      ['lse', '.sum(1, { keepdim: true }).neg()', '.sum(1, { keepdim: true })', 'sign'],
      ['lse', '.sum(1, { keepdim: true }).neg()', '.mean(1, { keepdim: true }).neg()', 'mean-instead-of-sum'],
      ['total', 'd.lse.div(t.total)', 'd.lse.mul(t.total)', null],
      ['x', 'd.logp.add(d.e.mul(t.e))', 'd.logp.clone()', 'missing-branch'],
      ['x', 'd.logp.add(d.e.mul(t.e))', 'd.logp.add(d.e)', null],
    ],
  );
}

/** A convolution of width 3 along rows, as a product of overlapping windows with the kernel. */
export function convolution({ n = 10, m = 4 }: Size = {}): Faulty {
  const windows = Array.from({ length: n - 2 }, (_, i) => [i, i + 1, i + 2]).flat();
  return written(
    defineProof({
      name: 'convolution as a product',
      inputs: (hg) => ({
        x: hg.randn([n, m], grad),
        K: scaled(hg, [3 * m, m], (3 * m) ** -0.5),
        bias: hg.randn([m], grad),
        windows,
        out: n - 2,
      }),
      forward: ({ x, K, bias, windows, out }) => {
        const patches = x.index(windows as number[]);
        const columns = patches.view(out, -1);
        const product = columns.matmul(K);
        const y = product.add(bias);
        return { patches, columns, product, outputs: { y } };
      },
      backward: () => {},
    }),
    `
      d.bias = d.y.sum(0);
      d.product = d.y.clone();
      d.K = t.columns.T.matmul(d.product);
      d.columns = d.product.matmul(t.K.T);
      d.patches = d.columns.view(t.patches.shape);
      d.x = hg.zerosLike(t.x).indexPut_([t.windows], d.patches, { accumulate: true });
    `,
    [
      ['bias', 'd.bias = d.y.sum(0)', 'd.bias = d.y.mean(0)', 'mean-instead-of-sum'],
      ['product', 'd.y.clone()', 'd.y.neg()', 'sign'],
      ['K', 't.columns.T.matmul(d.product)', 't.columns.T.matmul(d.product).div(t.out)', 'factor'],
      ['columns', 'd.product.matmul(t.K.T)', 'd.product.matmul(t.K.T).mul(0.5)', 'factor'],
      ['patches', 'd.columns.view(t.patches.shape)', 'd.columns.T.reshape(t.patches.shape)', null],
      ['x', ', { accumulate: true }', '', 'not-accumulated'],
      ['x', '[t.windows], d.patches', '[t.windows.map((i) => (i + 1) % t.x.shape[0])], d.patches', 'shifted'],
    ],
  );
}

/** All of them. */
export const sixFunctions: readonly ((size?: Size) => Faulty)[] = [
  layerNorm,
  attention,
  swiGlu,
  gruCell,
  smoothedCrossEntropy,
  convolution,
];
