// Python's own functions, and the modules that cells import.

import type { Handgrad } from '../handgrad.js';
import { Tensor } from '../tensor/tensor.js';
import { everything, int, items, numberOf, text } from './arguments.js';
import { dict, set, sorted } from './collections.js';
import { Fault } from './fault.js';
import { getItem } from './indexing.js';
import { Mask } from './mask.js';
import { methods } from './methods.js';
import { natives, type Run } from './native.js';
import { binary, float, orderOf } from './operators.js';
import { format, repr, str } from './text.js';
import { functionalModule, torchModule } from './torch.js';
import {
  Callable,
  type Context,
  Dict,
  described,
  Instance,
  iterate,
  PythonSet,
  Range,
  Stream,
  Tuple,
  truth,
  typeName,
  type Value,
} from './values.js';

const print: Run = (context, [values, sep, end]) => {
  const line = items(values)
    .map(str)
    .join(sep === undefined || sep === null ? ' ' : text(sep));
  context.spend(line.length / 4);
  context.print(line + (end === undefined || end === null ? '\n' : text(end)));
  return null;
};

const len: Run = (_, [value]) => {
  if (typeof value === 'string') return BigInt([...value].length);
  if (Array.isArray(value)) return BigInt(value.length);
  if (value instanceof Tuple) return BigInt(value.items.length);
  if (value instanceof Range) return BigInt(value.length);
  if (value instanceof Dict) return BigInt(value.entries.size);
  if (value instanceof PythonSet) return BigInt(value.items.size);
  if ((Tensor.is(value) || value instanceof Mask) && value.shape.length > 0) return BigInt(value.shape[0]!);
  throw new Fault(`expected something with a length, got ${described(value ?? null)}`);
};

const range: Run = (_, [first, second, step]) => {
  const [start, stop] = second === undefined ? [0, int(first)] : [int(first), int(second)];
  const by = int(step, 1);
  if (by === 0) throw new Fault('expected a step other than 0, got 0');
  return new Range(start, stop, by);
};

const sum: Run = (context, [all, start]) => {
  let total: Value = start ?? 0n;
  for (const item of iterate(all!, context)) {
    context.spend(1);
    total = binary(context, '+', total, item);
  }
  return total;
};

/** Of several arguments or of one list, the one that comes first (`sign` 1) or last. */
function extreme(sign: 1 | -1): Run {
  return (context, [values, key]) => {
    const given = items(values);
    const all = given.length === 1 ? everything(context, given[0]) : [...given];
    if (all.length === 0) throw new Fault('expected at least one item, got none');
    const keyed = (item: Value) => (key instanceof Callable ? key.call(context, [item], new Map()) : item);
    return all.reduce((best, item) => (orderOf(keyed(item), keyed(best)) * sign < 0 ? item : best));
  };
}

const int_: Run = (_, [value]) => {
  if (value === undefined) return 0n;
  if (typeof value === 'string') {
    if (/^\s*[+-]?\d+\s*$/.test(value) && value.length < 1000) return BigInt(value.trim().replace(/^\+/, ''));
    throw new Fault(`expected digits, got ${repr(value.slice(0, 40))}`);
  }
  if (value instanceof Mask || typeof value === 'boolean') return BigInt(truth(value));
  if (typeof value === 'bigint') return value;
  const number = numberOf(value);
  if (!Number.isFinite(number)) throw new Fault(`expected a finite number, got ${number}`);
  return BigInt(Math.trunc(number));
};

const float_: Run = (_, [value]) => {
  if (value === undefined) return 0;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint') return float(value);
  if (typeof value !== 'string') return numberOf(value);
  const name = value.trim().toLowerCase();
  const special = { inf: Infinity, '+inf': Infinity, '-inf': -Infinity, infinity: Infinity, nan: Number.NaN }[name];
  if (special !== undefined) return special;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(name)) return Number(name);
  throw new Fault(`expected a number in text, got ${repr(value.slice(0, 40))}`);
};

const abs: Run = (context, [value]) => {
  if (Tensor.is(value)) return methods.get('abs')!.call(context, [value], new Map());
  if (typeof value === 'bigint') return value < 0n ? -value : value;
  if (typeof value === 'boolean') return BigInt(value);
  return Math.abs(numberOf(value));
};

const round: Run = (_, [value, digits]) => {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number') throw new Fault(`expected a number to round, got ${described(value ?? null)}`);
  const number = value;
  const rounded = Number(
    format(number, `.${digits === undefined || digits === null ? 0 : Math.min(100, int(digits))}f`),
  );
  return digits === undefined || digits === null ? BigInt(rounded) : rounded;
};

function* enumerated(all: Iterable<Value>, start: number): Iterable<Value> {
  let i = BigInt(start);
  for (const item of all) yield new Tuple([i++, item]);
}

function* zipped(all: readonly Iterator<Value>[]): Iterable<Value> {
  while (all.length > 0) {
    const next = all.map((iterator) => iterator.next());
    if (next.some(({ done }) => done)) return;
    yield new Tuple(next.map(({ value }) => value as Value));
  }
}

const open: Run = ({ words }, [path, mode]) => {
  if (mode !== undefined && mode !== 'r') throw new Fault(`expected the mode 'r', got ${repr(mode)}`);
  if (!/(^|\/)names\.txt$/.test(text(path)))
    throw new Fault(`expected the file names.txt, which has the words, got ${repr(text(path).slice(0, 40))}`);
  const content = words.map((word) => `${word}\n`).join('');
  return new OpenFile(content);
};

/** An open file. */
export class OpenFile extends Instance {
  constructor(content: string) {
    super('file', '<open file>', [
      ...natives({
        read: ['', () => content],
        readlines: ['', () => content.split(/(?<=\n)/).filter((line) => line !== '')],
        close: ['', () => null],
      }),
    ]);
  }
}

