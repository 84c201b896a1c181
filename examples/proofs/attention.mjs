// One head of attention, and the backward pass of its softmax: ds = p (dp - sum(p dp)).
import { defineProof } from 'handgrad/proof';

export default defineProof({
  name: 'attention',

  inputs: (hg) => ({
    q: hg.randn([6, 8], { requiresGrad: true }),
    k: hg.randn([6, 8], { requiresGrad: true }),
    v: hg.randn([6, 8], { requiresGrad: true }),
    scale: 8 ** -0.5,
  }),

  // An output that is no scalar: its gradient is drawn, and there to be read as d.y.
  forward: ({ q, k, v, scale }) => {
    const scores = q.matmul(k.T).mul(scale);
    const probs = scores.softmax(1);
    return { scores, probs, outputs: { y: probs.matmul(v) } };
  },

  backward: (t, d) => {
    d.v = t.probs.T.matmul(d.y);
    d.probs = d.y.matmul(t.v.T);
    d.scores = t.probs.mul(d.probs.sub(t.probs.mul(d.probs).sum(1, { keepdim: true })));
    d.q = d.scores.matmul(t.k).mul(t.scale);
    d.k = d.scores.T.matmul(t.q).mul(t.scale);
  },
});
