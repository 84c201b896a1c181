// Kernels on their way to `prove`.

import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import { type Kernel, type KernelInputs, marked } from './kernel.js';
import { proveKernel } from './proveKernel.js';

/**
 * `kernel`, marked as one for `prove`.
 *
 * @example
 * const kernel = defineKernel({
 *   inputs: (hg) => ({ x: hg.randn([8]) }),
 *   reference: ({ x }) => ({ y: x.tanh() }),
 *   forward: ({ x }) => { const y = x.map(Math.tanh); return { y, saved: { y } }; },
 *   backward: (_, { y: dy }, { y }) => ({ x: dy.map((g: number, i: number) => g * (1 - y[i] ** 2)) }),
 * });
 */
export function defineKernel<Inputs extends KernelInputs>(
  kernel: Kernel<Inputs>,
  ...surplus: AsCallback
): Kernel<Inputs> {
  refuseSurplus('defineKernel', 1, surplus);
  return marked(kernel, proveKernel);
}
