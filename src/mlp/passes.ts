// The three backward passes over the same named intermediates. What they return belongs to the current scope.

import type { StridedArray } from '../tensor/arrays/strided.js';
import { enableGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { Frame, type fusedNames, type HandWritten, type Inputs } from './frame.js';
import type { DifferentiatedName, IntermediateName, ParameterName } from './layout.js';
import { byName, differentiatedNames, intermediateNames, parameterNames } from './layout.js';

/** What a pass computes: the loss, the intermediates that it materialises, and gradients, each under the name of its tensor. */
export interface Pass {
  readonly loss: number;
  readonly intermediates: Readonly<Partial<Record<IntermediateName, Tensor>>>;
  readonly gradients: Readonly<Partial<Record<DifferentiatedName, Tensor>>>;
}

/** A pass that materialises everything: all intermediates and all gradients, by name. */
export interface FullPass extends Pass {
  readonly intermediates: Readonly<Record<IntermediateName, Tensor>>;
  readonly gradients: Readonly<Record<DifferentiatedName, Tensor>>;
}

/** A fused pass: its gradients are those of logits, hprebn and the parameters. */
export interface FusedPass extends Pass {
  readonly gradients: Readonly<Record<(typeof fusedNames)[number], Tensor>>;
}

/** A pass that is written by hand, in the module. */
export function handWritten(pass: 'stepwise', inputs: Inputs): FullPass;
export function handWritten(pass: 'fused', inputs: Inputs): FusedPass;
export function handWritten(pass: HandWritten, inputs: Inputs): Pass {
  return inputs.Xb.core.scopes.run((keep) => {
    const { run, intermediates, gradients } = new Frame(pass, inputs);
    run();
    const tensors = (arrays: ReadonlyMap<string, StridedArray>) =>
      Object.fromEntries([...arrays].map(([name, array]) => [name, Tensor.of(keep(array))]));
    const loss = intermediates.get('loss')!.elements()[0]!;
    return { loss, intermediates: tensors(intermediates), gradients: tensors(gradients) };
  });
}

/** The tape's gradients, which know nothing of this model: the notebook's `loss.backward()`. */
export function autograd(inputs: Inputs): FullPass {
  return inputs.Xb.core.scopes.run((keep) => {
    const { leaves, intermediates } = recorded(inputs);
    const differentiated = Object.assign({}, leaves, intermediates);
    for (const name of intermediateNames) {
      intermediates[name].name = name;
      intermediates[name].retainGrad();
    }
    intermediates.loss.backward();
    const kept = (tensor: Tensor) => Tensor.of(keep(tensor.array));
    return {
      loss: intermediates.loss.item(),
      intermediates: byName(intermediateNames, (name) => kept(intermediates[name])),
      gradients: byName(differentiatedNames, (name) => kept(differentiated[name].grad!)),
    };
  });
}

/** The tape's gradients of the parameters alone, and the loss. */
export function parameterGradients(inputs: Inputs): { loss: number; gradients: Record<ParameterName, Tensor> } {
  const {
    leaves,
    intermediates: { loss },
  } = recorded(inputs);
  loss.backward();
  return { loss: loss.item(), gradients: byName(parameterNames, (name) => leaves[name].grad!) };
}

/** The forward pass on the tape, and the parameters as its leaves. */
function recorded(inputs: Inputs) {
  const leaves = byName(parameterNames, (name) => {
    const leaf = Tensor.of(inputs.parameters[name].alias());
    leaf.name = name;
    leaf.requiresGrad = true;
    return leaf;
  });
  return { leaves, intermediates: enableGrad(() => forward(leaves, inputs)) };
}

/** The notebook's forward pass, line for line. */
export function forward(
  parameters: Readonly<Record<ParameterName, Tensor>>,
  { Xb, Yb, eps }: Pick<Inputs, 'Xb' | 'Yb' | 'eps'>,
): Record<IntermediateName, Tensor> {
  const { C, W1, b1, W2, b2, bngain, bnbias } = parameters;
  const B = Yb.count;
  const range = Array.from({ length: B }, (_, row) => row);

  const emb = C.index(Tensor.of(Xb));
  const embcat = emb.view(B, -1);
  const hprebn = embcat.matmul(W1).add(b1);
  const bnmeani = hprebn.sum(0, { keepdim: true }).mul(1 / B);
  const bndiff = hprebn.sub(bnmeani);
  const bndiff2 = bndiff.pow(2);
  const bnvar = bndiff2.sum(0, { keepdim: true }).mul(1 / (B - 1));
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
  const loss = logprobs.index(range, Tensor.of(Yb)).mean().neg();

  const hidden = { emb, embcat, hprebn, bnmeani, bndiff, bndiff2, bnvar, bnvar_inv, bnraw, hpreact, h };
  const output = { logits, logit_maxes, norm_logits, counts, counts_sum, counts_sum_inv, probs, logprobs, loss };
  // Not spread: V8 takes 10 µs for that, a twentieth of a training step.
  return Object.assign(hidden, output);
}
