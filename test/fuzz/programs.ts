// Random tensor programs (views, operations in place, reductions, scopes) next to the same on plain arrays: every live tensor
// holds what its twin holds after every step, and in the end memory is as it was.

import type { DType, Handgrad, Tensor } from '../../src/index.js';
import { Finding, type Target, type World } from './harness.js';
import { newHandle } from './library.js';
import * as p from './plain.js';
import type { Random } from './random.js';

const steps = 25;
const most = 14;

export const programsTarget: Target = {
  name: 'programs',
  runs: 5000,
  quick: 150,
  together: 50,
  patience: 30,
  open: async () => new Programs(await newHandle()),
};

class Programs implements World {
  readonly #hg: Handgrad;

  constructor(hg: Handgrad) {
    this.#hg = hg;
  }

  run(random: Random): void {
    const before = this.#hg.usedBytes;
    const program = new Program(this.#hg, random);
    program.finding(() => {
      this.#hg.scope(() => {
        for (let i = 0; i < steps; i++) program.step(0);
        program.checkAll();
      });
      if (this.#hg.usedBytes !== before) throw new Error(`${this.#hg.usedBytes - before} bytes are left`);
    });
  }
}

interface Pair {
  readonly name: string;
  readonly tensor: Tensor;
  /** Its twin. */
  readonly twin: p.Plain;
}

/** How far values may be from those of the twin; none: equal. */
interface Tolerance {
  readonly float32: number;
  readonly float64: number;
}

/** The bounds of docs/accuracy.md and of JavaScript's own functions, in the last place, rounded up. */
const accurate: Tolerance = { float32: 2 ** -22, float64: 2 ** -50 };
/** A sum of up to 200 terms, a quotient, and exp. */
const ofSums: Tolerance = { float32: 2 ** -18, float64: 2 ** -46 };

class Program {
  readonly #hg: Handgrad;
  readonly #random: Random;
  readonly #live: Pair[] = [];
  readonly #text: string[] = [];
  #made = 0;

  constructor(hg: Handgrad, random: Random) {
    this.#hg = hg;
    this.#random = random;
  }

  /** Carries out `run`; what it throws becomes a Finding with the program so far. */
  finding(run: () => void): void {
    try {
      run();
    } catch (error) {
      const { message } = error as Error;
      const general = `${this.#text.at(-1)?.replace(/^.*?= |\w+\d+\.|\(.*$/g, '')}: ${message.replace(/-?\d[\d.e+-]*/g, '#')}`;
      throw new Finding(general.slice(0, 120), `${this.#text.join('\n')}\n${message}`);
    }
  }

