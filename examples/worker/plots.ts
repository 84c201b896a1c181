// What the lecture plots while a model trains, from one backward pass over a minibatch of its own.

import { type Dataset, type Handgrad, type Model, type NdArray, parameterNames, takeBatch } from 'handgrad';

/** Arrays are copies, so that they can be posted. */
export interface Plots {
  /** Activations after tanh, [B, H], and the gradient of what goes into it. */
  h: NdArray;
  dhpreact: NdArray;
  /** Share of activations beyond 0.97, where tanh lets hardly any gradient through. */
  saturated: number;
  /** Neurons that are there for every example of the minibatch: they learn nothing from it. */
  dead: number;
  /** For each parameter log10 of the update's standard deviation over the values': about -3 is right. */
  ratios: Record<string, number>;
}

/** A function from the rate to the plots of the model as it is. Its generator is its own, so that the training stays the same. */
export function plotter(hg: Handgrad, model: Model, dataset: Dataset): (rate: number) => Plots {
  const generator = hg.generator().manualSeed(7);
  return (rate) =>
    hg.scope(() => {
      const rows = generator.randint(0, dataset.Y.data.length, [32]).data;
      const { Xb, Yb } = takeBatch(dataset, rows as Int32Array);
      const { intermediates, gradients } = model.stepwise(hg.tensor(Xb), hg.tensor(Yb));
      const h = intermediates.h.toArray();
      const { H } = model.sizes;
      const isFlat = Array.from(h.data, (value) => Math.abs(value) > 0.97);
      const neurons = Array.from({ length: H }, (_, j) => isFlat.filter((_, i) => i % H === j));
      const ratio = (name: (typeof parameterNames)[number]) =>
        Math.log10((rate * deviation(gradients[name].data)) / deviation(model.parameters[name].data));
      return {
        h,
        dhpreact: gradients.hpreact.toArray(),
        saturated: isFlat.filter(Boolean).length / isFlat.length,
        dead: neurons.filter((column) => column.every(Boolean)).length,
        ratios: Object.fromEntries(parameterNames.map((name) => [name, ratio(name)])),
      };
    });
}

/** The standard deviation. */
function deviation(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  return Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1));
}
