// Python's values: an int is a bigint, a float a number, a str a string, a list an array, None null; the others are classes here.

import type { FloatDType } from '../base/ndarray.js';
import type { Handgrad } from '../handgrad.js';
import type { Generator } from '../random/generator.js';
import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Value[]
  | Tuple
  | Range
  | Dict
  | PythonSet
  | Stream
  | Tensor
  | Mask
  | Callable
  | Slice
  | Ellipsis
  | Instance;

/** What values are computed with. */
export interface Context {
  readonly hg: Handgrad;
  /** What a float tensor is made of where nothing else is said. */
  readonly dtype: FloatDType;
  /** Where torch draws from, unless it is given a generator. */
  readonly generator: Generator;
  /** The words of names.txt. */
  readonly words: readonly string[];
  /** What becomes of `backward()`, `retain_grad()` and `grad = None`. */
  readonly graph: Graph;
  /** Counts steps, and ends a cell that takes too many. */
  spend(steps: number): void;
  print(text: string): void;
  /** Row `i` of a tensor, or an element of a vector. */
  item(tensor: Tensor, i: bigint): Value;
}

/** What a cell does with the graph that leads to the loss. */
export interface Graph {
  backward(tensor: Tensor, gradient: Tensor | null, retainGraph: boolean): void;
  retainGrad(tensor: Tensor): void;
  grad(tensor: Tensor): Tensor | null;
  setGrad(tensor: Tensor, gradient: Tensor | null): void;
}

/** A tuple; one with `names` has its items as attributes too, one that `isSize` is printed as a torch.Size. */
export class Tuple {
  readonly items: readonly Value[];
  readonly names: readonly string[];
  readonly isSize: boolean;

  constructor(items: readonly Value[], names: readonly string[] = [], isSize: boolean = false) {
    this.items = items;
    this.names = names;
    this.isSize = isSize;
  }

  static size(shape: readonly number[]): Tuple {
    return new Tuple(shape.map(BigInt), [], true);
  }
}

/** A range of integers. */
export class Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;

  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  at(i: number): bigint {
    return BigInt(this.start + i * this.step);
  }
}

/** A dict, in the order of insertion. */
export class Dict {
  readonly entries = new Map<string, readonly [key: Value, value: Value]>();

  get(key: Value): Value | undefined {
    return this.entries.get(keyOf(key))?.[1];
  }

  set(key: Value, value: Value): void {
    const name = keyOf(key);
    this.entries.set(name, [this.entries.get(name)?.[0] ?? key, value]);
  }
}

export class PythonSet {
  readonly items = new Map<string, Value>();

  add(item: Value): void {
    const key = keyOf(item);
    if (!this.items.has(key)) this.items.set(key, item);
  }
}

/** What can be walked through once: a generator, zip, enumerate. */
export class Stream {
  readonly values: Iterator<Value>;

  constructor(values: Iterable<Value>) {
    this.values = values[Symbol.iterator]();
  }
}

/** `start:stop:step` in brackets. */
export class Slice {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;

  constructor(start: Value, stop: Value, step: Value) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

export class Ellipsis {}
export const ellipsis: Ellipsis = new Ellipsis();

/** What can be called. */
export abstract class Callable {
  abstract readonly name: string;
  abstract call(context: Context, args: readonly Value[], named: ReadonlyMap<string, Value>): Value;
}

/** Any other object: a module, a generator, a dtype, an open file. */
export class Instance {
  /** What Python calls its type. */
  readonly type: string;
  readonly text: string;
  readonly #members: ReadonlyMap<string, Value>;