  step(depth: number): void {
    const random = this.#random;
    const choice = random.below(100);
    if (this.#live.length === 0 || choice < 15) this.#create();
    else if (this.#live.length > most || choice < 19) this.#dispose();
    else if (choice < 23 && depth < 2) this.#scope(depth);
    else this.#operate(random.pick(this.#live));
  }

  #operate(pair: Pair): void {
    const random = this.#random;
    const kind = random.below(10);
    if (kind < 3) this.#reshape(pair);
    else if (kind === 3) this.#inPlace(pair);
    else if (kind === 4) this.#put(pair);
    else if (pair.twin.dtype === 'int32') this.#choose(pair);
    else
      random
        .pick([this.#binary, this.#binary, this.#unary, this.#reduce, this.#reduce, this.#product, this.#choose])
        .call(this, pair);
  }

  checkAll(): void {
    for (const { name, tensor, twin } of this.#live) this.#compare(name, tensor, twin);
  }

  #size(): number {
    const random = this.#random;
    return random.chance(0.05) ? 0 : random.chance(0.04) ? random.pick([67, 130, 200]) : random.between(1, 5);
  }

  #create() {
    const random = this.#random;
    const shape = random.list(random.below(4), () => this.#size());
    while (p.count(shape) > 1500) shape.pop();
    const dtype: DType = random.pick(['float32', 'float64', 'float64', 'int32']);
    if (dtype === 'int32' || random.chance(0.3)) {
      const value = random.between(-2, 2);
      this.#note(`full([${shape}], ${value}, ${dtype})`);
      const twin = p.plain(dtype, shape, new Array(p.count(shape)).fill(value));
      return this.#add(this.#hg.full(shape, value, { dtype }), twin);
    }
    const special = [Number.NaN, Number.POSITIVE_INFINITY, -0, 1e30, 1e-40];
    const list = random.list(p.count(shape), () => (random.chance(0.01) ? random.pick(special) : random.real(-2, 2)));
    this.#note(`tensor([${list.slice(0, 8)}${list.length > 8 ? ', …' : ''}], [${shape}], ${dtype})`);
    this.#add(this.#hg.tensor(list, { shape, dtype }), p.plain(dtype, shape, list));
  }

  #dispose(): void {
    const [pair] = this.#live.splice(this.#random.below(this.#live.length), 1);
    this.#note(`${pair!.name}.dispose()`, false);
    pair!.tensor.dispose();
    this.checkAll();
  }

  /** Some steps in a scope; all that they make goes, but for what is returned. */
  #scope(depth: number): void {
    const outside = [...this.#live];
    this.#note('scope {', false);
    const kept = this.#hg.scope(() => {
      for (let i = this.#random.between(1, 4); i > 0; i--) this.step(depth + 1);
      const inside = this.#live.filter((pair) => !outside.includes(pair));
      return { kept: inside.slice(0, 1).map(({ tensor }) => tensor) };
    }).kept;
    this.#note('}', false);
    for (let i = this.#live.length - 1; i >= 0; i--) {
      const pair = this.#live[i]!;
      if (!outside.includes(pair) && !kept.includes(pair.tensor)) this.#live.splice(i, 1);
    }
    this.checkAll();
  }

  #reshape({ name, tensor, twin }: Pair) {
    const random = this.#random;
    const { shape } = twin;
    const contiguous = p.isContiguous(twin);
    const other = this.#sameCount(shape);
    const [i, j] = [random.below(shape.length || 1), random.below(shape.length || 1)];
    const larger = [
      ...random.list(random.below(2), () => 2),
      ...shape.map((size) => (size === 1 ? random.between(0, 3) : size)),
    ];
    switch (random.below(8)) {
      case 0:
        if (!contiguous) return;
        this.#note(`${name}.view([${other}])`);
        return this.#add(tensor.view(other), p.viewOf(twin, other));
      case 1:
        this.#note(`${name}.reshape([${other}])`);
        return this.#add(tensor.reshape(...other), contiguous ? p.viewOf(twin, other) : p.copyOf(twin, other));
      case 2:
      case 3:
        if (shape.length === 0) return;
        this.#note(`${name}.transpose(${i}, ${j - shape.length})`);
        return this.#add(tensor.transpose(i, j - shape.length), p.transpose(twin, i, j));
      case 4:
        if (p.count(larger) > 1500) return;
        this.#note(`${name}.expand([${larger}])`);
        return this.#add(tensor.expand(larger), p.expand(twin, larger));
      case 5:
        this.#note(`${name}.contiguous()`);
        return this.#add(tensor.contiguous(), contiguous ? p.viewOf(twin, shape, twin.strides) : p.copyOf(twin));
      case 6:
        this.#note(`${name}.detach()`);
        return this.#add(tensor.detach(), twin);
      default: {
        if (random.chance(0.5) || twin.dtype === 'int32') {
          this.#note(`${name}.clone()`);
          return this.#add(tensor.clone(), p.copyOf(twin));
        }
        const dtype = random.pick(['float32', 'float64'] as const);
        this.#note(`${name}.to(${dtype})`);
        return this.#add(tensor.to(dtype), p.plain(dtype, shape, p.values(twin)));
      }
    }
  }

