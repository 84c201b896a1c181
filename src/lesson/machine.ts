// What runs cells: the variables, the steps that are left, and what has been printed.

import { LessonError } from '../base/errors.js';
import type { FloatDType } from '../base/ndarray.js';
import type { Handgrad } from '../handgrad.js';
import type { Generator } from '../random/generator.js';
import type { Tensor } from '../tensor/tensor.js';
import { Ignored, modules } from './builtins.js';
import { evaluate } from './evaluate.js';
import { type Executor, execute } from './execute.js';
import { Fault, OutOfSteps } from './fault.js';
import { Frame, type Names } from './frame.js';
import { getItem } from './indexing.js';
import type { Cell } from './syntax.js';
import { repr } from './text.js';
import type { Statement } from './tree.js';
import type { Graph, Value } from './values.js';

/** Sees each statement before and after it has run, and whether that was within a call of a function. */
export interface Watch {
  before(statement: Statement, isCalled: boolean): void;
  after(statement: Statement, isCalled: boolean): void;
}

/** What a cell left. */
export interface Ran {
  /** The lines that it printed. */
  readonly output: string[];
  /** For each of them the line of the statement that began it. */
  readonly printedBy: number[];
  readonly error: LessonError | null;
}

/** What a machine is made of. */
export interface MachineOptions {
  readonly hg: Handgrad;
  readonly dtype: FloatDType;
  readonly generator: Generator;
  readonly words: readonly string[];
  readonly variables: Names;
  readonly graph: Graph;
  /** Steps that a cell may take. */
  readonly steps: number;
  readonly watch?: Watch;
}

/** Runs cells one after another; what they assign stays. */
export class Machine implements Executor {
  readonly hg: Handgrad;
  readonly dtype: FloatDType;
  readonly generator: Generator;
  readonly words: readonly string[];
  readonly graph: Graph;
  depth = 0;
  cell: Cell = { statements: [], error: null };
  /** How many statements of the cell have run to their end. */
  completed = 0;
  readonly #frame: Frame;
  readonly #most: number;
  readonly #watch: Watch | undefined;
  #steps = 0;
  #printed: { readonly text: string; readonly line: number }[] = [];
  #modules: ReadonlyMap<string, Value> | undefined;

  constructor({ hg, dtype, generator, words, variables, graph, steps, watch }: MachineOptions) {
    this.hg = hg;
    this.dtype = dtype;
    this.generator = generator;
    this.words = words;
    this.graph = graph;
    this.#frame = new Frame(variables);
    this.#most = steps;
    this.#watch = watch;
  }

  /** Runs a cell. Returns what it printed, with the value of an expression at its end, and what ended it early. */
  run(cell: Cell): Ran {
    this.#steps = 0;
    this.#printed = [];
    this.depth = 0;
    this.completed = 0;
    this.cell = cell;
    try {
      const last = cell.statements.at(-1);
      const isShown = last?.kind === 'expression' && cell.error === null;
      execute(this, isShown ? cell.statements.slice(0, -1) : cell.statements, this.#frame);
      if (isShown) this.#show(last);
      return { ...this.#output(), error: cell.error };
    } catch (error) {
      if (!(error instanceof LessonError)) throw error;
      return { ...this.#output(), error };
    }
  }

  /** Evaluates the expression at a cell's end, and prints its value as a notebook does. */
  #show(statement: Extract<Statement, { kind: 'expression' }>): void {
    this.before(statement);
    const value = evaluate(this, statement.value, this.#frame);
    try {
      if (value !== null && !(value instanceof Ignored)) this.print(`${repr(value)}\n`);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      throw new LessonError(error.message, statement.line, statement.column);
    }
    this.after(statement);
  }

  #output(): Omit<Ran, 'error'> {
    const [output, printedBy] = [[''], [0]];
    for (const { text, line } of this.#printed) {
      if (output.at(-1) === '') printedBy[printedBy.length - 1] = line;
      const [first, ...others] = text.split('\n');
      output[output.length - 1] += first!;
      output.push(...others);
      printedBy.push(...others.map(() => line));
    }
    // A line feed at the end begins no line.
    if (output.at(-1) === '') [output, printedBy].forEach((list) => void list.pop());
    return { output, printedBy };
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.#most)
      throw new OutOfSteps(`expected a cell that ends within ${this.#most} steps, got one that does not`);
  }

  print(text: string): void {
    this.#printed.push({ text, line: this.cell.statements[this.completed]!.line });
  }

  item(tensor: Tensor, i: bigint): Value {
    return getItem(this, tensor, i);
  }

  modules(): ReadonlyMap<string, Value> {
    this.#modules ??= modules(this);
    return this.#modules;
  }

  before(statement: Statement): void {
    this.#watch?.before(statement, this.depth > 0);
  }

  after(statement: Statement): void {
    if (this.cell.statements[this.completed] === statement) this.completed++;
    this.#watch?.after(statement, this.depth > 0);
  }
}
