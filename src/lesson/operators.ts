// What operators make of values.

import { Tensor } from '../tensor/tensor.js';
import { Fault } from './fault.js';
import { Mask } from './mask.js';
import { isOperand, isTensor, tensorBinary, tensorCompare, tensorInPlace } from './tensors.js';
import {
  type Context,
  Dict,
  described,
  equals,
  isNumber,
  iterate,
  keyOf,
  PythonSet,
  Range,
  Tuple,
  truth,
  type Value,
} from './values.js';

/** Bits that an int may have. */
const mostBits = 4096;

/** `a operator b`. Throws Fault. */
export function binary(context: Context, operator: string, a: Value, b: Value): Value {
  if (isTensor(a) || isTensor(b)) {
    if (isOperand(a) && isOperand(b)) return tensorBinary(context, operator, a, b);
    throw mismatch(operator, a, b);
  }
  const [x, y] = [plain(a), plain(b)];
  if (isNumber(x) && isNumber(y)) return arithmetic(operator, x, y);
  if (operator === '+') return joined(context, a, b);
  if (operator === '*') return repeated(context, a, b);
  throw mismatch(operator, a, b);
}

/** `target operator= value`: lists and tensors change, of others there is a new one. */
export function inPlace(
  context: Context,
  operator: string,
  target: Value,
  value: Value,
  isPart: boolean = false,
): Value {
  if (Tensor.is(target) && isOperand(value) && operator !== '@') {
    return tensorInPlace(context, operator, target, value, isPart);
  }
  if (Array.isArray(target) && operator === '+') {
    for (const item of [...iterate(value, context)]) target.push(item);
    context.spend(target.length);
    return target;
  }
  return binary(context, operator, target, value);
}

function mismatch(operator: string, a: Value, b: Value): Fault {
  return new Fault(`expected two values that ${operator} takes, got ${described(a)} and ${described(b)}`);
}

/** A bool as an int. */
function plain(value: Value): Value {
  return typeof value === 'boolean' ? BigInt(value) : value;
}

function joined(context: Context, a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    context.spend((a.length + b.length) / 16);
    return a + b;
  }
  const [x, y] = [a instanceof Tuple ? a.items : a, b instanceof Tuple ? b.items : b];
  if (!Array.isArray(x) || !Array.isArray(y) || Array.isArray(a) !== Array.isArray(b)) throw mismatch('+', a, b);
  context.spend((x.length + y.length) / 16);
  return Array.isArray(a) ? [...x, ...y] : new Tuple([...x, ...y]);
}

function repeated(context: Context, a: Value, b: Value): Value {
  const [part, times] = typeof plain(a) === 'bigint' ? [b, plain(a)] : [a, plain(b)];
  const isList = Array.isArray(part);
  if (typeof times !== 'bigint' || !(isList || typeof part === 'string' || part instanceof Tuple))
    throw mismatch('*', a, b);
  const count = times < 0n ? 0 : Number(times);
  const length = part instanceof Tuple ? part.items.length : part.length;
  context.spend(length * count);
  if (typeof part === 'string') return part.repeat(length === 0 ? 0 : count);
  const items = isList ? part : part.items;
  const all = length === 0 ? [] : Array.from({ length: length * count }, (_, i) => items[i % length]!);
  return isList ? all : new Tuple(all);
}

function arithmetic(operator: string, a: bigint | number, b: bigint | number): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return ofInts(operator, a, b);
  const [x, y] = [float(a), float(b)];
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      expectDivisor(y);
      return x / y;
    case '//':
      expectDivisor(y);
      return divided(x, y).quotient;
    case '%':
      expectDivisor(y);
      return divided(x, y).rest;
    case '**':
      return powerOf(x, y);
    default:
      throw mismatch(operator, a, b);
  }
}

function ofInts(operator: string, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+':
      return fitting(a + b);
    case '-':
      return fitting(a - b);
    case '*':
      return fitting(a * b);
    case '/':
      expectDivisor(b);
      return quotientOf(a, b);
    case '//':
      expectDivisor(b);
      return (a - floorModulo(a, b)) / b;
    case '%':
      expectDivisor(b);
      return floorModulo(a, b);
    case '**':
      if (b < 0n) return powerOf(float(a), float(b));
      return powerOfInts(a, b);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      throw mismatch(operator, a, b);
  }
}

