// The methods of text, lists, dicts, tuples and sets.

import { everything, int, items, text } from './arguments.js';
import { Fault } from './fault.js';
import { type Native, natives, none } from './native.js';
import { orderOf } from './operators.js';
import { Callable, type Context, Dict, described, equals, PythonSet, Tuple, typeName, type Value } from './values.js';

const ofText = natives({
  join: ['self iterable', (context, [self, all]) => everything(context, all).map(text).join(text(self))],
  split: [
    'self sep? maxsplit?',
    (_, [self, by]) =>
      by === undefined || by === null
        ? text(self).trim().split(/\s+/).filter(Boolean)
        : text(self).split(separator(by)),
  ],
  splitlines: ['self', (context, [self]) => lines(context, text(self))],
  strip: ['self', (_, [self]) => text(self).trim()],
  lower: ['self', (_, [self]) => text(self).toLowerCase()],
  upper: ['self', (_, [self]) => text(self).toUpperCase()],
  replace: ['self old new', (context, [self, from, to]) => replaced(context, text(self), text(from), text(to))],
  startswith: ['self prefix', (_, [self, prefix]) => text(self).startsWith(text(prefix))],
  endswith: ['self suffix', (_, [self, suffix]) => text(self).endsWith(text(suffix))],
  ljust: ['self width', (context, [self, width]) => padded(context, text(self), int(width), 'after')],
  rjust: ['self width', (context, [self, width]) => padded(context, text(self), int(width), 'before')],
});

function separator(value: Value): string {
  if (text(value) === '') throw new Fault('expected a separator, got empty text');
  return text(value);
}

function lines(context: Context, all: string): Value {
  context.spend(all.length / 8);
  const found = all.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  return found.at(-1) === '' ? found.slice(0, -1) : found;
}

function replaced(context: Context, all: string, from: string, to: string): string {
  const parts = all.split(from);
  context.spend(all.length + parts.length * to.length);
  return parts.join(to);
}

function padded(context: Context, all: string, width: number, side: 'before' | 'after'): string {
  context.spend(Math.max(0, width));
  const padding = ' '.repeat(Math.max(0, width - [...all].length));
  return side === 'after' ? all + padding : padding + all;
}

const ofLists = natives({
  append: ['self item', none((_, [self, item]) => void list(self).push(item!))],
  extend: ['self iterable', none((context, [self, more]) => void list(self).push(...everything(context, more)))],
  insert: ['self index item', none((_, [self, at, item]) => void list(self).splice(int(at), 0, item!))],
  pop: ['self index?', (_, [self, at]) => popped(list(self), int(at, -1))],
  reverse: ['self', none((_, [self]) => void list(self).reverse())],
  copy: ['self', (_, [self]) => [...list(self)]],
  index: ['self item', (_, [self, item]) => placeOf(items(self), item!)],
  count: ['self item', (_, [self, item]) => BigInt(items(self).filter((one) => equals(one, item!)).length)],
  sort: [
    'self key? reverse?',
    (context, [self, key, reverse]) => {
      const all = list(self);
      all.splice(0, all.length, ...sorted(context, [...all], key, reverse === true));
      return null;
    },
  ],
});

function list(value: Value | undefined): Value[] {
  if (Array.isArray(value)) return value;
  throw new Fault(`expected a list, got ${described(value ?? null)}`);
}

function popped(all: Value[], at: number): Value {
  if (at >= all.length || at < -all.length) throw new Fault(`expected a place in a list of ${all.length}, got ${at}`);
  return all.splice(at, 1)[0]!;
}

function placeOf(all: readonly Value[], item: Value): bigint {
  const at = all.findIndex((one) => equals(one, item));
  if (at < 0) throw new Fault(`expected an item of the list, got ${described(item)}`);
  return BigInt(at);
}

const ofTuples = new Map([...ofLists].filter(([name]) => name === 'index' || name === 'count'));

const ofSizes = new Map([
  ...ofTuples,
  ...natives({
    numel: ['self', (_, [self]) => items(self).reduce<bigint>((count, size) => count * (size as bigint), 1n)],
  }),
]);

const ofDicts = natives({
  items: ['self', (_, [self]) => entries(self).map((entry) => new Tuple(entry))],
  keys: ['self', (_, [self]) => entries(self).map(([key]) => key)],
  values: ['self', (_, [self]) => entries(self).map(([, value]) => value)],
  get: ['self key default?', (_, [self, key, preset]) => (self as Dict).get(key!) ?? preset ?? null],
  copy: ['self', (_, [self]) => dict(entries(self))],
  update: [
    'self other',
    (_, [self, other]) => {
      for (const [key, value] of entries(other)) (self as Dict).set(key, value);
      return null;
    },
  ],
});

function entries(value: Value | undefined): (readonly [Value, Value])[] {
  if (value instanceof Dict) return [...value.entries.values()];
  throw new Fault(`expected a dict, got ${described(value ?? null)}`);
}

/** A dict of entries. */
export function dict(all: Iterable<readonly [Value, Value]>): Dict {
  const made = new Dict();
  for (const [key, value] of all) made.set(key, value);
  return made;
}

/** A set of items. */
export function set(all: Iterable<Value>): PythonSet {
  const made = new PythonSet();
  for (const item of all) made.add(item);
  return made;
}

const ofSets = natives({
  add: ['self item', none((_, [self, item]) => (self as PythonSet).add(item!))],
});

/** The items in ascending order of `key`, those that are equal in their own. Throws Fault. */
export function sorted(context: Context, all: Value[], key: Value | undefined, isReversed: boolean): Value[] {
  const keyed = all.map((item): [Value, Value] => {
    if (key === undefined || key === null) return [item, item];
    if (!(key instanceof Callable)) throw new Fault(`expected a function as the key, got ${described(key)}`);
    return [key.call(context, [item], new Map()), item];
  });
  context.spend(all.length * 4);
  keyed.sort(([a], [b]) => (isReversed ? orderOf(b, a) : orderOf(a, b)));
  return keyed.map(([, item]) => item);
}

/** A method of a value that is no tensor; undefined where it has none of that name. */
export function methodOf(value: Value, name: string): Value | undefined {
  const bound = (table: ReadonlyMap<string, Native>) => table.get(name)?.bound(value);
  if (typeof value === 'string') return bound(ofText);
  if (Array.isArray(value)) return bound(ofLists);
  if (value instanceof Dict) return bound(ofDicts);
  if (value instanceof PythonSet) return bound(ofSets);
  if (!(value instanceof Tuple)) return undefined;
  const at = value.names.indexOf(name);
  return at >= 0 ? value.items[at] : bound(value.isSize ? ofSizes : ofTuples);
}

/** The names of the methods of a value, for suggestions. */
export function methodNames(value: Value): string[] {
  const tables: Readonly<Record<string, ReadonlyMap<string, unknown>>> = {
    str: ofText,
    list: ofLists,
    dict: ofDicts,
    set: ofSets,
    tuple: ofTuples,
    'torch.Size': ofSizes,
  };
  return [...(tables[typeName(value)]?.keys() ?? []), ...(value instanceof Tuple ? value.names : [])];
}
