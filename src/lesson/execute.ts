// What statements do.

import { LessonError } from '../base/errors.js';
import { noGrad } from '../tensor/autograd.js';
import { Tensor } from '../tensor/tensor.js';
import { OpenFile } from './builtins.js';
import { assign, bind, each, evaluate, presetsOf, type Runner, setAttribute } from './evaluate.js';
import { Fault } from './fault.js';
import { assignedIn, Frame, located, Variables } from './frame.js';
import { getItem, setItem } from './indexing.js';
import { tensorAttribute } from './methods.js';
import { inPlace } from './operators.js';
import { str } from './text.js';
import { NoGrad } from './torch.js';
import type { Block, Statement } from './tree.js';
import { Callable, described, Instance, truth, type Value } from './values.js';

/** What runs the statements of a cell. */
export interface Executor extends Runner {
  /** The cell that runs: errors inside functions of others are told where they are called. */
  readonly cell: object;
  modules(): ReadonlyMap<string, Value>;
  /** Sees each statement before and after it has run. */
  before(statement: Statement): void;
  after(statement: Statement): void;
}

/** How a block ended: at its end, or by a statement that leaves it. */
type Ending = undefined | 'break' | 'continue' | { readonly value: Value };

/** Runs statements. Throws LessonError. */
export function execute(executor: Executor, block: Block, frame: Frame): Ending {
  for (const statement of block) {
    executor.spend(1);
    executor.before(statement);
    let ending: Ending;
    try {
      ending = executeOne(executor, statement, frame);
    } catch (error) {
      throw located(error, statement);
    }
    executor.after(statement);
    if (ending !== undefined) return ending;
  }
  return undefined;
}

function executeOne(executor: Executor, statement: Statement, frame: Frame): Ending {
  switch (statement.kind) {
    case 'expression':
      evaluate(executor, statement.value, frame);
      return undefined;
    case 'assign': {
      const value = evaluate(executor, statement.value, frame);
      for (const target of statement.targets) assign(executor, target, value, frame);
      return undefined;
    }
    case 'augmented':
      augment(executor, statement, frame);
      return undefined;
    case 'for':
      return loop(executor, statement, frame);
    case 'while':
      return repeat(executor, statement, frame);
    case 'if': {
      const branch = statement.branches.find(({ test }) => truth(evaluate(executor, test, frame)));
      return execute(executor, branch?.body ?? statement.otherwise, frame);
    }
    case 'def':
      frame.set(statement.name, new Defined(executor, statement, frame));
      return undefined;
    case 'with':
      return within(executor, statement, frame);
    case 'return':
      return { value: statement.value === null ? null : evaluate(executor, statement.value, frame) };
    case 'import':
      for (const one of statement.imports) frame.set(one.alias, imported(executor, one.module, one.name));
      return undefined;
    case 'assert':
      if (truth(evaluate(executor, statement.test, frame))) return undefined;
      throw new Fault(
        `expected this to be true, got false${statement.message === null ? '' : `: ${str(evaluate(executor, statement.message, frame))}`}`,
      );
    case 'global':
    case 'pass':
      return undefined;
    case 'break':
    case 'continue':
      return statement.kind;
  }
}

function augment(
  executor: Executor,
  { target, operator, value }: Extract<Statement, { kind: 'augmented' }>,
  frame: Frame,
): void {
  const given = () => evaluate(executor, value, frame);
  if (target.kind === 'subscript') {
    const object = evaluate(executor, target.object, frame);
    const index = evaluate(executor, target.index, frame);
    setItem(executor, object, index, inPlace(executor, operator, getItem(executor, object, index), given(), true));
  } else if (target.kind === 'attribute') {
    const object = evaluate(executor, target.object, frame);
    const part = Tensor.is(object) ? tensorAttribute(executor, object, target.name) : undefined;
    if (part === undefined)
      throw new Fault(`expected an attribute of a tensor that can change, got .${target.name} of ${described(object)}`);
    setAttribute(executor, object, target.name, inPlace(executor, operator, part, given()));
  } else assign(executor, target, inPlace(executor, operator, evaluate(executor, target, frame), given()), frame);
}

function loop(
  executor: Executor,
  { target, over, body, otherwise }: Extract<Statement, { kind: 'for' }>,
  frame: Frame,
): Ending {
  for (const item of each(executor, over, frame)) {
    assign(executor, target, item, frame);
    const ending = execute(executor, body, frame);
    if (ending === 'break') return undefined;
    if (typeof ending === 'object') return ending;
  }
  return execute(executor, otherwise, frame);
}

function repeat(
  executor: Executor,
  { test, body, otherwise }: Extract<Statement, { kind: 'while' }>,
  frame: Frame,
): Ending {
  while (truth(evaluate(executor, test, frame))) {
    const ending = execute(executor, body, frame);
    if (ending === 'break') return undefined;
    if (typeof ending === 'object') return ending;
  }
  return execute(executor, otherwise, frame);
}

/** `with torch.no_grad():`, or `with open(…) as f:`. */
function within(executor: Executor, statement: Extract<Statement, { kind: 'with' }>, frame: Frame): Ending {
  const [first, ...items] = statement.items;
  if (first === undefined) return execute(executor, statement.body, frame);
  const value = evaluate(executor, first.value, frame);
  if (!(value instanceof NoGrad) && !(value instanceof OpenFile)) {
    throw new Fault(`expected torch.no_grad() or open(…) after with, got ${described(value)}`);
  }
  if (first.name !== undefined) frame.set(first.name, value);
  const run = () => within(executor, { ...statement, items }, frame);
  return value instanceof NoGrad ? noGrad(run) : run();
}

function imported(executor: Executor, path: string, name: string | undefined): Value {
  const modules = executor.modules();
  const module = modules.get(path);
  if (module === undefined) {
    throw new Fault(`expected a module of the lesson's Python, ${[...modules.keys()].join(', ')}, got ${path}`);
  }
  if (name === undefined) return module;
  const value = module instanceof Instance ? module.member(name) : module;
  if (value === undefined) throw new Fault(`expected what ${path} has here, got ${name}`);
  return value;
}

/** A function that a cell defines. */
class Defined extends Callable {
  readonly name: string;
  readonly #statement: Extract<Statement, { kind: 'def' }>;
  readonly #frame: Frame;
  readonly #presets: readonly (Value | undefined)[];
  readonly #own: ReadonlySet<string>;
  readonly #cell: object;

  constructor(executor: Executor, statement: Extract<Statement, { kind: 'def' }>, frame: Frame) {
    super();
    this.name = statement.name;
    this.#statement = statement;
    this.#frame = frame;
    this.#presets = presetsOf(executor, statement.parameters, frame);
    this.#own = new Set([...assignedIn(statement.body), ...statement.parameters.map(({ name }) => name)]);
    this.#cell = executor.cell;
  }

  override call(executor: Executor, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const bound = bind(this.name, this.#statement.parameters, this.#presets, args, named);
    const frame = new Frame(new Variables(bound), this.#frame, this.#own);
    try {
      const ending = execute(executor, this.#statement.body, frame);
      return typeof ending === 'object' ? ending.value : null;
    } catch (error) {
      if (!(error instanceof LessonError) || executor.cell === this.#cell) throw error;
      throw new Fault(error.reason);
    }
  }
}
