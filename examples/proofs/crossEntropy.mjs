// The notebook's cross-entropy: logits to loss in one go forward and backward (exercise 2).
import { defineProof } from 'handgrad/proof';

export default defineProof({
  name: 'cross-entropy in one go',

  inputs: (hg) => ({
    logits: hg.randn([32, 27], { requiresGrad: true }),
    Yb: hg.randint(0, 27, [32]),
    n: 32,
  }),

  forward: ({ logits, Yb }) => ({ loss: logits.crossEntropy(Yb) }),

  backward: (t, d) => {
    const rows = Array.from({ length: t.n }, (_, i) => i);
    d.logits = t.logits.softmax(1);
    d.logits.indexPut_([rows, t.Yb], d.logits.index(rows, t.Yb).sub(1));
    d.logits.div_(t.n);
  },
});
