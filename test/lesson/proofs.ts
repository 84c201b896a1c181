// The notebook's model as a proof whose backward pass is a text, for the exercises and the mistakes in them.

import type { Handgrad } from '../../src/handgrad.js';
import { forwardPass } from '../../src/lesson/exercises.js';
import { intermediateNames } from '../../src/mlp/layout.js';
import type { Proof } from '../../src/proof/proof.js';
import type { Tensor } from '../../src/tensor/tensor.js';

/** How large the model is, and batch norm's epsilon. */
export interface Size {
  readonly H?: number;
  readonly eps?: number;
}

const parameter = (hg: Handgrad, shape: number[], scale: number, offset = 0): Tensor => {
  const tensor = hg.noGrad(() => hg.randn(shape).mul(scale).add(offset));
  tensor.requiresGrad = true;
  return tensor;
};

const inputs =
  ({ H = 64, eps = 1e-5 }: Size) =>
  (hg: Handgrad) => ({
    C: parameter(hg, [27, 10], 1),
    W1: parameter(hg, [30, H], 5 / 3 / Math.sqrt(30)),
    b1: parameter(hg, [H], 0.1),
    W2: parameter(hg, [H, 27], 0.1),
    b2: parameter(hg, [27], 0.1),
    bngain: parameter(hg, [1, H], 0.1, 1),
    bnbias: parameter(hg, [1, H], 0.1),
    Xb: hg.randint(0, 27, [32, 3]),
    Yb: hg.randint(0, 27, [32]),
    range: hg.arange(32),
    batch_size: 32,
    eps,
  });

const lines = intermediateNames.map((name) => forwardPass[name].typescript);
const forward = new Function(
  '{ C, W1, b1, W2, b2, bngain, bnbias, Xb, Yb, range, batch_size, eps }',
  `${lines.join('\n')}\nreturn { ${intermediateNames.join(', ')} };`,
) as Proof['forward'];

const compiled = (body: string) => new Function('t', 'd', 'hg', body) as Proof['backward'];

/** The whole model, with the backward pass that `body` is in TypeScript. */
export function exercise(body: string, size: Size = {}): Proof {
  return { name: 'exercise 1', inputs: inputs(size), forward, backward: compiled(body) } as Proof;
}

/** Batch norm alone, from hprebn to hpreact. */
export function batchNorm(body: string): Proof {
  return {
    inputs: (hg: Handgrad) => {
      const { bngain, bnbias, batch_size, eps } = inputs({})(hg);
      return { hprebn: hg.randn([32, 64], { requiresGrad: true }), bngain, bnbias, batch_size, eps };
    },
    forward: ({ hprebn, bngain, bnbias, eps }: Record<string, Tensor> & { eps: number }) => {
      const bndiff = hprebn!.sub(hprebn!.mean(0, { keepdim: true }));
      const bnvar_inv = bndiff.pow(2).sum(0, { keepdim: true }).div(31).add(eps).pow(-0.5);
      const bnraw = bndiff.mul(bnvar_inv);
      return { bnvar_inv, bnraw, outputs: { hpreact: bnraw.mul(bngain!).add(bnbias!) } };
    },
    backward: compiled(`${body}
      d.bngain = d.hpreact.mul(t.bnraw).sum(0, { keepdim: true });
      d.bnbias = d.hpreact.sum(0, { keepdim: true });`),
  } as unknown as Proof;
}
