// Which name means which value.

import { LessonError } from '../base/errors.js';
import { guess } from '../base/show.js';
import { builtins } from './builtins.js';
import { Fault } from './fault.js';
import { inPython } from './inPython.js';
import type { Expression, Place, Statement } from './tree.js';
import type { Value } from './values.js';

/** Variables by name. */
export interface Names {
  get(name: string): Value | undefined;
  set(name: string, value: Value): void;
  names(): Iterable<string>;
}

export class Variables implements Names {
  readonly #values: Map<string, Value>;
  readonly #made: ReadonlyMap<string, () => Value>;

  /** With values that are there, and others that are made when they are first read. */
  constructor(values: Iterable<readonly [string, Value]> = [], made: ReadonlyMap<string, () => Value> = new Map()) {
    this.#values = new Map(values);
    this.#made = made;
  }

  get(name: string): Value | undefined {
    if (!this.#values.has(name) && this.#made.has(name)) this.#values.set(name, this.#made.get(name)!());
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  names(): Iterable<string> {
    return new Set([...this.#values.keys(), ...this.#made.keys()]);
  }
}

/** The variables of a cell, of a call or of a comprehension, and those around them. */
export class Frame {
  readonly variables: Names;
  readonly around: Frame | null;
  /** The names that belong here, those of a function; null where all that is assigned does. */
  readonly own: ReadonlySet<string> | null;

  constructor(variables: Names, around: Frame | null = null, own: ReadonlySet<string> | null = null) {
    this.variables = variables;
    this.around = around;
    this.own = own;
  }

  /** Throws Fault for a name that nothing has. */
  get(name: string): Value {
    for (let frame: Frame | null = this; frame !== null; frame = frame.around) {
      const value = frame.variables.get(name);
      if (value !== undefined) return value;
      if (frame.own?.has(name))
        throw new Fault(`expected ${name} to be assigned in this function before it is read, got none`);
    }
    const value = builtins.get(name);
    if (value !== undefined) return value;
    const known = this.#known();
    throw new Fault(`expected a name that is defined, got ${name}${guess(name, known)}`);
  }

  set(name: string, value: Value): void {
    let frame: Frame = this;
    while (frame.around !== null && frame.own !== null && !frame.own.has(name)) frame = frame.around;
    frame.variables.set(name, value);
  }

  #known(): string[] {
    const known = [...builtins.keys()];
    for (let frame: Frame | null = this; frame !== null; frame = frame.around)
      known.unshift(...frame.variables.names());
    return known;
  }
}

/** The names that a function assigns, its parameters apart. */
export function assignedIn(body: readonly Statement[]): Set<string> {
  const found = new Set<string>();
  const global = new Set<string>();
  const target = (expression: Expression): void => {
    if (expression.kind === 'name') found.add(expression.name);
    else if (expression.kind === 'tuple' || expression.kind === 'list') expression.items.forEach(target);
  };
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      if (statement.kind === 'assign') statement.targets.forEach(target);
      else if (statement.kind === 'augmented') target(statement.target);
      else if (statement.kind === 'for') target(statement.target);
      else if (statement.kind === 'def') found.add(statement.name);
      else if (statement.kind === 'import') for (const { alias } of statement.imports) found.add(alias);
      else if (statement.kind === 'with')
        for (const { name } of statement.items) if (name !== undefined) found.add(name);
      if (statement.kind === 'global') for (const name of statement.names) global.add(name);
      if (statement.kind === 'if') for (const { body } of statement.branches) walk(body);
      if (statement.kind !== 'def' && 'body' in statement) walk(statement.body);
      if ('otherwise' in statement) walk(statement.otherwise);
    }
  };
  walk(body);
  for (const name of global) found.delete(name);
  return found;
}

/** `error` as a LessonError about `place`; one that has a place keeps it. */
export function located(error: unknown, { line, column, text }: Place): LessonError {
  if (error instanceof LessonError) return error;
  const message = inPython(error instanceof Error ? error.message : String(error));
  if (/call stack|too much recursion/.test(message))
    return new LessonError('expected calls that end, got too many inside each other', line, column);
  const first = text.split('\n', 1)[0]!;
  const shown = first.length > 60 ? `${first.slice(0, 59)}…` : first;
  return new LessonError(`${shown}: ${message}`, line, column, { cause: error });
}
