// Inputs of other kinds than those given: a fault that ordinary inputs hide shows with tiny, large or repeated ones.

import { ProofError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { show } from '../base/show.js';
import type { Handgrad } from '../handgrad.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Kernel } from './kernel.js';
import { checkedValues } from './proof.js';
import { type DrawnInputs, drawInputs } from './run.js';

/** Inputs under a name. */
export interface NamedInputs {
  readonly name: string;
  readonly inputs: DrawnInputs;
  /** Whether they were asked for; usual ones that a kernel is not for decide nothing. */
  readonly isGiven: boolean;
}

/** The regime of the inputs as drawn. */
export const asGiven = 'as given';

type Change = (values: NdArray['data']) => NdArray['data'];

/** The usual regimes, changes of all floating-point inputs, and of all indices. */
const usual: readonly (readonly [name: string, float: Change | null, integer: Change | null])[] = [
  ['tiny', (values) => values.map((x) => x * 1e-3), null],
  ['large', (values) => values.map((x) => x * 30), null],
  ['offset', (values) => values.map((x) => x + 100), null],
  ['one repeated value', (values) => values.map(() => values[0] ?? 0), null],
  ['repeated indices', null, (values) => values.map(() => values[0] ?? 0)],
];

/** The inputs as drawn, the kernel's own regimes, and the usual ones. */
export function regimesOf(hg: Handgrad, kernel: Kernel, drawn: DrawnInputs): NamedInputs[] {
  const generator = hg.generator();
  const own = Object.entries(kernel.regimes ?? {}).map(([name, change]): NamedInputs => {
    if (typeof change !== 'function') {
      throw new ProofError(`kernel.regimes.${name}: expected a function, got ${show(change)}`);
    }
    const inputs = drawInputs(
      hg,
      {
        inputs: (handle) => ({
          ...drawn.constants,
          ...checkedValues(`kernel.regimes.${name}`, change(tensorsOf(handle, drawn), handle)),
        }),
      },
      generator.manualSeed(0),
    );
    const missing = [...drawn.tensors.keys()].find((input) => !inputs.tensors.has(input));
    if (missing !== undefined) {
      throw new ProofError(`kernel.regimes.${name}: expected all inputs, got none named ${missing}`);
    }
    return { name, inputs, isGiven: true };
  });
  const changed = usual.flatMap(([name, float, integer]): NamedInputs[] => {
    const isConcerned = [...drawn.tensors.values()].some(({ array }) => (array.dtype === 'int32' ? integer : float));
    if (!isConcerned) return [];
    const tensors = [...drawn.tensors].map(([key, { array, requiresGrad }]) => {
      const change = array.dtype === 'int32' ? integer : float;
      return [key, { array: change === null ? array : { ...array, data: change(array.data) }, requiresGrad }] as const;
    });
    return [{ name, inputs: { ...drawn, tensors: new Map(tensors) }, isGiven: false }];
  });
  return [{ name: asGiven, inputs: drawn, isGiven: true }, ...own, ...changed];
}

function tensorsOf(hg: Handgrad, { tensors }: DrawnInputs): Record<string, Tensor> {
  return Object.fromEntries([...tensors].map(([name, { array }]) => [name, hg.tensor(array)]));
}