function floorModulo(a: bigint, b: bigint): bigint {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

/** The whole quotient and the rest, which has the sign of y, of zeros too. */
function divided(x: number, y: number): { quotient: number; rest: number } {
  const remainder = x % y;
  const isTurned = remainder !== 0 && remainder < 0 !== y < 0;
  const rest = remainder === 0 ? (y < 0 ? -0 : 0) : isTurned ? remainder + y : remainder;
  const quotient = (x - remainder) / y - Number(isTurned);
  if (quotient === 0) return { quotient: x / y < 0 || Object.is(x / y, -0) ? -0 : 0, rest };
  const whole = Math.floor(quotient);
  return { quotient: quotient - whole > 0.5 ? whole + 1 : whole, rest };
}

/** a / b, rounded once, of ints that no float holds too. */
function quotientOf(a: bigint, b: bigint): number {
  const [x, y] = [float(a), float(b)];
  if (BigInt(x) === a && BigInt(y) === b) return x / y;
  const [size, divisor] = [absolute(a), absolute(b)];
  // The quotient gets 64 bits at least, the last of which stands for all that would follow.
  const shift = Math.max(0, 65 + bitsOf(divisor) - bitsOf(size));
  const shifted = size << BigInt(shift);
  const whole = (shifted / divisor) | (shifted % divisor === 0n ? 0n : 1n);
  const half = shift >> 1;
  const quotient = Number(whole) / 2 ** half / 2 ** (shift - half);
  if (quotient < 2 ** -1022 && whole !== 0n)
    throw new Fault('expected a quotient of at least 2^-1022, got a smaller one');
  return a < 0n === b < 0n ? quotient : -quotient;
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** The bits of an int that is not below 0. */
const bitsOf = (value: bigint): number => value.toString(2).length;

function powerOfInts(a: bigint, b: bigint): bigint {
  const size = absolute(a);
  // One with so many bits at least is not even computed.
  if (size > 1n && b * BigInt(bitsOf(size) - 1) >= mostBits) throw tooLarge();
  return fitting(a ** b);
}

function powerOf(x: number, y: number): number {
  if (x === 0 && y < 0) throw new Fault('expected a number other than 0 for a negative power, got 0');
  if (x < 0 && !Number.isInteger(y))
    throw new Fault(`expected a number of at least 0 for a power that is no int, got ${x}`);
  const value = x === 1 ? 1 : x ** y;
  if (!Number.isFinite(value) && Number.isFinite(x) && Number.isFinite(y))
    throw new Fault('expected a power that a float holds, got a larger one');
  return value;
}

function expectDivisor(value: bigint | number): void {
  if (Number(value) === 0) throw new Fault('expected a divisor other than 0, got 0');
}

function fitting(value: bigint): bigint {
  if (value >= largest || value <= -largest) throw tooLarge();
  return value;
}

const largest = 1n << BigInt(mostBits);

function tooLarge(): Fault {
  return new Fault(`expected an int of at most ${mostBits} bits, got a larger one`);
}

/** The float of a number. Throws Fault for an int beyond all floats. */
export function float(value: bigint | number): number {
  const number = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(number))
    throw new Fault('expected an int that a float holds, got a larger one');
  return number;
}

/** `operator a`. Throws Fault. */
export function unary(context: Context, operator: string, value: Value): Value {
  if (operator === 'not') return !truth(value);
  const operand = plain(value);
  if (operator === '~' && value instanceof Mask) return tensorCompare(context, '==', value, 0n);
  if (operator === '~' && typeof operand === 'bigint') return ~operand;
  if (operator === '+' && (isNumber(operand) || Tensor.is(value))) return operand;
  if (operator === '-' && isNumber(operand)) return -operand;
  if (operator === '-' && Tensor.is(value)) {
    return value.dtype === 'int32' ? tensorBinary(context, '*', value, -1n) : value.neg();
  }
  throw new Fault(`expected a value that ${operator} takes, got ${described(value)}`);
}

/** One link of a chain of comparisons. Throws Fault. */
export function compare(context: Context, operator: string, a: Value, b: Value): Value {
  if (operator === 'is' || operator === 'is not') return isSame(a, b) === (operator === 'is');
  if (operator === 'in' || operator === 'not in') return contains(context, b, a) === (operator === 'in');
  if (isTensor(a) || isTensor(b)) {
    if (isOperand(a) && isOperand(b)) return tensorCompare(context, operator, a, b);
    if (operator === '==' || operator === '!=') return operator === '!=';
    throw mismatch(operator, a, b);
  }
  if (operator === '==' || operator === '!=') return equals(a, b) === (operator === '==');
  const order = orderOf(a, b, operator);
  return { '<': order < 0, '>': order > 0, '<=': order <= 0, '>=': order >= 0 }[operator]!;
}

function isSame(a: Value, b: Value): boolean {
  return a === b || (typeof a === 'number' && Object.is(a, b));
}

/** Negative where a comes before b, positive where b does, NaN where neither. Throws Fault. */
export function orderOf(a: Value, b: Value, operator: string = '<'): number {
  const [x, y] = [plain(a), plain(b)];
  if (isNumber(x) && isNumber(y)) return x < y ? -1 : x > y ? 1 : equals(x, y) ? 0 : Number.NaN;
  if (typeof x === 'string' && typeof y === 'string') return textOrder(x, y);
  const [p, q] = [x instanceof Tuple ? x.items : x, y instanceof Tuple ? y.items : y];
  if (!Array.isArray(p) || !Array.isArray(q) || Array.isArray(x) !== Array.isArray(y)) throw mismatch(operator, a, b);
  for (let i = 0; i < Math.min(p.length, q.length); i++) {
    if (!equals(p[i]!, q[i]!)) return orderOf(p[i]!, q[i]!, operator);
  }
  return p.length - q.length;
}

/** By code points, as Python has it. */
function textOrder(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!;
  }
  return x.length - y.length;
}

function contains(context: Context, all: Value, one: Value): boolean {
  if (typeof all === 'string') {
    if (typeof one !== 'string') throw new Fault(`expected text to look for in text, got ${described(one)}`);
    return all.includes(one);
  }
  if (all instanceof Dict) return all.entries.has(keyOf(one));
  if (all instanceof PythonSet) return all.items.has(keyOf(one));
  if (all instanceof Range || Array.isArray(all) || all instanceof Tuple) {
    for (const item of iterate(all, context)) {
      context.spend(1);
      if (isTensor(item) || isTensor(one) ? truth(compare(context, '==', item, one)) : equals(item, one)) return true;
    }
    return false;
  }
  throw new Fault(`expected a list, a dict or text to look in, got ${described(all)}`);
}
