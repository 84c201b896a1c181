// What the page, its sandboxed frame and the worker in it tell each other. Nothing that comes out of the frame is believed to have
// these types before it has been read (`readAnswer.ts`).

import type { HtmlReport } from 'handgrad/report';

/** A library that a module imports, and the names that it wants of it, with their lines from 1. */
export interface Imported {
  readonly library: string;
  readonly names: readonly { readonly name: string; readonly line: number }[];
}

/** A module's text, cut where it names a library, so that the worker can put in the address that this has there. */
export type Piece = string | Imported;

/** How a module is proved. */
export interface Options {
  readonly dtype: 'float32' | 'float64';
  readonly seed: number;
  /** How many times, each with another seed. */
  readonly repeat: number;
  /** How long it may take. */
  readonly seconds: number;
}

/** A module, and how it is to be proved. */
export interface Task extends Options {
  readonly pieces: readonly Piece[];
}

/** What the page asks of the frame. */
export type Asked = { readonly kind: 'run'; readonly task: Task } | { readonly kind: 'ping' };

/** One proof, carried out once. */
export interface Judged {
  readonly seed: number;
  readonly report: HtmlReport;
}

/** How far the runs have come. */
export interface Count {
  readonly done: number;
  readonly right: number;
}

/** Why there is no report, or no more. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Where in the module, from 1, where the engine tells. */
  readonly line: number | null;
  readonly column: number | null;
}

/** What comes out of the frame. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'started' }
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'judged'; readonly judged: Judged }
  | { readonly kind: 'count'; readonly count: Count }
  | { readonly kind: 'done'; readonly count: Count }
  | { readonly kind: 'failed'; readonly failure: Failure };
