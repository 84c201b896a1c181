// The example that `handgrad check --init` writes.

const example = `// A proof: a forward pass, and its backward pass written by hand. Run it with: handgrad check <this file>
//
// Each gradient that backward() writes to d gets a verdict. Make a mistake on purpose, and see it found: leave out a .neg(), or
// the second term of d.x.

export default {
  name: 'a layer norm',

  // The tensors to begin with; those with requiresGrad are differentiated. hg.randn and its like draw from a seeded generator.
  inputs: (hg) => ({
    x: hg.randn([8, 16], { requiresGrad: true }),
    gain: hg.rand([16], { requiresGrad: true }),
    bias: hg.randn([16], { requiresGrad: true }),
    n: 16,
    eps: 1e-5,
  }),

  // Every intermediate by name, and a scalar loss; or { outputs: { … } } for outputs that are no scalar.
  forward: ({ x, gain, bias, n, eps }) => {
    const mean = x.sum(1, { keepdim: true }).div(n);
    const diff = x.sub(mean);
    const variance = diff.pow(2).sum(1, { keepdim: true }).div(n);
    const inv = variance.add(eps).pow(-0.5);
    const normal = diff.mul(inv);
    const out = normal.mul(gain).add(bias);
    return { mean, diff, variance, inv, normal, outputs: { out } };
  },

  // t has the inputs and intermediates by name, d takes their gradients; that of the output is there to begin with.
  backward: (t, d, hg) => {
    d.bias = d.out.sum(0);
    d.gain = d.out.mul(t.normal).sum(0);
    d.normal = d.out.mul(t.gain);
    d.inv = d.normal.mul(t.diff).sum(1, { keepdim: true });
    d.variance = d.inv.mul(t.variance.add(t.eps).pow(-1.5)).mul(-0.5);
    d.diff = d.normal.mul(t.inv).add(t.diff.mul(d.variance).mul(2 / t.n));
    d.mean = d.diff.sum(1, { keepdim: true }).neg();
    d.x = d.diff.add(d.mean.div(t.n));
  },
};
`;

/** The example for a file of this name; in TypeScript it has types. */
export function exampleFor(file: string): string {
  if (!/ts$/.test(file)) return example;
  const typed = example.replace(
    'export default {',
    "import { defineProof } from 'handgrad/proof';\n\nexport default defineProof({",
  );
  return typed.replace(/\};\n$/, '});\n');
}
