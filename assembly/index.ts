// The ABI: exports, nothing else. Every function takes raw pointers and sizes, outputs first; the suffix names the element type.

export * from './kernels/exports';
export * from './mlp/exports';
export * from './random/exports';

/** First address above the module's constant tables. */
export function heapBase(): usize {
  return __heap_base;
}