  constructor(type: string, text: string, members: Iterable<readonly [string, Value]> = []) {
    this.type = type;
    this.text = text;
    this.#members = new Map(members);
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  member(name: string): Value | undefined {
    return this.#members.get(name);
  }
}

/** What Python calls the type of a value. */
export function typeName(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return value.isSize ? 'torch.Size' : 'tuple';
  if (value instanceof Range) return 'range';
  if (value instanceof Dict) return 'dict';
  if (value instanceof PythonSet) return 'set';
  if (value instanceof Stream) return 'generator';
  if (value instanceof Slice) return 'slice';
  if (value instanceof Callable) return 'function';
  if (value instanceof Instance) return value.type;
  return value instanceof Ellipsis ? 'ellipsis' : 'Tensor';
}

/** What messages call a value: its type, and the value of a number or the shape of a tensor. */
export function described(value: Value): string {
  if (Tensor.is(value)) return `a tensor${value.dtype === 'int32' ? ' of ints' : ''} [${value.shape.join(', ')}]`;
  if (value instanceof Mask) return `a tensor of bools [${value.shape.join(', ')}]`;
  if (value === null || typeof value === 'boolean') return value === null ? 'None' : value ? 'True' : 'False';
  if (typeof value === 'bigint' || typeof value === 'number') {
    const text = String(value);
    return `the ${typeName(value)} ${text.length > 40 ? `${text.slice(0, 40)}…` : text}`;
  }
  const name = typeName(value);
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The same for values that Python holds to be the same key. */
export function keyOf(value: Value): string {
  if (typeof value === 'boolean') return `n${Number(value)}`;
  if (typeof value === 'bigint') return `n${value}`;
  if (typeof value === 'number') return `n${Object.is(value, -0) ? 0 : value}`;
  if (typeof value === 'string') return `s${value}`;
  if (value === null) return 'None';
  if (value instanceof Tuple) return `t(${value.items.map((item) => `${keyOf(item).length}:${keyOf(item)}`).join('')})`;
  throw new Fault(`expected a key, a number, text or a tuple of them, got ${described(value)}`);
}

/** Whether two values are equal, `==` of what are no tensors. */
export function equals(a: Value, b: Value): boolean {
  const [x, y] = [typeof a === 'boolean' ? BigInt(a) : a, typeof b === 'boolean' ? BigInt(b) : b];
  if (x === y) return true;
  if ([x, y].some((side) => Tensor.is(side) || side instanceof Mask)) {
    throw new Fault('expected values without tensors in them to compare, got a tensor');
  }
  // biome-ignore lint/suspicious/noDoubleEquals: compares an int with a float by their values.
  if (isNumber(x) && isNumber(y)) return x == y;
  const [p, q] = [sequence(x), sequence(y)];
  if (p !== null && q !== null && Array.isArray(x) === Array.isArray(y)) {
    return p.length === q.length && p.every((item, i) => equals(item, q[i]!));
  }
  if (x instanceof Range && y instanceof Range) {
    return x.length === y.length && (x.length === 0 || (x.start === y.start && (x.length === 1 || x.step === y.step)));
  }
  if (x instanceof Dict && y instanceof Dict) {
    return (
      x.entries.size === y.entries.size &&
      [...x.entries].every(([key, [, value]]) => y.entries.has(key) && equals(value, y.entries.get(key)![1]))
    );
  }
  if (x instanceof PythonSet && y instanceof PythonSet) {
    return x.items.size === y.items.size && [...x.items.keys()].every((key) => y.items.has(key));
  }
  return false;
}

function sequence(value: Value): readonly Value[] | null {
  return Array.isArray(value) ? value : value instanceof Tuple ? value.items : null;
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** Whether a value counts as true. */
export function truth(value: Value): boolean {
  if (Tensor.is(value) || value instanceof Mask) {
    if (value.size !== 1) {
      throw new Fault(
        `expected one value that is true or false, got ${described(value)}; .all() and .any() make one of it`,
      );
    }
    return Tensor.is(value) ? value.item() !== 0 : value.item();
  }
  if (typeof value === 'bigint') return value !== 0n;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Range) return value.length > 0;
  if (value instanceof Dict) return value.entries.size > 0;
  if (value instanceof PythonSet) return value.items.size > 0;
  return typeof value === 'number' ? value !== 0 : Boolean(value);
}

/** The values that `for` walks through. */
export function* iterate(value: Value, context: Context): Iterable<Value> {
  if (Array.isArray(value)) for (let i = 0; i < value.length; i++) yield value[i]!;
  else if (typeof value === 'string') yield* value;
  else if (value instanceof Tuple) yield* value.items;
  else if (value instanceof Range) for (let i = 0; i < value.length; i++) yield value.at(i);
  else if (value instanceof Dict) yield* keysOf(value);
  else if (value instanceof PythonSet) yield* value.items.values();
  else if (value instanceof Stream) yield* { [Symbol.iterator]: () => value.values };
  else if (Tensor.is(value) && value.ndim > 0) {
    for (let i = 0; i < value.shape[0]!; i++) yield context.item(value, BigInt(i));
  } else throw new Fault(`expected something to walk through, as a list, got ${described(value)}`);
}

function* keysOf({ entries }: Dict): Iterable<Value> {
  const { size } = entries;
  for (const [key] of entries.values()) {
    yield key;
    if (entries.size !== size)
      throw new Fault('expected a dict that stays as it is while it is walked through, got it changed');
  }
}
