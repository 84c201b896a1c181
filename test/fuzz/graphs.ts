// Random differentiable graphs in float64 (shared subexpressions, broadcasting, views, several backward passes): each gradient
// against central differences of the function that the graph computes.
//
// Tolerance: with a step of h = 2^-17 the difference's own error is h² f'''/6 plus rounding, 2^-53 |f| / h. Values and derivatives are
// kept near 1, by tanh where they grow, so that both are about 1e-10; a bound of 1e-6, relative to the largest gradient and at
// least 1e-6, leaves room for third derivatives in the thousands, and any wrong factor or index is far beyond it.

import type { Handgrad, Tensor } from '../../src/index.js';
import { Finding, type Target, type World } from './harness.js';
import { newHandle } from './library.js';
import { broadcast, count } from './plain.js';
import type { Random } from './random.js';

const step = 2 ** -17;
const bound = 1e-6;

export const graphsTarget: Target = {
  name: 'graphs',
  runs: 2000,
  quick: 60,
  together: 50,
  patience: 30,
  open: async () => new Graphs(await newHandle()),
};

/** An operation of the graph, by the places of its inputs among the tensors so far. */
interface Operation {
  readonly text: string;
  run(values: readonly Tensor[]): Tensor;
}

interface Leaf {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

class Graphs implements World {
  readonly #hg: Handgrad;

  constructor(hg: Handgrad) {
    this.#hg = hg;
  }

  run(random: Random): void {
    const hg = this.#hg;
    const before = hg.usedBytes;
    const leaves = random.list(random.between(1, 3), (): Leaf => {
      const shape = random.list(random.below(3), () => random.between(1, 4));
      return { shape, data: Float64Array.from({ length: count(shape) }, () => random.real(-1.2, 1.2)) };
    });
    const operations: Operation[] = [];
    const text = () =>
      [
        ...leaves.map(({ shape, data }, i) => `t${i} = leaf [${shape}] of ${data}`),
        ...operations.map(({ text }) => text),
      ].join('\n');
    try {
      hg.scope(() => this.#build(leaves, operations, random));
      hg.scope(() => this.#check(leaves, operations, random));
    } catch (error) {
      const { message } = error as Error;
      throw new Finding(message.replace(/-?\d[\d.e+-]*/g, '#').slice(0, 120), `${text()}\n${message}`);
    }
    if (hg.usedBytes !== before) throw new Finding('bytes are left', `${text()}\n${hg.usedBytes - before}`);
  }

  #leaves(leaves: readonly Leaf[], requiresGrad: boolean): Tensor[] {
    return leaves.map(({ shape, data }) => this.#hg.tensor(data, { shape, dtype: 'float64', requiresGrad }));
  }

  /** Chooses operations that fit what is there, and carries them out once to know the shapes. */
  #build(leaves: readonly Leaf[], operations: Operation[], random: Random): void {
    const values = this.#leaves(leaves, false);
    for (let i = random.between(2, 9); i > 0; i--) {
      const operation = choose(this.#hg, values, random);
      if (operation === undefined) continue;
      const out = operation.run(values);
      // Central differences see nothing of numbers that are too large.
      const tame = out.size > 0 && out.data.every((x: number) => Math.abs(x) < 1e3);
      if (!tame || out.size > 200) continue;
      operations.push({ ...operation, text: `t${values.length} = ${operation.text}` });
      values.push(out);
    }
  }

  /** The function: a sum of all tensors, each weighted, so that none is without influence. */
  #total(values: readonly Tensor[]): Tensor {
    return values
      .map((value, i) =>
        value
          .mul(0.7 + 0.1 * i)
          .tanh()
          .sum(),
      )
      .reduce((sum, part) => sum.add(part));
  }

  #evaluate(leaves: readonly Leaf[], operations: readonly Operation[]): number {
    return this.#hg.scope(() => {
      const values = this.#leaves(leaves, false);
      for (const operation of operations) values.push(operation.run(values));
      return this.#total(values).item();
    });
  }

  #check(leaves: readonly Leaf[], operations: readonly Operation[], random: Random): void {
    const inputs = this.#leaves(leaves, true);
    const values = [...inputs];
    for (const operation of operations) values.push(operation.run(values));
    const watched = values[random.below(values.length)]!;
    if (random.chance(0.3)) watched.retainGrad();
    const total = this.#total(values);
    const passes = random.between(1, 3);
    for (let pass = 1; pass <= passes; pass++) total.backward(null, { retainGraph: pass < passes });
    inputs.forEach((input, i) => {
      const { data } = leaves[i]!;
      const { grad } = input;
      if (grad === null) throw new Error(`t${i}: expected a gradient, got none`);
      const gradient = grad.data;
      const want = Array.from(data, (value, j) => {
        const moved = (by: number) => {
          data[j] = value + by;
          const result = this.#evaluate(leaves, operations);
          data[j] = value;
          return result;
        };
        return (moved(step) - moved(-step)) / (2 * step);
      });
      const scale = Math.max(1, ...want.map(Math.abs));
      want.forEach((value, j) => {
        const got = gradient[j]! / passes;
        if (!(Math.abs(got - value) <= bound * scale)) {
          throw new Error(`the gradient of t${i}[${j}] is off: expected ${value}, got ${got} in ${passes} passes`);
        }
      });
    });
  }
}

