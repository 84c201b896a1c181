// What the page and its worker tell each other.

import type { NdArray } from 'handgrad';
import type { HtmlReport } from 'handgrad/report';
import type { Settings } from './settings.js';

/** The minibatch of the standard settings, and the characters of the bundled list. */
export interface FirstMinibatch {
  readonly characters: string;
  readonly Xb: readonly number[];
  readonly Yb: readonly number[];
}

/** An example of a minibatch, in characters. */
export interface Example {
  readonly context: string;
  readonly target: string;
}

/** Tensors by name. */
export type Arrays = Readonly<Record<string, NdArray>>;

/** The notebook's model on one minibatch: every value, every gradient, and how they compare. */
export interface Notebook {
  readonly settings: Settings;
  /** The characters by index. */
  readonly characters: readonly string[];
  readonly examples: readonly Example[];
  readonly loss: number;
  readonly parameterCount: number;
  /** Xb, Yb, parameters and intermediates. */
  readonly values: Arrays;
  /** The gradients of the pass that is written by hand, one operation at a time. */
  readonly gradients: Arrays;
  /** Those of the fused pass: logits, hprebn and the parameters. */
  readonly fused: Arrays;
  /** The notebook's line for each gradient: the hand-written one beside autograd's. */
  readonly lines: Readonly<Record<string, string>>;
  readonly fusedLines: Readonly<Record<string, string>>;
}

/** The verdict on a gradient, in short. */
export interface ShortVerdict {
  readonly verdict: string;
  readonly text: string;
}

export interface Verdicts {
  readonly stepwise: Readonly<Record<string, ShortVerdict>>;
  readonly fused: Readonly<Record<string, ShortVerdict>>;
}

/** The lines of a program that a gradient's cell takes. */
export interface CellRange {
  /** The gradient, as `dcounts`. */
  readonly name: string;
  /** The first of its lines, from 1. */
  readonly from: number;
  readonly count: number;
}

/** A program of gradients, to be judged against the model of `settings`. */
export interface Program {
  readonly source: string;
  /** A cell in which there is an error is left out, and its gradient is given, so that the others can be judged. */
  readonly cells: readonly CellRange[];
  /** Names of gradients that have their true value from the start, as `dcounts`; or all that the program does not write. */
  readonly given: readonly string[] | 'unwritten';
  readonly settings: Settings;
}

/** What is said of a line of a program. */
export interface LineVerdict {
  /** From 1. */
  readonly line: number;
  /** The gradient that it writes or changes. */
  readonly name: string;
  /** A verdict of a proof, or `error`. */
  readonly verdict: string;
  /** What is wrong, or worth knowing; empty where the verdict says it all. */
  readonly text: string;
}

/** A line that a program has printed. */
export interface PrintedLine {
  /** The line of the program that printed it. */
  readonly line: number;
  readonly text: string;
}

export interface Judged {
  readonly printed: readonly PrintedLine[];
  readonly lines: readonly LineVerdict[];
  /** The verdict on each gradient as it is in the end, by the name of its tensor. */
  readonly gradients: Readonly<Record<string, ShortVerdict>>;
}

/** A safetensors file. */
export interface Dump {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Tensors that other programs have written, to be compared. */
export interface Dumps {
  readonly candidate: Dump;
  readonly reference: Dump;
  /** The same in float64. */
  readonly truth: Dump | undefined;
}

/** Cells of a notebook that run after one another; `anew`, without what ran before. */
export interface CellsToRun {
  readonly sources: readonly string[];
  readonly anew: boolean;
}

/** What a cell of a notebook did. */
export interface Ran {
  readonly output: readonly string[];
  /** Why it did not run to its end. */
  readonly error: { readonly message: string; readonly line: number } | null;
}

/** Steps to be carried out by a program and by the fused pass: with a program, from the beginning. */
export interface OwnOrder {
  readonly source: string | null;
  readonly steps: number;
}

/** The losses of these steps, and how many milliseconds they took. */
export interface OwnSteps {
  readonly own: readonly number[];
  readonly fused: readonly number[];
  readonly ownTime: number;
  readonly fusedTime: number;
}

/** What can be asked of the worker, and what it answers. */
export interface Requests {
  notebook: { input: Settings; output: Notebook };
  verdicts: { input: Settings; output: Verdicts };
  judge: { input: Program; output: Judged };
  dumps: { input: Dumps; output: HtmlReport };
  trainOwn: { input: OwnOrder; output: OwnSteps };
  run: { input: CellsToRun; output: readonly Ran[] };
}

/** A table of what a worker can be asked. */
export type Asks<R> = Readonly<Record<keyof R, { readonly input: unknown; readonly output: unknown }>>;

export interface Question {
  readonly id: number;
  readonly kind: string;
  readonly input: unknown;
}

/** `id` 0 says that the worker listens. */
export type Answer =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
