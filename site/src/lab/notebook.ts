// The notebook's model on one minibatch, as data that can be posted.

import { compare, differentiatedNames, formatComparison, fusedNames, type Handgrad, type Tensor } from 'handgrad';
import { core } from './core.js';
import { type Drawn, draw, wordsFor } from './model.js';
import type { Arrays, Example, Notebook } from './protocol.js';
import type { Settings } from './settings.js';

/** Every value and gradient of the model of `settings`. */
export async function notebook(settings: Settings): Promise<Notebook> {
  const [hg, words] = [await core(), await wordsFor(settings)];
  return hg.scope(() => computed(hg, settings, draw(hg, settings, words)));
}

function computed(hg: Handgrad, settings: Settings, { model, vocabulary, batch }: Drawn): Notebook {
  const [Xb, Yb] = [hg.tensor(batch.Xb), hg.tensor(batch.Yb)];
  const autograd = model.autograd(Xb, Yb);
  const stepwise = model.stepwise(Xb, Yb);
  const fused = model.fused(Xb, Yb);
  const line = (of: Readonly<Record<string, Tensor>>) => (name: string) => [
    name,
    formatComparison(compare(`d${name}`, of[name]!, autograd.gradients[name as keyof typeof autograd.gradients])),
  ];
  return {
    settings,
    characters: vocabulary.itos,
    examples: examplesOf(batch.Xb.data, batch.Yb.data, vocabulary.itos),
    loss: stepwise.loss,
    parameterCount: model.parameterCount,
    values: arraysOf({ Xb, Yb, ...model.parameters, ...stepwise.intermediates }),
    gradients: arraysOf(stepwise.gradients),
    fused: arraysOf(fused.gradients),
    lines: Object.fromEntries(differentiatedNames.map(line(stepwise.gradients))),
    fusedLines: Object.fromEntries(fusedNames.map(line(fused.gradients))),
  };
}

function arraysOf(tensors: Readonly<Record<string, Tensor>>): Arrays {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.toArray()]));
}

function examplesOf(Xb: ArrayLike<number>, Yb: ArrayLike<number>, itos: readonly string[]): Example[] {
  const T = Xb.length / Yb.length;
  return Array.from(Yb, (target, row) => ({
    context: Array.from({ length: T }, (_, t) => itos[Xb[row * T + t]!]).join(''),
    target: itos[target]!,
  }));
}
