// x[…]: elements, rows and slices of tensors, lists and text, to be read and to be assigned to.

import { elementCount, sameShape, showShape } from '../base/shape.js';
import { broadcastShapes } from '../tensor/arrays/layout.js';
import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import {
  cost,
  dtypeName,
  elements,
  expectChangeable,
  inDType,
  isOperand,
  isTensor,
  numeric,
  overwrite,
  squeezed,
  unsqueezed,
  viewOf,
  withoutWayBack,
} from './tensors.js';
import { type Context, Dict, described, ellipsis, Range, Slice, Tuple, type Value } from './values.js';

/** `object[index]`. Throws Fault. */
export function getItem(context: Context, object: Value, index: Value): Value {
  if (Tensor.is(object)) return tensorItem(context, object, index);
  if (object instanceof Mask) return new Mask(tensorItem(context, object.tensor, index));
  if (object instanceof Dict) {
    const value = object.get(index);
    if (value === undefined) throw new Fault(`expected a key that the dict has, got ${keyText(index)}`);
    return value;
  }
  if (typeof object === 'string') {
    const characters = [...object];
    const chosen = fromSequence(context, characters, index);
    return Array.isArray(chosen) ? chosen.join('') : chosen;
  }
  if (Array.isArray(object)) return fromSequence(context, object, index);
  if (object instanceof Tuple) {
    const chosen = fromSequence(context, object.items, index);
    return index instanceof Slice ? new Tuple(chosen as Value[], [], object.isSize) : chosen;
  }
  if (object instanceof Range && !(index instanceof Slice)) {
    return object.at(position(index, object.length));
  }
  throw new Fault(`expected a tensor, a list, a dict or text before […], got ${described(object)}`);
}

function keyText(key: Value): string {
  return typeof key === 'string' ? JSON.stringify(key.slice(0, 40)) : described(key);
}

function fromSequence(context: Context, items: readonly Value[], index: Value): Value | Value[] {
  if (!(index instanceof Slice)) return items[position(index, items.length)]!;
  const { start, length, step } = sliceOf(index, items.length);
  context.spend(length / 16);
  if (step === 1) return items.slice(start, start + length);
  return Array.from({ length }, (_, i) => items[start + i * step]!);
}

/** `object[index] = value`. Throws Fault. */
export function setItem(context: Context, object: Value, index: Value, value: Value): void {
  if (Tensor.is(object)) setTensorItem(context, object, index, value);
  else if (object instanceof Dict) object.set(index, value);
  else if (Array.isArray(object) && !(index instanceof Slice)) object[position(index, object.length)] = value;
  else throw new Fault(`expected a tensor, a list or a dict to assign an element of, got ${described(object)}`);
}

/** An int that may stand in a tensor of one. */
export function integerOf(value: Value, what: string = 'an int'): number {
  if (typeof value === 'bigint' || typeof value === 'boolean') {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
  }
  if (Tensor.is(value) && value.dtype === 'int32' && value.size === 1) return value.item();
  throw new Fault(`expected ${what}, got ${described(value)}`);
}

function position(index: Value, length: number): number {
  const at = integerOf(index, 'an int in […]');
  if (at >= length || at < -length) {
    throw new Fault(
      length === 0 ? 'expected elements, got none' : `expected an index from ${-length} to ${length - 1}, got ${at}`,
    );
  }
  return at < 0 ? at + length : at;
}

function sliceOf({ start, stop, step }: Slice, length: number): { start: number; length: number; step: number } {
  const by = step === null ? 1 : integerOf(step, 'an int in a slice');
  if (by === 0) throw new Fault('expected a step other than 0, got 0');
  const [least, most] = by > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: Value, preset: number) => {
    if (value === null) return preset;
    const at = integerOf(value, 'an int in a slice');
    return Math.min(most, Math.max(least, at < 0 ? at + length : at));
  };
  const [from, to] = [bound(start, by > 0 ? 0 : length - 1), bound(stop, by > 0 ? length : -1)];
  return { start: from, length: Math.max(0, Math.ceil((to - from) / by)), step: by };
}

// Tensors

/** Indices that choose elements one by one: a tensor of ints, or a list of them. */
type Chosen = { readonly axis: number; readonly index: Tensor };

