// What expressions are worth.

import { LessonError } from '../base/errors.js';
import { guess } from '../base/show.js';
import { Tensor } from '../tensor/tensor.js';
import { everything } from './arguments.js';
import { Ignored } from './builtins.js';
import { dict, methodNames, methodOf, set } from './collections.js';
import { Fault } from './fault.js';
import { Frame, located, Variables } from './frame.js';
import { getItem, setItem } from './indexing.js';
import { Mask } from './mask.js';
import { methods, setTensorAttribute, tensorAttribute } from './methods.js';
import { binary, compare, unary } from './operators.js';
import { format, repr, str } from './text.js';
import type { Argument, Clause, Expression, FormatPart, Parameter } from './tree.js';
import {
  Callable,
  type Context,
  described,
  ellipsis,
  Instance,
  iterate,
  Slice,
  Stream,
  Tuple,
  truth,
  type Value,
} from './values.js';

/** What runs a cell. */
export interface Runner extends Context {
  /** How many evaluations are inside each other. */
  depth: number;
}

/** Evaluations that may be inside each other: less than any engine's stack has room for, so that every engine ends a cell at the same place. */
const deepest = 1000;

/** The value of an expression. Throws LessonError. */
export function evaluate(runner: Runner, expression: Expression, frame: Frame): Value {
  runner.spend(1);
  if (++runner.depth > deepest) {
    runner.depth--;
    throw new LessonError(
      'expected calls that end, got too many inside each other',
      expression.line,
      expression.column,
    );
  }
  try {
    return worth(runner, expression, frame);
  } catch (error) {
    throw located(error, expression);
  } finally {
    runner.depth--;
  }
}

function worth(runner: Runner, expression: Expression, frame: Frame): Value {
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'ellipsis':
      return ellipsis;
    case 'format':
      return formatted(runner, expression.parts, frame);
    case 'name':
      return frame.get(expression.name);
    case 'list':
      return all(runner, expression.items, frame);
    case 'tuple':
      return new Tuple(all(runner, expression.items, frame));
    case 'set':
      return set(all(runner, expression.items, frame));
    case 'dict':
      return dict(
        expression.items.map(([key, value]) => [evaluate(runner, key, frame), evaluate(runner, value, frame)]),
      );
    case 'comprehension':
      return comprehended(runner, expression, frame);
    case 'unary':
      return unary(runner, expression.operator, evaluate(runner, expression.operand, frame));
    case 'binary':
      return binary(
        runner,
        expression.operator,
        evaluate(runner, expression.left, frame),
        evaluate(runner, expression.right, frame),
      );
    case 'compare':
      return chained(runner, expression, frame);
    case 'logic': {
      const left = evaluate(runner, expression.left, frame);
      return truth(left) === (expression.operator === 'and') ? evaluate(runner, expression.right, frame) : left;
    }
    case 'conditional':
      return evaluate(
        runner,
        truth(evaluate(runner, expression.test, frame)) ? expression.chosen : expression.otherwise,
        frame,
      );
    case 'call':
      return called(runner, evaluate(runner, expression.callee, frame), expression.args, frame);
    case 'attribute':
      return attribute(runner, evaluate(runner, expression.object, frame), expression.name);
    case 'subscript':
      return getItem(runner, evaluate(runner, expression.object, frame), evaluate(runner, expression.index, frame));
    case 'slice': {
      const part = (one: Expression | null) => (one === null ? null : evaluate(runner, one, frame));
      return new Slice(part(expression.start), part(expression.stop), part(expression.step));
    }
    case 'lambda':
      return new Lambda(runner, expression, frame);
  }
}

function all(runner: Runner, expressions: readonly Expression[], frame: Frame): Value[] {
  return expressions.map((one) => evaluate(runner, one, frame));
}

function chained(runner: Runner, { first, rest }: Extract<Expression, { kind: 'compare' }>, frame: Frame): Value {
  let left = evaluate(runner, first, frame);
  let result: Value = true;
  for (const { operator, value } of rest) {
    const right = evaluate(runner, value, frame);
    result = compare(runner, operator, left, right);
    if (rest.length > 1 && !truth(result)) return result;
    left = right;
  }
  return result;
}

function formatted(runner: Runner, parts: readonly FormatPart[], frame: Frame): string {
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = evaluate(runner, part.value, frame);
    const converted = part.conversion === '' ? value : part.conversion === 's' ? str(value) : repr(value);
    const text = format(converted, formatted(runner, part.spec, frame));
    runner.spend(text.length / 16);
    return text;
  });
  return texts.join('');
}

function comprehended(
  runner: Runner,
  { makes, element, value, clauses }: Extract<Expression, { kind: 'comprehension' }>,
  frame: Frame,
): Value {
  const inner = new Frame(new Variables(), frame);
  const found: [Value, Value][] = [];
  walk(runner, clauses, inner, () => {
    const first = evaluate(runner, element, inner);
    found.push([first, value === undefined ? null : evaluate(runner, value, inner)]);
  });
  if (makes === 'dict') return dict(found);
  const items = found.map(([item]) => item);
  if (makes === 'set') return set(items);
  return makes === 'list' ? items : new Stream(items);
}

