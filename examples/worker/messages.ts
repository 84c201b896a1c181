// What the page and its worker tell each other.

import type { NdArray } from 'handgrad';

/** What the page asks for, once the worker is ready. */
export interface Order {
  words: string[];
  steps: number;
}

/** What the worker has to say. */
export type Answer =
  | { kind: 'ready' }
  | { kind: 'progress'; step: number; meanLoss: number }
  | { kind: 'done'; words: string[]; C: NdArray };