/** What ints and slices of an index choose, as a view, and what chooses elements of that one by one. */
function basic(context: Context, tensor: Tensor, index: Value): { view: Tensor; chosen: Chosen[] } {
  const parts = index instanceof Tuple ? index.items : [index];
  const taken = parts.filter((part) => part !== null && part !== ellipsis).length;
  if (taken > tensor.ndim) {
    throw new Fault(`expected at most ${tensor.ndim} indices for ${described(tensor)}, got ${taken}`);
  }
  if (parts.filter((part) => part === ellipsis).length > 1) throw new Fault('expected one "…" in […], got more');
  const hasLists = parts.some((part) => isChoice(part));
  const chosen: Chosen[] = [];
  let [view, axis] = [tensor, 0];
  for (const part of parts) {
    if (part === null) view = unsqueezed(view, axis++);
    else if (part === ellipsis) axis += tensor.ndim - taken;
    else if (part instanceof Slice) view = sliced(view, axis++, part);
    else if (isChoice(part) || hasLists) chosen.push({ axis, index: choice(context, part, view.shape[axis++]!) });
    else if (typeof part === 'boolean') throw new Fault('expected ints in […] of a tensor, got a bool');
    else view = row(view, axis, part);
  }
  return { view, chosen };
}

/** Whether a part of an index chooses several elements: not an int, nor a tensor of one. */
function isChoice(part: Value): boolean {
  return Array.isArray(part) || part instanceof Range || part instanceof Mask || (Tensor.is(part) && part.ndim > 0);
}

/** The view of what an int chooses along an axis, without that axis. */
function row(tensor: Tensor, axis: number, index: Value): Tensor {
  const at = position(index, tensor.shape[axis]!);
  return viewOf('row', tensor, (array) => {
    const strides = array.strides.toSpliced(axis, 1);
    return array.viewAs(array.shape.toSpliced(axis, 1), strides, at * array.strides[axis]!);
  });
}

function sliced(tensor: Tensor, axis: number, slice: Slice): Tensor {
  const { start, length, step } = sliceOf(slice, tensor.shape[axis]!);
  if (step < 0) throw new Fault('expected a step above 0 for a tensor, got a negative one');
  return viewOf('slice', tensor, (array) => array.slice(axis, start, length, step));
}

function choice(context: Context, part: Value, size: number): Tensor {
  const check = (at: number) => position(BigInt(at), size);
  if (Tensor.is(part)) {
    if (part.dtype !== 'int32') throw new Fault(`expected ints in […], got ${described(part)} of floats`);
    return context.hg.tensor({ dtype: 'int32', shape: part.shape, data: part.data.map(check) });
  }
  if (part instanceof Mask) throw new Fault('expected a tensor of bools alone in […], got it among others');
  const items = Array.isArray(part) ? part : part instanceof Range ? rangeItems(context, part) : [part];
  const places = Int32Array.from(items, (item) => check(integerOf(item, 'ints in a list in […]')));
  return context.hg.tensor(places, { shape: Array.isArray(part) || part instanceof Range ? [items.length] : [] });
}

function rangeItems(context: Context, range: Range): bigint[] {
  context.spend(range.length);
  return Array.from({ length: range.length }, (_, i) => range.at(i));
}

/** The places in a row-major tensor of the elements that lists of indices choose, and the shape of all of them. */
function places(context: Context, { shape }: Tensor, chosen: readonly Chosen[]): { shape: number[]; at: Int32Array } {
  const axes = chosen.map(({ axis }) => axis);
  const first = axes[0]!;
  if (axes.some((axis, i) => axis !== first + i))
    throw new Fault('expected lists of indices next to each other in […], got others between them');
  const common = chosen.reduce<readonly number[]>((sizes, { index }) => broadcast(sizes, index.shape), []);
  const [before, after] = [shape.slice(0, first), shape.slice(first + axes.length)];
  const [outer, inner] = [elementCount(before), elementCount(after)];
  const count = elementCount(common);
  context.spend(cost(outer * count * inner));
  const combined = new Int32Array(count);
  for (const { axis, index } of chosen) {
    const data = elements(index, common);
    for (let i = 0; i < count; i++) combined[i] = combined[i]! * shape[axis]! + data[i]!;
  }
  const span = elementCount(shape.slice(first, first + axes.length));
  const at = new Int32Array(outer * count * inner);
  let next = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) {
      const start = (o * span + combined[i]!) * inner;
      for (let j = 0; j < inner; j++) at[next++] = start + j;
    }
  }
  return { shape: [...before, ...common, ...after], at };
}