function walk(runner: Runner, [clause, ...rest]: readonly Clause[], frame: Frame, visit: () => void): void {
  if (clause === undefined) visit();
  else if (clause.kind === 'if') {
    if (truth(evaluate(runner, clause.test, frame))) walk(runner, rest, frame, visit);
  } else
    for (const item of each(runner, clause.over, frame)) {
      assign(runner, clause.target, item, frame);
      walk(runner, rest, frame, visit);
    }
}

/** The values that the value of an expression has to walk through, each of which is a step. Throws LessonError. */
export function* each(runner: Runner, expression: Expression, frame: Frame): Iterable<Value> {
  const all = evaluate(runner, expression, frame);
  try {
    for (const item of iterate(all, runner)) {
      runner.spend(1);
      yield item;
    }
  } catch (error) {
    throw located(error, expression);
  }
}

/** The positional and the named values of the arguments of a call. */
function called(runner: Runner, callee: Value, args: readonly Argument[], frame: Frame): Value {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const { name, isSpread, value } of args) {
    const given = evaluate(runner, value, frame);
    if (isSpread) positional.push(...everything(runner, given));
    else if (name === undefined) positional.push(given);
    else if (named.has(name)) throw new Fault(`expected ${name} once, got it twice`);
    else named.set(name, given);
  }
  if (!(callee instanceof Callable)) throw new Fault(`expected a function to call, got ${described(callee)}`);
  return callee.call(runner, positional, named);
}

/** `object.name`. Throws Fault. */
function attribute(context: Context, object: Value, name: string): Value {
  if (object instanceof Ignored) return object;
  const value =
    Tensor.is(object) || object instanceof Mask
      ? tensorAttribute(context, object, name)
      : object instanceof Instance
        ? object.member(name)
        : methodOf(object, name);
  if (value !== undefined) return value;
  const known =
    object instanceof Instance
      ? object.names
      : Tensor.is(object)
        ? [...methods.keys(), 'shape', 'grad']
        : methodNames(object);
  throw new Fault(`expected an attribute that ${described(object)} has here, got ${name}${guess(name, known)}`);
}

/** Gives the variables of a target a value. Throws LessonError. */
export function assign(runner: Runner, target: Expression, value: Value, frame: Frame): void {
  try {
    if (target.kind === 'name') frame.set(target.name, value);
    else if (target.kind === 'tuple' || target.kind === 'list') {
      const values = everything(runner, value);
      if (values.length !== target.items.length) {
        throw new Fault(`expected ${target.items.length} values, got ${values.length}`);
      }
      target.items.forEach((item, i) => {
        assign(runner, item, values[i]!, frame);
      });
    } else if (target.kind === 'subscript') {
      const object = evaluate(runner, target.object, frame);
      setItem(runner, object, evaluate(runner, target.index, frame), value);
    } else if (target.kind === 'attribute')
      setAttribute(runner, evaluate(runner, target.object, frame), target.name, value);
  } catch (error) {
    throw located(error, target);
  }
}

/** `object.name = value`. Throws Fault. */
export function setAttribute(context: Context, object: Value, name: string, value: Value): void {
  if (object instanceof Ignored) return;
  if (!Tensor.is(object)) throw new Fault(`expected a tensor to assign an attribute of, got ${described(object)}`);
  setTensorAttribute(context, object, name, value);
}

/** The values of parameters in a call: given, or their presets. Throws Fault. */
export function bind(
  name: string,
  parameters: readonly Parameter[],
  presets: readonly (Value | undefined)[],
  args: readonly Value[],
  named: ReadonlyMap<string, Value>,
): [string, Value][] {
  const isRest = parameters.some((parameter) => parameter.isRest);
  if (!isRest && args.length > parameters.length) {
    throw new Fault(`expected at most ${parameters.length} arguments for ${name}, got ${args.length}`);
  }
  for (const key of named.keys()) {
    const at = parameters.findIndex((parameter) => parameter.name === key && !parameter.isRest);
    if (at < 0) throw new Fault(`expected arguments of the names that ${name} has, got ${key}`);
    if (at < args.length) throw new Fault(`expected ${key} once, got it twice`);
  }
  return parameters.map((parameter, i): [string, Value] => {
    if (parameter.isRest) return [parameter.name, new Tuple(args.slice(i))];
    const value = named.has(parameter.name) ? named.get(parameter.name) : i < args.length ? args[i] : presets[i];
    if (value === undefined) throw new Fault(`expected an argument ${parameter.name} for ${name}, got none`);
    return [parameter.name, value];
  });
}

class Lambda extends Callable {
  readonly name = '<lambda>';
  readonly #expression: Extract<Expression, { kind: 'lambda' }>;
  readonly #frame: Frame;
  readonly #presets: readonly (Value | undefined)[];

  constructor(runner: Runner, expression: Extract<Expression, { kind: 'lambda' }>, frame: Frame) {
    super();
    this.#expression = expression;
    this.#frame = frame;
    this.#presets = presetsOf(runner, expression.parameters, frame);
  }

  override call(runner: Runner, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    const { parameters, value } = this.#expression;
    const bound = bind(this.name, parameters, this.#presets, args, named);
    return evaluate(runner, value, new Frame(new Variables(bound), this.#frame));
  }
}

/** The presets of parameters, evaluated where a function is defined. */
export function presetsOf(runner: Runner, parameters: readonly Parameter[], frame: Frame): (Value | undefined)[] {
  return parameters.map(({ preset }) => (preset === undefined ? undefined : evaluate(runner, preset, frame)));
}
