// A factor in the letters of the axes, as `h[b,i]`, `(bnvar[0,i]+eps)^-0.5` or `j==argmax(logits[b])`, with numbers in place of the letters.

import type { NdArray } from 'handgrad';

/** What a formula may speak of. */
export interface Scope {
  /** A tensor by its name; a gradient under the name of its tensor with d before it. */
  tensor(name: string): NdArray;
  /** Axes' letters, sizes and eps. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** A formula's value, and how it reads with numbers for the letters. */
export interface Worked {
  readonly value: number;
  readonly text: string;
}

const functions: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  floor: Math.floor,
};

type Operator = (a: number, b: number) => number;

/** Operators by how tightly they bind, the loosest first; a sign binds tighter, a power tighter still. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { '==': (a, b) => Number(a === b) },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b },
];

/** Works out `formula` in `scope`. Throws SyntaxError for what it can't read, RangeError for a name or an index that is not there. */
export function work(formula: string, scope: Scope): Worked {
  const tokens = formula.match(/\d+(?:\.\d+)?|\w+|==|\S/g) ?? [];
  let at = 0;
  const expect = (token: string): void => {
    if (tokens[at++] !== token)
      throw new SyntaxError(`${formula}: expected ${token}, got ${tokens[at - 1] ?? 'its end'}`);
  };

  const operation = (level: number): Worked => {
    const operators = levels[level];
    if (operators === undefined) return signed();
    let left = operation(level + 1);
    for (;;) {
      const token = tokens[at] ?? '';
      const operator = operators[token];
      if (operator === undefined) return left;
      at++;
      const right = operation(level + 1);
      left = { value: operator(left.value, right.value), text: `${left.text}${spaced(token)}${right.text}` };
    }
  };

  const signed = (): Worked => {
    if (tokens[at] !== '-') return power();
    at++;
    const { value, text } = signed();
    return { value: -value, text: `-${text}` };
  };

  const power = (): Worked => {
    const base = atom();
    if (tokens[at] !== '^') return base;
    at++;
    const exponent = signed();
    return { value: base.value ** exponent.value, text: `${base.text}^${exponent.text}` };
  };

  const inBrackets = (): Worked => {
    expect('(');
    const { value, text } = operation(0);
    expect(')');
    return { value, text: `(${text})` };
  };

  const atom = (): Worked => {
    if (tokens[at] === '(') return inBrackets();
    const token = tokens[at++] ?? '';
    if (/^\d/.test(token)) return { value: Number(token), text: token };
    if (token === 'argmax') return argmax();
    const apply = functions[token];
    if (apply !== undefined) {
      const { value, text } = inBrackets();
      return { value: apply(value), text: `${token}${text}` };
    }
    if (tokens[at] === '[') return element(token);
    const value = scope.numbers.get(token);
    if (value === undefined) throw new RangeError(`${formula}: expected a letter or a size, got ${token || 'its end'}`);
    return { value, text: token === 'eps' ? token : String(value) };
  };

  const index = (): number[] => {
    expect('[');
    const index = [operation(0).value];
    while (tokens[at] === ',') {
      at++;
      index.push(operation(0).value);
    }
    expect(']');
    return index;
  };

  const element = (name: string): Worked => {
    const place = index();
    const { data, shape } = scope.tensor(name);
    const isInside =
      place.length === shape.length && place.every((x, axis) => Number.isInteger(x) && x >= 0 && x < shape[axis]!);
    const text = `${name}[${place.join(', ')}]`;
    if (!isInside) throw new RangeError(`${formula}: expected an index of [${shape.join(', ')}], got ${text}`);
    return { value: data[offset(place, shape)]!, text };
  };

  /** The first of the largest elements of a row. */
  const argmax = (): Worked => {
    expect('(');
    const name = tokens[at++] ?? '';
    const [row] = index() as [number];
    expect(')');
    const { data, shape } = scope.tensor(name);
    const values = Array.from(data.subarray(row * shape[1]!, (row + 1) * shape[1]!));
    const largest = values.indexOf(Math.max(...values));
    return { value: largest, text: `argmax(${name}[${row}])` };
  };

  const found = operation(0);
  if (at < tokens.length) throw new SyntaxError(`${formula}: expected its end, got ${tokens[at]}`);
  return found;
}

function spaced(operator: string): string {
  return operator === '/' ? operator : ` ${operator} `;
}

function offset(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((place, x, axis) => place * shape[axis]! + x, 0);
}