function broadcast(a: readonly number[], b: readonly number[]): number[] {
  try {
    return broadcastShapes('', a, b);
  } catch {
    throw new Fault(`expected lists of indices whose shapes broadcast, got ${showShape(a)} and ${showShape(b)}`);
  }
}

/** The places of the elements that a tensor of bools chooses. */
function maskPlaces(context: Context, tensor: Tensor, mask: Mask): { shape: number[]; at: Int32Array } {
  const { shape } = tensor;
  if (!sameShape(mask.shape, shape.slice(0, mask.shape.length)) || mask.shape.length === 0) {
    throw new Fault(`expected bools of shape ${showShape(shape)}, got ${showShape(mask.shape)}`);
  }
  context.spend(cost(tensor.size));
  const inner = elementCount(shape.slice(mask.shape.length));
  const rows = [...mask.tensor.data.entries()].flatMap(([i, bit]) => (bit === 0 ? [] : [i]));
  const at = Int32Array.from(
    { length: rows.length * inner },
    (_, i) => rows[Math.floor(i / inner)]! * inner + (i % inner),
  );
  return { shape: [rows.length, ...shape.slice(mask.shape.length)], at };
}

function tensorItem(context: Context, tensor: Tensor, index: Value): Tensor {
  if (index instanceof Mask) return taken(context, tensor, maskPlaces(context, tensor, index));
  const { view, chosen } = basic(context, tensor, index);
  return chosen.length === 0 ? view : taken(context, view, places(context, view, chosen));
}

function taken({ hg }: Context, tensor: Tensor, { shape, at }: { shape: number[]; at: Int32Array }): Tensor {
  return tensor.reshape(-1).index(hg.tensor(at)).view(shape);
}

function setTensorItem(context: Context, tensor: Tensor, index: Value, value: Value): void {
  if (!isOperand(value)) throw new Fault(`expected a number or a tensor to assign, got ${described(value)}`);
  if (typeof value === 'number' && tensor.dtype === 'int32' && !Number.isInteger(value)) {
    throw new Fault(`expected an int for a tensor of ints, got ${value}`);
  }
  const source =
    isOperand(value) && typeof value !== 'object'
      ? context.hg.tensor(Number(value), { dtype: tensor.dtype })
      : numeric(value as Tensor);
  const values = inDType(source, tensor.dtype);
  const isMask = index instanceof Mask;
  expectChangeable(tensor);
  const { view, chosen } = isMask ? { view: tensor, chosen: [] } : basic(context, tensor, index);
  if (!isMask && chosen.length === 0) {
    context.spend(cost(view.size));
    overwrite(view, fitted(values, view.shape));
  } else {
    const { shape, at } = isMask ? maskPlaces(context, tensor, index) : places(context, view, chosen);
    const isOther = isTensor(value) && source.dtype !== tensor.dtype && !(isMask && source.ndim === 0);
    if (isOther || value instanceof Mask) {
      throw new Fault(
        `expected a value of the tensor's dtype, ${dtypeName(tensor)}, got ${described(value)} of another`,
      );
    }
    const given = elements(fitted(values, shape), shape);
    const all = view.data;
    for (let i = 0; i < at.length; i++) all[at[i]!] = given[i]!;
    overwrite(view, context.hg.tensor({ dtype: view.dtype, shape: view.shape, data: all }));
  }
  withoutWayBack('assignment to elements', tensor, [tensor, value]);
}

/** `values` without axes of size 1 in front, so that they broadcast to `shape`. Throws Fault. */
function fitted(values: Tensor, shape: readonly number[]): Tensor {
  let fitting = values;
  while (fitting.ndim > shape.length && fitting.shape[0] === 1) fitting = squeezed(fitting, [0]);
  const added = shape.length - fitting.ndim;
  if (added < 0 || fitting.shape.some((size, axis) => size !== 1 && size !== shape[axis + added])) {
    throw new Fault(
      `expected a value that broadcasts to ${showShape(shape)}, got one of shape ${showShape(values.shape)}`,
    );
  }
  return fitting;
}
