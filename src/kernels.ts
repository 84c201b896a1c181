// The entry `handgrad/kernels`: kernels over typed arrays, for `prove`. It stands apart from `handgrad`, so that a page that proves or
// trains does not carry it.

export { defineKernel } from './proof/defineKernel.js';
export type { Kernel, KernelArray, KernelArrays, KernelInputs, Regime } from './proof/kernel.js';
export { type WasmArgument, type WasmKernelOptions, wasmKernel } from './proof/wasmKernel.js';