  /** Another shape of as many elements. */
  #sameCount(shape: readonly number[]): number[] {
    const sizes = shape.filter((size) => size !== 1);
    if (sizes.length > 1 && this.#random.chance(0.5)) sizes.splice(0, 2, sizes[0]! * sizes[1]!);
    if (sizes.length > 1 && this.#random.chance(0.5)) sizes.reverse();
    if (this.#random.chance(0.3)) sizes.push(1);
    return sizes;
  }

  #operand(twin: p.Plain): Pair | undefined {
    const fits = this.#live.filter((pair) => {
      const shape = p.broadcast(twin.shape, pair.twin.shape);
      return pair.twin.dtype === twin.dtype && shape !== undefined && p.count(shape) <= 1500;
    });
    return fits.length > 0 ? this.#random.pick(fits) : undefined;
  }

  #binary({ name, tensor, twin }: Pair) {
    const [method, op] = this.#random.pick(arithmetic);
    const other = this.#random.chance(0.2) ? undefined : this.#operand(twin);
    if (other === undefined) {
      const value = this.#random.pick([2, -0.5, 3, 0]);
      this.#note(`${name}.${method}(${value})`);
      return this.#add(tensor[method](value), p.binary(twin, value, twin.shape, op));
    }
    this.#note(`${name}.${method}(${other.name})`);
    const shape = p.broadcast(twin.shape, other.twin.shape)!;
    this.#add(tensor[method](other.tensor), p.binary(twin, other.twin, shape, op));
  }

  #unary({ name, tensor, twin }: Pair) {
    const [method, op, tolerance] = this.#random.pick(functions);
    if (this.#random.chance(0.2)) {
      const [exponent, power] = this.#random.pick(powers);
      this.#note(`${name}.pow(${exponent})`);
      return this.#add(tensor.pow(exponent), p.unary(twin, power), accurate);
    }
    this.#note(`${name}.${method}()`);
    this.#add(tensor[method](), p.unary(twin, op), tolerance);
  }

  #inPlace({ name, tensor, twin }: Pair) {
    const random = this.#random;
    if (!p.isContiguous(twin)) return;
    const value = random.between(-3, 3);
    if (twin.dtype === 'int32' || random.chance(0.2)) {
      this.#note(`${name}.fill_(${value})`, false);
      tensor.fill_(value);
      for (const index of p.indicesOf(twin.shape)) p.put(twin, index, value);
      return this.checkAll();
    }
    const [method, op] = random.pick(arithmetic);
    const other = random.chance(0.2) ? undefined : this.#operand(twin);
    if (other !== undefined && p.broadcast(twin.shape, other.twin.shape)!.join() !== twin.shape.join()) return;
    this.#note(`${name}.${method}_(${other?.name ?? value})`, false);
    tensor[`${method}_`](other?.tensor ?? value);
    const result = p.binary(twin, other?.twin ?? value, twin.shape, op);
    for (const index of p.indicesOf(twin.shape)) p.put(twin, index, p.at(result, index));
    this.checkAll();
  }

  #indices(size: number, length: number): number[] {
    return this.#random.list(length, () => this.#random.between(-size, size - 1));
  }

  #put({ name, tensor, twin }: Pair) {
    const random = this.#random;
    const { shape, dtype } = twin;
    if (!p.isContiguous(twin) || shape.length === 0 || p.count(shape) === 0) return;
    const axes = shape.length > 1 && random.chance(0.5) ? 2 : 1;
    const length = random.below(5);
    const lists = Array.from({ length: axes }, (_, axis) => this.#indices(shape[axis]!, length));
    const accumulate = random.chance(0.5);
    const rest = shape.slice(axes);
    const selected = [length, ...rest];
    const source = this.#live.find((pair) => pair.twin.dtype === dtype && pair.twin.shape.join() === selected.join());
    const value = random.between(-3, 3);
    this.#note(`${name}.indexPut_(${JSON.stringify(lists)}, ${source?.name ?? value}, ${accumulate})`, false);
    tensor.indexPut_(lists, source?.tensor ?? value, { accumulate });
    const given = source === undefined ? undefined : p.copyOf(source.twin);
    for (let i = 0; i < length; i++) {
      const row = lists.map((list, axis) => (list[i]! + shape[axis]!) % shape[axis]!);
      for (const index of p.indicesOf(rest)) {
        const put = given === undefined ? value : p.at(given, [i, ...index]);
        p.put(twin, [...row, ...index], accumulate ? p.at(twin, [...row, ...index]) + put : put);
      }
    }
    this.checkAll();
  }

  #reduce({ name, tensor, twin }: Pair) {
    const random = this.#random;
    const { shape, dtype } = twin;
    const keepdim = random.chance(0.5);
    const axes = shape.flatMap((_, axis) => (random.chance(0.5) ? [axis] : []));
    // None are all of them.
    const meant = axes.length > 0 ? axes : shape.map((_, axis) => axis);
    const kind = random.below(5);
    if (kind < 2) {
      this.#note(`${name}.sum([${axes}], ${keepdim})`);
      return this.#add(tensor.sum(axes, { keepdim }), p.sum(twin, meant, keepdim));
    }
    if (kind === 2) {
      this.#note(`${name}.mean([${axes}], ${keepdim})`);
      const n = p.count(meant.map((axis) => shape[axis]!));
      return this.#add(
        tensor.mean(axes, { keepdim }),
        p.unary(p.sum(twin, meant, keepdim), (x) => x / n),
      );
    }
    const axis = random.below(shape.length);
    if (shape.length === 0 || shape[axis] === 0) return;
    if (kind === 3) {
      const found = p.maximum(twin, axis);
      this.#note(`${name}.max(${axis}, ${keepdim})`);
      const { values, indices } = tensor.max(axis, { keepdim });
      this.#add(values, p.plain(dtype, p.reduced(shape, [axis], keepdim), found.values));
      this.#note(`${name}.max(${axis}, ${keepdim}).indices`);
      return this.#add(indices, p.plain('int32', p.reduced(shape, [axis], keepdim), found.indices));
    }
    if (p.count(shape) === 0) return;
    this.#note(`${name}.softmax(${axis}).contiguous()`);
    // Along another axis than the last it may come as a transposed view.
    const out = tensor.softmax(axis).contiguous();
    // Where something is not finite, its sum is not either, in one order or another.
    const twinOut = p.values(twin).every((x) => Math.abs(x) < 1e5)
      ? p.softmax(twin, axis)
      : p.plain(dtype, shape, out.data);
    this.#add(out, twinOut, ofSums);
  }

  #product({ name, tensor, twin }: Pair) {
    if (twin.shape.length !== 2) return;
    const fits = this.#live.filter(
      (pair) => pair.twin.dtype === twin.dtype && pair.twin.shape.length === 2 && pair.twin.shape[0] === twin.shape[1],
    );
    if (fits.length === 0) {
      this.#note(`${name}.T`);
      return this.#add(tensor.T, p.transpose(twin, 0, 1));
    }
    const other = this.#random.pick(fits);
    if (twin.shape[0]! * other.twin.shape[1]! > 1500) return;
    this.#note(`${name}.matmul(${other.name})`);
    this.#add(tensor.matmul(other.tensor), p.matmul(twin, other.twin));
  }

  #choose({ name, tensor, twin }: Pair) {
    const random = this.#random;
    const { shape, dtype } = twin;
    if (shape.length === 0 || p.count(shape) === 0) return;
    const pairs = shape.length > 1 && random.chance(0.4);
    const length = random.below(5);
    const rows = this.#indices(shape[0]!, length);
    const columns = pairs ? this.#indices(shape[1]!, length) : [];
    const rest = shape.slice(pairs ? 2 : 1);
    const list = rows.flatMap((row, i) => {
      const first = (row + shape[0]!) % shape[0]!;
      const head = pairs ? [first, (columns[i]! + shape[1]!) % shape[1]!] : [first];
      return p.indicesOf(rest).map((index) => p.at(twin, [...head, ...index]));
    });
    this.#note(`${name}.index([${rows}]${pairs ? `, [${columns}]` : ''})`);
    this.#add(pairs ? tensor.index(rows, columns) : tensor.index(rows), p.plain(dtype, [length, ...rest], list));
  }

  #note(text: string, makes = true): void {
    this.#text.push(makes ? `t${this.#made} = ${text}` : text);
  }

  /** Takes a new tensor on, once it is found equal to its twin. A twin that may differ a little takes the tensor's values. */
  #add(tensor: Tensor, twin: p.Plain, tolerance?: Tolerance): void {
    const name = `t${this.#made++}`;
    this.#compare(name, tensor, twin, tolerance);
    const same = tolerance === undefined ? twin : p.plain(twin.dtype, twin.shape, tensor.data);
    this.#live.push({ name, tensor, twin: same });
  }

  #compare(name: string, tensor: Tensor, twin: p.Plain, tolerance?: Tolerance): void {
    if (tensor.dtype !== twin.dtype) throw new Error(`${name}: expected ${twin.dtype}, got ${tensor.dtype}`);
    if (tensor.shape.join() !== twin.shape.join()) {
      throw new Error(`${name}: expected shape [${twin.shape}], got [${tensor.shape}]`);
    }
    const { data } = tensor;
    const want = p.values(twin);
    const near = tolerance === undefined || twin.dtype === 'int32' ? 0 : tolerance[twin.dtype];
    // Below the normal numbers a last place is as large as at their beginning.
    const least = near === 0 ? 0 : twin.dtype === 'float32' ? 2 ** -148 : 2 ** -1073;
    for (let i = 0; i < want.length; i++) {
      const [x, y] = [data[i]!, want[i]!];
      if (x === y || (Number.isNaN(x) && Number.isNaN(y)) || Math.abs(x - y) <= near * Math.abs(y) + least) continue;
      throw new Error(`${name}[${i}]: expected ${y}, got ${x}`);
    }
  }
}

const arithmetic = [
  ['add', (x: number, y: number) => x + y],
  ['sub', (x: number, y: number) => x - y],
  ['mul', (x: number, y: number) => x * y],
  ['div', (x: number, y: number) => x / y],
] as const;

const functions = [
  ['neg', (x: number) => -x, undefined],
  ['sqrt', Math.sqrt, undefined],
  ['exp', Math.exp, accurate],
  ['log', Math.log, accurate],
  ['tanh', Math.tanh, accurate],
] as const;

/** The powers that are made of products, quotients and square roots, and one that is not. */
const powers: readonly (readonly [number, (x: number) => number])[] = [
  [2, (x) => x * x],
  [3, (x) => x * x * x],
  [0.5, Math.sqrt],
  [-1, (x) => 1 / x],
  [1.75, (x) => x ** 1.75],
];
