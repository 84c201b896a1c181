// What the page and its worker tell each other.

import type { SessionProgress, SessionState } from 'handgrad';
import type { Plots } from './plots.js';

/** What the page asks for, once the worker is ready: a training, from a checkpoint where there is a file, and then what it is to do. */
export type Order =
  | { kind: 'train'; words: string[]; steps: number; file: Uint8Array | undefined }
  | { kind: 'pause' | 'resume' | 'step' | 'save' | 'stop' };

/** What the worker has to say. */
export type Answer =
  | { kind: 'ready' }
  | { kind: 'progress'; progress: SessionProgress; plots: Plots; names: string[] }
  | { kind: 'ended'; state: SessionState }
  | { kind: 'failed'; message: string }
  | { kind: 'file'; bytes: Uint8Array<ArrayBuffer> };
