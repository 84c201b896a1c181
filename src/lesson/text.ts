// How values are written: repr, str and format.

import { pythonExponential, pythonFixed, pythonFloat, pythonString } from '../base/python.js';
import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import {
  Callable,
  Dict,
  described,
  Ellipsis,
  PythonSet,
  Range,
  Slice,
  Stream,
  Tuple,
  typeName,
  type Value,
} from './values.js';

/** Levels of lists in lists that are written. */
const deepest = 100;

/** Python's `str`. */
export function str(value: Value): string {
  return typeof value === 'string' ? value : repr(value);
}

/** Python's `repr`. Throws Fault for values too deep in each other, as a list in itself is. */
export function repr(value: Value, depth: number = 0): string {
  if (depth > deepest) throw new Fault(`expected at most ${deepest} lists inside each other, got more`);
  const all = (items: Iterable<Value>) => [...items].map((item) => repr(item, depth + 1));
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return pythonFloat(value);
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `[${all(value).join(', ')}]`;
  if (value instanceof Tuple) return tuple(value, all(value.items));
  if (value instanceof Range) return range(value);
  if (value instanceof Dict) {
    return `{${[...value.entries.values()].map((entry) => all(entry).join(': ')).join(', ')}}`;
  }
  if (value instanceof PythonSet) return value.items.size === 0 ? 'set()' : `{${all(value.items.values()).join(', ')}}`;
  if (Tensor.is(value)) return tensor(value);
  if (value instanceof Mask) return mask(value);
  if (value instanceof Callable) return `<function ${value.name}>`;
  if (value instanceof Stream) return '<generator object>';
  if (value instanceof Ellipsis) return 'Ellipsis';
  if (value instanceof Slice) return `slice(${all([value.start, value.stop, value.step]).join(', ')})`;
  return value.text;
}

function tuple({ items, names, isSize }: Tuple, texts: readonly string[]): string {
  if (isSize) return `torch.Size([${texts.join(', ')}])`;
  if (names.length > 0) return `torch.return_types.max(\n${names.map((name, i) => `${name}=${texts[i]}`).join(',\n')})`;
  return items.length === 1 ? `(${texts[0]},)` : `(${texts.join(', ')})`;
}

function range({ start, step, length }: Range): string {
  const stop = start + step * length;
  return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`;
}

/** Integers are int64 here, which PyTorch does not mention. */
function tensor(value: Tensor): string {
  const text = String(value);
  return value.dtype === 'int32' ? text.replace(/,\s+dtype=torch\.int32/, '') : text;
}

function mask({ shape, tensor }: Mask): string {
  const { data } = tensor;
  if (data.length > 1000) throw new Fault(`expected at most 1000 bools to write, got ${data.length}`);
  if (shape.length === 0) return `tensor(${data[0] === 0 ? 'False' : 'True'})`;
  let next = 0;
  const width = data.includes(0) ? 5 : 4;
  const nested = (axis: number): string => {
    if (axis === shape.length) return (data[next++] === 0 ? 'False' : 'True').padStart(width);
    const items = Array.from({ length: shape[axis]! }, () => nested(axis + 1));
    const gap = axis === shape.length - 1 ? ', ' : `,${'\n'.repeat(shape.length - axis - 1)}${' '.repeat(8 + axis)}`;
    return `[${items.join(gap)}]`;
  };
  return `tensor(${nested(0)})`;
}

const specification = /^(?:(.)?([<>^=]))?([+\- ])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/su;

/** Python's `format(value, spec)`. Throws Fault for what it does not take. */
export function format(value: Value, spec: string): string {
  if (spec === '') return str(value);
  const item = Tensor.is(value) && value.ndim === 0 ? numberOf(value) : value;
  const scalar = typeof item === 'boolean' ? BigInt(item) : item;
  const found = specification.exec(spec);
  const isText = typeof scalar === 'string';
  const isForNumbers = found !== null && (found[2] === '=' || found[3] !== undefined || found[6] !== undefined);
  if (
    found === null ||
    !(isText || typeof scalar === 'number' || typeof scalar === 'bigint') ||
    (isText && isForNumbers)
  ) {
    throw new Fault(`expected a format that ${described(value)} takes, got ${pythonString(spec)}`);
  }
  const [, fill, align, sign = '', zero, width = '0', comma, precision, kind] = found;
  const size = Number(width);
  const digits = precision === undefined ? undefined : Number(precision);
  if (size > 1000 || (digits ?? 0) > 100)
    throw new Fault(`expected a format of at most 1000 characters, got ${pythonString(spec)}`);
  const body = isText ? cut(scalar, kind, digits, spec) : figure(scalar, kind, digits, spec);
  const minus = body.startsWith('-') && !isText ? '-' : !isText && sign !== '-' ? sign : '';
  let text = body.startsWith('-') && !isText ? body.slice(1) : body;
  if (comma !== undefined) text = text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
  const missing = Math.max(0, size - [...text].length - minus.length);
  const filler = fill ?? (zero === undefined ? ' ' : '0');
  const side = align ?? (isText ? '<' : zero === undefined ? '>' : '=');
  if (side === '=') return minus + filler.repeat(missing) + text;
  const before = side === '>' ? missing : side === '^' ? Math.floor(missing / 2) : 0;
  return filler.repeat(before) + minus + text + filler.repeat(missing - before);
}

function numberOf(value: Tensor): Value {
  return value.dtype === 'int32' ? BigInt(value.item()) : value.item();
}

function cut(text: string, kind: string | undefined, digits: number | undefined, spec: string): string {
  if (kind !== undefined && kind !== 's') throw new Fault(`expected a format for text, got ${pythonString(spec)}`);
  return digits === undefined ? text : [...text].slice(0, digits).join('');
}

function figure(value: bigint | number, kind: string | undefined, digits: number | undefined, spec: string): string {
  const isInt = typeof value !== 'number';
  if (isInt && (kind === undefined || kind === 'd') && digits === undefined) {
    return String(value);
  }
  const x = Number(value);
  switch (kind) {
    case 'f':
    case 'F':
      return pythonFixed(x, digits ?? 6);
    case 'e':
      return pythonExponential(x, digits ?? 6);
    case '%':
      return `${pythonFixed(x * 100, digits ?? 6)}%`;
    case 'g':
      return general(x, digits ?? 6);
    case undefined:
      if (!isInt) return digits === undefined ? pythonFloat(x) : general(x, digits, true);
  }
  throw new Fault(`expected a format for ${typeName(value)}, got ${pythonString(spec)}`);
}

/** The shorter of a fixed and an exponential text, without zeros at its end; as Python's precision alone, `isFloat` keeps a digit behind the point. */
function general(x: number, digits: number, isFloat: boolean = false): string {
  if (!Number.isFinite(x)) return pythonFloat(x);
  const precision = Math.max(1, digits);
  const scientific = pythonExponential(x, precision - 1);
  const exponent = Number(scientific.split('e')[1]);
  const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent < -4 || exponent >= precision - (isFloat ? 1 : 0)) {
    const [mantissa, power] = scientific.split('e');
    return `${trimmed(mantissa!)}e${power}`;
  }
  const fixed = trimmed(pythonFixed(x, Math.max(0, precision - 1 - exponent)));
  return isFloat && !fixed.includes('.') ? `${fixed}.0` : fixed;
}
