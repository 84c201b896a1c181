// Writes that a user may do by accident: to a property, or into an array, a map or an object that a property gives.

import { Own } from './garbage.js';
import type { Random } from './random.js';
import { isObject, say } from './say.js';

/** A write that has been done. */
export interface Write {
  /** What was written to, without what differs from write to write. */
  readonly place: string;
  readonly text: string;
  /** Puts back what was there. */
  undo(): void;
}

/** Own properties that are no functions, and getters that give arrays or objects. */
function properties(self: object): string[] {
  const found = new Set<string>();
  for (let at: object | null = self; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (get !== undefined || (at === self && typeof value !== 'function')) found.add(name);
    }
  }
  return [...found];
}

/** Writes `value` somewhere into `self`; undefined where there is nothing to write to. */
export function writeInto(owner: string, self: object, value: unknown, random: Random): Write | undefined {
  const names = properties(self);
  if (names.length === 0) return undefined;
  const name = random.pick(names);
  let held: unknown;
  try {
    held = Reflect.get(self, name);
  } catch {
    return undefined;
  }
  const own = Object.getOwnPropertyDescriptor(self, name);
  if (!isObject(held) || ArrayBuffer.isView(held) || random.chance(0.3)) {
    if (own === undefined || !('value' in own)) return undefined;
    attempt(() => {
      (self as Record<string, unknown>)[name] = value;
    });
    const undo = () => attempt(() => void Reflect.set(self, name, held));
    return { place: `${owner}.${name}`, text: `${say(self)}.${name} = ${say(value)}`, undo };
  }
  return into(`${owner}.${name}`, `${say(self)}.${name}`, held, value, random);
}

/** Writes into an array, a map or an object. */
export function into(place: string, text: string, held: object, value: unknown, random: Random): Write | undefined {
  if (Array.isArray(held)) {
    const before = [...held];
    const [what, write] = random.pick<[string, () => void]>([
      ['pop()', () => void held.pop()],
      [`push(${say(value)})`, () => void held.push(value)],
      ['reverse()', () => void held.reverse()],
      ['splice(0)', () => void held.splice(0)],
      [`fill(${say(value)})`, () => void held.fill(value)],
    ]);
    attempt(write);
    const undo = () => attempt(() => void held.splice(0, held.length, ...before));
    return { place: `${place} (its items)`, text: `${text}.${what}`, undo };
  }
  if (held instanceof Map) {
    const before = [...held];
    const keys = [...held.keys()];
    const [what, write] = random.pick<[string, () => void]>([
      ['clear()', () => held.clear()],
      [`set(${say(keys[1])}, ${say(value)})`, () => void held.set(keys[1], value)],
    ]);
    attempt(write);
    const undo = () =>
      attempt(() => {
        held.clear();
        for (const [key, item] of before) held.set(key, item);
      });
    return { place: `${place} (its entries)`, text: `${text}.${what}`, undo };
  }
  if (Object.getPrototypeOf(held) !== Object.prototype) return undefined;
  const object = held as Record<string, unknown>;
  const before = { ...object };
  const key = random.pick([...Object.keys(object), 'x']);
  const removes = random.chance(0.2);
  attempt(() => {
    if (removes) delete object[key];
    else object[key] = value;
  });
  const undo = () => attempt(() => void Object.assign(object, before));
  const done = removes ? `delete ${text}.${key}` : `${text}.${key} = ${say(value)}`;
  return { place: `${place}.${key}`, text: done, undo };
}

/** What can't be written to says so by JavaScript's own TypeError. */
function attempt(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error) && !((error as unknown) instanceof Own)) throw error;
  }
}
