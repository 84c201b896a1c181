// What gradcheck examines: a function of tensors with the inputs that it is given, its values and its gradients in float64.

import { list } from '../base/check.js';
import { DTypeError, ProofError, ReleasedError } from '../base/errors.js';
import { elementCount, showShape } from '../base/shape.js';
import { show } from '../base/show.js';
import type { Core } from '../core/core.js';
import { enableGrad, noGrad } from '../tensor/autograd.js';
import { fromData } from '../tensor/create.js';
import { Tensor } from '../tensor/tensor.js';
import { atOnce } from './proof.js';

/** What `gradcheck` takes: a function of tensors that returns one, or several in an array or an object. */
export type Differentiable = (...tensors: Tensor[]) => Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** An input that is differentiated. */
export interface Variable {
  /** Its place among the inputs. */
  readonly position: number;
  /** What messages call it. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** The size of each value, as far as steps are concerned: its own, or that of all where it is 0 or next to it. */
  readonly sizes: Float64Array;
}

/** The elements of all outputs, one after the other, and the shape of each output. */
export interface Outputs {
  readonly elements: Float64Array;
  readonly shapes: readonly (readonly number[])[];
}

/** A function with its inputs. Each call of it gets new leaves, in a scope of its own; the constants are made once. */
export class Subject {
  readonly variables: readonly Variable[];
  readonly core: Core;
  readonly #fn: Differentiable;
  /** The inputs in order; null for one that is differentiated. */
  readonly #constants: readonly (Tensor | null)[];

  /** Makes constants in the scope that is open. Throws ProofError, TypeError, CoreError or ReleasedError. */
  constructor(fn: Differentiable, inputs: unknown) {
    if (typeof fn !== 'function') throw new TypeError(`fn: expected a function, got ${show(fn)}`);
    this.#fn = fn;
    const given = list('inputs', Tensor.is(inputs) ? [inputs] : inputs, (name, value) => {
      const tensor = Tensor.checked(name, value, coreOf(inputs));
      if (!tensor.array.released) return tensor;
      throw new ReleasedError(`${name}: expected a tensor in memory, got ${tensor.array.describe()} released`);
    });
    this.variables = given.flatMap(({ name, shape, data, requiresGrad }, position) => {
      if (!requiresGrad) return [];
      const values = Float64Array.from(data);
      return [{ position, name: name ?? `inputs[${position}]`, shape, values, sizes: sizesOf(values) }];
    });
    if (this.variables.length === 0) {
      throw new ProofError('inputs: expected at least one tensor that requires a gradient, got none');
    }
    const { core } = given[0]!.array;
    this.core = core;
    this.#constants = given.map((tensor) => {
      if (tensor.requiresGrad) return null;
      const { shape, data } = tensor;
      return tensor.dtype === 'int32' ? tensor.clone() : fromData(core, new Float64Array(data), { shape });
    });
  }

  /** The outputs for these values of the variables. */
  outputs(values: readonly Float64Array[]): Outputs {
    return this.core.scopes.run(() => noGrad(() => elementsOf(this.#run(this.#leaves(values)))));
  }

  /** The outputs, and the gradient of the sum of each output's element times its weight, for each variable. */
  gradients(weightsOf: (outputs: Outputs) => Float64Array): Outputs & { gradients: readonly Float64Array[] } {
    return this.core.scopes.run(() =>
      enableGrad(() => {
        const leaves = this.#leaves(this.variables.map(({ values }) => values));
        const tensors = this.#run(leaves);
        const outputs = elementsOf(tensors);
        const weights = weightsOf(outputs);
        let at = 0;
        const sums = tensors.map((tensor) => {
          const { shape } = tensor;
          const part = weights.slice(at, at + tensor.size);
          at += part.length;
          return tensor.requiresGrad ? tensor.mul(fromData(this.core, part, { shape })).sum() : null;
        });
        const total = sums.reduce((sum, term) => (sum === null || term === null ? (sum ?? term) : sum.add(term)), null);
        total?.backward();
        const gradients = leaves.map(({ grad, size }) => Float64Array.from(grad?.data ?? new Float64Array(size)));
        return { ...outputs, gradients };
      }),
    );
  }

  #leaves(values: readonly Float64Array[]): Tensor[] {
    return this.variables.map(({ name, shape }, i) =>
      fromData(this.core, values[i]!, { shape, requiresGrad: true, name }),
    );
  }

  #run(leaves: readonly Tensor[]): Tensor[] {
    const rest = [...leaves];
    const versions = this.#constants.map((constant) => constant?.array.version);
    const returned = this.#fn(...this.#constants.map((constant) => constant ?? rest.shift()!));
    const outputs = this.#checkedOutputs(returned);
    this.#constants.forEach((constant, i) => {
      if (constant !== null && (constant.array.released || constant.array.version !== versions[i])) {
        throw new ProofError(`fn: expected inputs[${i}] left as it was, got it changed in place or disposed of`);
      }
    });
    return outputs;
  }

  #checkedOutputs(returned: unknown): Tensor[] {
    atOnce('fn', returned);
    const single = Tensor.is(returned) || typeof returned !== 'object' || returned === null;
    const outputs = Object.entries(single ? { '': returned } : returned).map(([key, value]) => {
      const from = single ? 'fn' : `fn: output ${key}`;
      if (!Tensor.is(value)) throw new ProofError(`${from}: expected a tensor, got ${show(value)}`);
      value.array.expectCore(this.core, from);
      if (value.array.released) throw new ReleasedError(`${from}: expected a tensor in memory, got one released`);
      if (value.dtype !== 'float64') {
        const hint = value.dtype === 'float32' ? '; the inputs are float64 here' : '';
        throw new DTypeError(`${from}: expected float64, got ${value.dtype}${hint}`);
      }
      return value;
    });
    if (outputs.length === 0) throw new ProofError('fn: expected a tensor, or several, got none');
    return outputs;
  }
}

function elementsOf(tensors: readonly Tensor[]): Outputs {
  const shapes = tensors.map(({ shape }) => shape);
  const elements = new Float64Array(shapes.reduce((total, shape) => total + elementCount(shape), 0));
  let at = 0;
  for (const tensor of tensors) {
    elements.set(tensor.data, at);
    at += tensor.size;
  }
  return { elements, shapes };
}

/** Throws ProofError unless both are of the same shapes. */
export function expectSameShapes({ shapes }: Outputs, expected: Outputs): void {
  const [got, wanted] = [shapes.map(showShape).join(', '), expected.shapes.map(showShape).join(', ')];
  if (got !== wanted) throw new ProofError(`fn: expected outputs of the same shapes each time, ${wanted}, got ${got}`);
}

function sizesOf(values: Float64Array): Float64Array {
  const usual = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length) || 1;
  return values.map((x) => (Math.abs(x) > usual * 2 ** -60 ? Math.abs(x) : usual));
}

/** The core of an input, or of the first of several, which is that of them all. */
export function coreOf(inputs: unknown): Core | undefined {
  const first = Array.isArray(inputs) ? inputs[0] : inputs;
  return Tensor.is(first) ? first.array.core : undefined;
}
