// The model's tensors in linear memory, as the passes in the module take them; assembly/mlp/frame.ts is the other side.

import type { Core } from '../core/core.js';
import type { FloatDType } from '../core/ndarray.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import {
  type DifferentiatedName,
  differentiatedNames,
  type IntermediateName,
  intermediateNames,
  type ParameterName,
  parameterNames,
  type Sizes,
  shapeOf,
} from './layout.js';

export type GradientName = `d${DifferentiatedName}`;
type FieldName = 'Xb' | 'Yb' | ParameterName | IntermediateName | GradientName | 'logit_argmaxes' | 'scratch';

/** The sizes of a frame, in the order in which it holds them. */
export const sizeFields: readonly (keyof Sizes)[] = ['B', 'T', 'V', 'E', 'H'];

/** The addresses of a frame, in the order in which it holds them. */
export const addressFields: readonly FieldName[] = [
  'Xb',
  'Yb',
  ...parameterNames,
  ...intermediateNames,
  ...differentiatedNames.map((name): GradientName => `d${name}`),
  'logit_argmaxes',
  'scratch',
];

const epsOffset = 24;
const addressOffset = 32;

/** What a pass is given. */
export interface Inputs {
  parameters: Readonly<Record<ParameterName, StridedArray>>;
  Xb: StridedArray;
  Yb: StridedArray;
  sizes: Sizes;
  eps: number;
}

/** A frame and the arrays it points to, all owned by the current scope. */
export class Frame {
  readonly #core: Core;
  readonly #dtype: FloatDType;
  readonly #sizes: Sizes;
  readonly #words: StridedArray;

  constructor({ parameters, Xb, Yb, sizes, eps }: Inputs) {
    const { core } = Xb;
    const dtype = parameters.C.floatDType();
    this.#core = core;
    this.#dtype = dtype;
    this.#sizes = sizes;
    this.#words = StridedArray.full(core, 'int32', [addressOffset / 4 + addressFields.length], 0);
    sizeFields.forEach((name, i) => {
      this.#words.elements()[i] = sizes[name];
    });
    core.memory.view('float64', this.pointer + epsOffset, 1)[0] = eps;
    for (const name of parameterNames) this.#point(name, parameters[name]);
    this.#point('Xb', Xb);
    this.#point('Yb', Yb);
    const { B, T, V, E, H } = sizes;
    this.#point('logit_argmaxes', StridedArray.allocate(core, 'int32', [B]));
    this.#point('scratch', StridedArray.allocate(core, dtype, [Math.max(B, H * V, T * E * H)]));
  }

  get pointer(): number {
    return this.#words.pointer;
  }

  /** A new array for an intermediate, which a pass will write. */
  intermediate(name: IntermediateName): StridedArray {
    return this.#allocate(name, name);
  }

  /** A new array for the gradient of a tensor, which a pass will write. */
  gradient(name: DifferentiatedName): StridedArray {
    return this.#allocate(`d${name}`, name);
  }

  #allocate(field: IntermediateName | GradientName, shapedLike: ParameterName | IntermediateName): StridedArray {
    const array = StridedArray.allocate(this.#core, this.#dtype, shapeOf(shapedLike, this.#sizes));
    array.name = field;
    this.#point(field, array);
    return array;
  }

  #point(name: FieldName, array: StridedArray): void {
    this.#words.elements()[addressOffset / 4 + addressFields.indexOf(name)] = array.pointer;
  }
}
