// The ABI. Every function takes raw pointers and sizes, outputs first; the suffix names the element type.

export * from './exports';

/** First address above the module's constant tables. */
export function heapBase(): usize { return __heap_base; }