/** Away from 0, where quotients, roots and logarithms have no derivative. */
const positive = (x: Tensor) => x.mul(x).add(0.5);

function choose(hg: Handgrad, values: readonly Tensor[], random: Random): Operation | undefined {
  const i = random.below(values.length);
  const { shape } = values[i]!;
  const name = `t${i}`;
  const one = (text: string, run: (x: Tensor) => Tensor): Operation => ({
    text: `${name}.${text}`,
    run: (all) => run(all[i]!),
  });
  const axis = random.below(shape.length || 1);
  const fits = (test: (other: readonly number[]) => boolean) => {
    const found = values.flatMap((value, at) => (test(value.shape) ? [at] : []));
    return found.length === 0 ? undefined : random.pick(found);
  };
  const two = (text: string, j: number | undefined, run: (x: Tensor, y: Tensor) => Tensor): Operation | undefined =>
    j === undefined ? undefined : { text: `${name}.${text}(t${j})`, run: (all) => run(all[i]!, all[j]!) };
  const broadcasting = () => fits((other) => broadcast(shape, other) !== undefined);
  const matrix = shape.length === 2;
  switch (random.below(24)) {
    case 0:
      return two('add', broadcasting(), (x, y) => x.add(y));
    case 1:
      return two('sub', broadcasting(), (x, y) => x.sub(y));
    case 2:
    case 3:
      return two('mul', broadcasting(), (x, y) => x.mul(y));
    case 4:
      return two('div of positive', broadcasting(), (x, y) => x.div(positive(y)));
    case 5:
      return one('tanh().exp()', (x) => x.tanh().exp());
    case 6:
      return one('positive.log()', (x) => positive(x).log());
    case 7:
      return one('tanh()', (x) => x.tanh());
    case 8:
      return one('positive.sqrt()', (x) => positive(x).sqrt());
    case 9: {
      const exponent = random.pick([2, 3, -0.5, 0.5, -1, -2, 1.7]);
      return one(`positive.pow(${exponent})`, (x) => positive(x.tanh()).pow(exponent));
    }
    case 10:
      return one('neg()', (x) => x.neg());
    case 11:
    case 12: {
      const keepdim = random.chance(0.5);
      const axes = shape.flatMap((_, at) => (random.chance(0.6) ? [at] : []));
      const mean = random.chance(0.5);
      return one(`${mean ? 'mean' : 'sum'}([${axes}], ${keepdim})`, (x) => x[mean ? 'mean' : 'sum'](axes, { keepdim }));
    }
    case 13:
      return shape.length === 0 ? undefined : one(`softmax(${axis})`, (x) => x.softmax(axis));
    case 14:
      return matrix ? one('T', (x) => x.T) : one('view(-1)', (x) => x.reshape(-1));
    case 15:
      return one('expand', (x) => x.expand([2, ...shape]));
    case 16:
      return one('clone()', (x) => x.clone());
    case 17:
    case 18:
      return matrix
        ? two(
            'matmul',
            fits((other) => other.length > 0 && other.length < 3 && other[0] === shape[1]),
            (x, y) => x.matmul(y).tanh(),
          )
        : undefined;
    case 19: {
      if (shape.length === 0) return undefined;
      const rows = random.list(random.between(1, 4), () => random.between(-shape[0]!, shape[0]! - 1));
      return one(`index([${rows}])`, (x) => x.index(rows));
    }
    case 20: {
      if (!matrix) return undefined;
      const rows = random.list(3, () => random.below(shape[0]!));
      const columns = random.list(3, () => random.below(shape[1]!));
      return one(`index([${rows}], [${columns}])`, (x) => x.index(rows, columns));
    }
    case 21:
      // Elements that stand too near each other would make the maximum jump.
      return shape.length > 0 && apart(values[i]!) ? one(`max(${axis})`, (x) => x.max(axis).values) : undefined;
    case 22:
      return matrix && shape[0]! > 1
        ? two(
            'batchNorm',
            fits((other) => other.length === 1 && other[0] === shape[1]),
            (x, y) => x.batchNorm(y, y.mul(2), { eps: 0.1 }),
          )
        : undefined;
    default: {
      if (!matrix) return undefined;
      const targets = random.list(shape[0]!, () => random.below(shape[1]!));
      return {
        text: `${name}.crossEntropy([${targets}])`,
        run: (all) => all[i]!.crossEntropy(hg.tensor(targets, { dtype: 'int32' })),
      };
    }
  }
}

/** Whether all elements are a hundredth apart. */
function apart(tensor: Tensor): boolean {
  const sorted = [...tensor.data].sort((a, b) => a - b);
  return sorted.every((x, i) => i === 0 || x - sorted[i - 1]! > 0.01);
}
