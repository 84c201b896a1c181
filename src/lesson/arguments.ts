// What natives take: each function checks an argument, and throws Fault for one of another kind.

import type { DType } from '../base/ndarray.js';
import { elementCount } from '../base/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { integerOf } from './indexing.js';
import { Mask } from './mask.js';
import { cost, isTensor, itemOf, numeric } from './tensors.js';
import { type Context, described, Instance, iterate, Range, Tuple, truth, type Value } from './values.js';

/** A tensor of numbers; bools count as ints. */
export function tensorOf(value: Value | undefined): Tensor {
  if (value !== undefined && isTensor(value)) return numeric(value);
  throw new Fault(`expected a tensor, got ${value === undefined ? 'none' : described(value)}`);
}

/** A tensor, to be worked on: it counts as steps. */
export function workedOn(context: Context, value: Value | undefined): Tensor {
  const tensor = tensorOf(value);
  context.spend(cost(tensor.size));
  return tensor;
}

export function flag(value: Value | undefined, preset: boolean = false): boolean {
  return value === undefined || value === null ? preset : truth(value);
}

export function numberOf(value: Value | undefined, preset?: number): number {
  if (value === undefined && preset !== undefined) return preset;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (value !== undefined && Tensor.is(value) && value.size === 1) return value.item();
  throw new Fault(`expected a number, got ${value === undefined ? 'none' : described(value)}`);
}

export function int(value: Value | undefined, preset?: number): number {
  if (value === undefined && preset !== undefined) return preset;
  if (value === undefined) throw new Fault('expected an int, got none');
  return integerOf(value);
}

export function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new Fault(`expected text, got ${value === undefined ? 'none' : described(value)}`);
}

/** The items of a list or a tuple. */
export function items(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  throw new Fault(`expected a list or a tuple, got ${value === undefined ? 'none' : described(value)}`);
}

/** All that a value has to walk through; each item counts as a step. */
export function everything(context: Context, value: Value | undefined): Value[] {
  if (value === undefined) throw new Fault('expected something to walk through, as a list, got none');
  const all: Value[] = [];
  for (const item of iterate(value, context)) {
    context.spend(4);
    all.push(item);
  }
  return all;
}

/** An axis, several, or undefined for all. */
export function dims(value: Value | undefined): number | number[] | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) || value instanceof Tuple ? items(value).map((one) => int(one)) : int(value);
}

/** Sizes that were given one by one, or as one list. */
export function sizes(value: Value | undefined): number[] {
  const given = items(value);
  if (given.length === 0) throw new Fault('expected sizes or axes, got none');
  const [first] = given;
  const all = given.length === 1 && (Array.isArray(first) || first instanceof Tuple) ? items(first) : given;
  return all.map((one) => int(one));
}

/** Sizes of a new tensor, which counts as steps before it is made. */
export function newSizes(context: Context, value: Value | undefined): number[] {
  const shape = sizes(value);
  context.spend(cost(shape.reduce((count, size) => count * Math.max(0, size), 1)));
  return shape;
}

const dtypes: Readonly<Record<string, DType | 'default' | 'bool'>> = {
  float32: 'default',
  float: 'default',
  float64: 'float64',
  double: 'float64',
  int64: 'int32',
  long: 'int32',
  bool: 'bool',
};

/** torch.float and its like, by name. */
export const dtypeObjects: ReadonlyMap<string, Instance> = new Map(
  Object.keys(dtypes).map((name) => [
    name,
    new Instance('torch.dtype', `torch.${{ float: 'float32', double: 'float64', long: 'int64' }[name] ?? name}`),
  ]),
);

/** The dtype that a value names. Where float32 is meant, it is that of the run. */
export function dtypeOf(context: Context, value: Value | undefined): DType | undefined {
  if (value === undefined || value === null) return undefined;
  const name = [...dtypeObjects].find(([, object]) => object === value)?.[0];
  const dtype = name === undefined ? undefined : dtypes[name];
  if (dtype === undefined || dtype === 'bool')
    throw new Fault(`expected a dtype as torch.float32, got ${described(value)}`);
  return dtype === 'default' ? context.dtype : dtype;
}

/** Numbers in nested lists, as a shape and its elements, and what the widest of them is. */
export function nested(
  context: Context,
  value: Value,
): { shape: number[]; values: Float64Array; kind: 'bool' | 'int' | 'float' } {
  const shape: number[] = [];
  for (let at: Value | undefined = value; isList(at); at = at instanceof Range ? at.at(0) : items(at)[0]) {
    shape.push(at instanceof Range ? at.length : items(at).length);
    if (shape.length > 64 || shape.at(-1) === 0) break;
  }
  const count = elementCount(shape);
  context.spend(count / 2);
  const values = new Float64Array(count);
  let [next, isInt, isFloat] = [0, false, count === 0];
  const collect = (part: Value, axis: number): void => {
    if (axis < shape.length) {
      const inner = part instanceof Range ? everything(context, part) : isList(part) ? items(part) : null;
      if (inner?.length !== shape[axis]) {
        throw new Fault(`expected lists of ${shape[axis]} in each other, got ${described(part)}`);
      }
      for (const item of inner!) collect(item, axis + 1);
      return;
    }
    const one = Tensor.is(part) || part instanceof Mask ? itemOf(part) : part;
    if (typeof one === 'number') isFloat = true;
    else if (typeof one === 'bigint') isInt = true;
    else if (typeof one !== 'boolean') throw new Fault(`expected numbers, got ${described(part)}`);
    values[next++] = Number(one);
  };
  collect(value, 0);
  return { shape, values, kind: isFloat ? 'float' : isInt ? 'int' : 'bool' };
}

function isList(value: Value | undefined): value is Value[] | Tuple | Range {
  return Array.isArray(value) || value instanceof Tuple || value instanceof Range;
}
