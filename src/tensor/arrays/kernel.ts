// How kernels of many arrays are called.

import type { Kernels } from '../../core/exports.js';
import { StridedArray } from './strided.js';

/** New arrays of `shapes` in the dtype of the first input, as the kernel `name` makes them of `inputs`, read contiguously, and `sizes`. */
export function computed(
  name: keyof Kernels,
  shapes: readonly (readonly number[])[],
  inputs: readonly [StridedArray, ...StridedArray[]],
  ...sizes: number[]
): StridedArray[] {
  const { core } = inputs[0];
  const dtype = inputs[0].floatDType();
  const outputs = shapes.map((shape) => StridedArray.allocate(core, dtype, shape));
  const addresses = [...outputs, ...inputs.map((input) => input.contiguous())].map(({ pointer }) => pointer);
  (core.kernels[dtype][name] as (...numbers: number[]) => unknown)(...addresses, ...sizes);
  return outputs;
}
