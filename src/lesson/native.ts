// Functions that the lesson's Python has from the start.

import { guess, show } from '../base/show.js';
import { Fault } from './fault.js';
import { Callable, type Context, type Value } from './values.js';

/** Arguments by position, undefined for those that were not given; what a last parameter `*name` takes is a list. */
export type Given = readonly (Value | undefined)[];

export type Run = (context: Context, given: Given) => Value;

interface Slot {
  readonly name: string;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

/** Other names that PyTorch takes for a parameter. */
const synonyms: Readonly<Record<string, string>> = {
  axis: 'dim',
  keepdims: 'keepdim',
  axes: 'dims',
  value: 'src',
};

/** A function of named parameters: `'input dim? *sizes'`, with a question mark for one that may be left out. */
export class Native extends Callable {
  readonly name: string;
  readonly #slots: readonly Slot[];
  readonly #run: Run;

  constructor(name: string, parameters: string, run: Run) {
    super();
    this.name = name;
    this.#run = run;
    this.#slots = parameters.split(' ').flatMap((text) => {
      if (text === '') return [];
      return [{ name: text.replace(/[*?]/g, ''), isOptional: text.endsWith('?'), isRest: text.startsWith('*') }];
    });
  }

  override call(context: Context, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    return this.#run(context, this.#bind(args, named, 0));
  }

  /** The same of a method: `first` is not counted among its arguments. */
  callOn(context: Context, first: Value, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    return this.#run(context, this.#bind([first, ...args], named, 1));
  }

  /** The same function with its first argument given. */
  bound(first: Value): Callable {
    return new Bound(this, first);
  }

  #bind(args: readonly Value[], named: ReadonlyMap<string, Value>, hidden: number): Given {
    const slots = this.#slots;
    const restAt = slots.findIndex(({ isRest }) => isRest);
    const given: (Value | undefined)[] = slots.map(({ isRest }, i) =>
      isRest ? args.slice(i) : restAt >= 0 && i > restAt ? undefined : args[i],
    );
    if (restAt < 0 && args.length > slots.length) {
      throw new Fault(`expected at most ${slots.length - hidden} arguments, got ${args.length - hidden}`);
    }
    for (const [name, value] of named) {
      const at = this.#slotOf(name);
      if (at < args.length && !(restAt >= 0 && at > restAt)) throw new Fault(`expected ${name} once, got it twice`);
      given[at] = value;
    }
    const missing = slots.find(({ isOptional, isRest }, i) => !isOptional && !isRest && given[i] === undefined);
    if (missing !== undefined) throw new Fault(`expected an argument ${missing.name}, got none`);
    return given;
  }

  #slotOf(name: string): number {
    const names = this.#slots.filter(({ isRest }) => !isRest).map((slot) => slot.name);
    const known = names.includes(name) ? name : (synonyms[name] ?? name);
    const at = this.#slots.findIndex((slot) => slot.name === known && !slot.isRest);
    if (at >= 0) return at;
    throw new Fault(
      names.length === 0
        ? `expected no argument by name, got ${show(name)}`
        : `expected arguments of the names ${names.join(', ')}, got ${show(name)}${guess(name, names)}`,
    );
  }
}

class Bound extends Callable {
  readonly name: string;
  readonly function: Native;
  readonly first: Value;

  constructor(native: Native, first: Value) {
    super();
    this.name = native.name;
    this.function = native;
    this.first = first;
  }

  override call(context: Context, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
    return this.function.callOn(context, this.first, args, named);
  }
}

/** A function that gives None, as those do that change something. */
export function none(change: (context: Context, given: Given) => void): Run {
  return (context, given) => {
    change(context, given);
    return null;
  };
}

/** Functions by name, from their parameters and what they do. */
export function natives(table: Readonly<Record<string, readonly [parameters: string, run: Run]>>): Map<string, Native> {
  return new Map(Object.entries(table).map(([name, [parameters, run]]) => [name, new Native(name, parameters, run)]));
}