function entriesOf(context: Context, value: Value): [Value, Value][] {
  if (value instanceof Dict) return [...value.entries.values()].map(([key, one]) => [key, one]);
  return everything(context, value).map((pair) => {
    const both = everything(context, pair);
    if (both.length !== 2) throw new Fault(`expected pairs of a key and a value, got ${described(pair)}`);
    return [both[0]!, both[1]!];
  });
}

/** Python's own functions. */
export const builtins: ReadonlyMap<string, Value> = natives({
  abs: ['x', abs],
  all: ['iterable', (context, [all]) => everything(context, all).every(truth)],
  any: ['iterable', (context, [all]) => everything(context, all).some(truth)],
  bool: ['x?', (_, [value]) => value !== undefined && truth(value)],
  dict: ['iterable?', (context, [all]) => dict(all === undefined ? [] : entriesOf(context, all))],
  enumerate: [
    'iterable start?',
    (context, [all, start]) => new Stream(enumerated(iterate(all!, context), int(start, 0))),
  ],
  float: ['x?', float_],
  format: ['value spec?', (_, [value, spec]) => format(value!, spec === undefined ? '' : text(spec))],
  int: ['x?', int_],
  len: ['obj', len],
  list: ['iterable?', (context, [all]) => (all === undefined ? [] : everything(context, all))],
  max: ['*args key?', extreme(-1)],
  min: ['*args key?', extreme(1)],
  open: ['file mode? encoding?', open],
  print: ['*values sep? end? flush?', print],
  range: ['start stop? step?', range],
  repr: ['obj', (_, [value]) => repr(value!)],
  reversed: ['sequence', (context, [all]) => new Stream(everything(context, all).reverse())],
  round: ['number ndigits?', round],
  set: ['iterable?', (context, [all]) => set(all === undefined ? [] : everything(context, all))],
  sorted: [
    'iterable key? reverse?',
    (context, [all, key, reverse]) =>
      sorted(context, everything(context, all), key, reverse !== undefined && truth(reverse)),
  ],
  str: ['obj?', (_, [value]) => (value === undefined ? '' : str(value))],
  sum: ['iterable start?', sum],
  tuple: ['iterable?', (context, [all]) => new Tuple(all === undefined ? [] : everything(context, all))],
  type: ['obj', (_, [value]) => new Instance('type', `<class '${typeName(value!)}'>`)],
  zip: [
    '*iterables',
    (context, [all]) => new Stream(zipped(items(all).map((one) => iterate(one, context)[Symbol.iterator]()))),
  ],
});

/** The module random, with a stream of its own that a seed begins. */
function randomModule(hg: Handgrad): Instance {
  const random = hg.pythonRandom(0);
  let isSeeded = false;
  const seeded = () => {
    if (!isSeeded) throw new Fault('expected random.seed(…) before, so that every run draws the same, got none');
    return random;
  };
  return new Instance('module', "<module 'random'>", [
    ...natives({
      seed: [
        'a',
        (_, [seed]) => {
          if (typeof seed !== 'bigint') throw new Fault(`expected an int as a seed, got ${described(seed ?? null)}`);
          random.seed(seed);
          isSeeded = true;
          return null;
        },
      ],
      shuffle: [
        'x',
        (context, [all]) => {
          if (!Array.isArray(all)) throw new Fault(`expected a list to shuffle, got ${described(all ?? null)}`);
          context.spend(all.length);
          seeded().shuffle(all);
          return null;
        },
      ],
      random: ['', () => seeded().random()],
      randint: ['a b', (_, [a, b]) => BigInt(int(a) + seeded().randbelow(Math.max(1, int(b) - int(a) + 1)))],
      choice: [
        'seq',
        (context, [all]) => getItem(context, all!, BigInt(seeded().randbelow(Number(len(context, [all]))))),
      ],
    }),
  ]);
}

/** What nothing comes of here: every attribute and every call of it is itself. */
export class Ignored extends Callable {
  readonly name = 'plt';

  override call(): Value {
    return this;
  }
}

const ignored = new Ignored();

/** The modules that a cell can import, by name. */
export function modules({ hg }: Pick<Context, 'hg'>): ReadonlyMap<string, Value> {
  const math = natives(
    Object.fromEntries(
      (['sqrt', 'exp', 'log', 'tanh', 'floor', 'ceil'] as const).map((name) => [
        name,
        ['x', (_, [x]) => mathOf(name, numberOf(x))] as const,
      ]),
    ),
  );
  return new Map<string, Value>([
    ['torch', torchModule],
    ['torch.nn.functional', functionalModule],
    ['torch.nn', torchModule.member('nn')!],
    ['random', randomModule(hg)],
    ['math', new Instance('module', "<module 'math'>", [...math, ['pi', Math.PI], ['e', Math.E], ['inf', Infinity]])],
    ['matplotlib.pyplot', ignored],
    ['matplotlib', ignored],
  ]);
}

function mathOf(name: 'sqrt' | 'exp' | 'log' | 'tanh' | 'floor' | 'ceil', x: number): Value {
  if ((name === 'sqrt' && x < 0) || (name === 'log' && x <= 0))
    throw new Fault(`expected a number that ${name} takes, got ${x}`);
  const value = Math[name](x);
  if (!Number.isFinite(value) && Number.isFinite(x))
    throw new Fault(`expected a result that a float holds, got a larger one`);
  if (name !== 'floor' && name !== 'ceil') return value;
  if (!Number.isFinite(value)) throw new Fault(`expected a finite number, got ${x}`);
  return BigInt(value);
}
