// The model's tensors in linear memory, as the passes in the module take them; assembly/mlp/frame.ts is the other side.

import type { FloatDType } from '../base/ndarray.js';
import type { Core } from '../core/core.js';
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
type FieldName =
  | 'Xb'
  | 'Yb'
  | ParameterName
  | IntermediateName
  | GradientName
  | 'logit_argmaxes'
  | 'scratch'
  | 'workspace';

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
  'workspace',
];

/** Gradients of the fused pass: of what its two formulas give, and of the parameters. */
export const fusedNames = Object.freeze([
  'logits',
  'hprebn',
  ...parameterNames,
] as const satisfies readonly DifferentiatedName[]);

/** The passes that are written by hand, in the module. */
export type HandWritten = 'stepwise' | 'fused';

const writtenBy: Record<
  HandWritten,
  { intermediates: readonly IntermediateName[]; gradients: readonly DifferentiatedName[] }
> = {
  stepwise: { intermediates: intermediateNames, gradients: differentiatedNames },
  fused: { intermediates: ['loss'], gradients: fusedNames },
};

/** The arrays that a pass writes. */
export interface Written {
  intermediates: Map<IntermediateName, StridedArray>;
  gradients: Map<DifferentiatedName, StridedArray>;
}

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
    this.#core = core;
    this.#dtype = parameters.C.floatDType();
    this.#sizes = sizes;
    this.#words = StridedArray.full(core, 'int32', [addressOffset / 4 + addressFields.length], 0);
    sizeFields.forEach((name, i) => {
      this.#words.elements()[i] = sizes[name];
    });
    core.memory.view('float64', this.pointer + epsOffset, 1)[0] = eps;
    for (const name of parameterNames) this.#point(name, parameters[name]);
    this.#point('Xb', Xb);
    this.#point('Yb', Yb);
  }

  get pointer(): number {
    return this.#words.pointer;
  }

  /** New arrays for everything that a pass of the module writes; the fused one needs its workspace too. */
  allocate(pass: HandWritten): Written {
    const { intermediates, gradients } = writtenBy[pass];
    const core = this.#core;
    const { B, T, E, H, V } = this.#sizes;
    if (pass === 'stepwise') {
      this.#point('logit_argmaxes', StridedArray.allocate(core, 'int32', [B]));
      this.#point('scratch', StridedArray.allocate(core, this.#dtype, [Math.max(B, H * V, T * E * H)]));
    } else {
      const bytes = core.kernels[this.#dtype].workspaceBytes(this.pointer);
      this.#point('workspace', StridedArray.allocate(core, 'int32', [Math.ceil(bytes / 4)]));
    }
    return {
      intermediates: new Map(intermediates.map((name) => [name, this.#allocate(name, name)])),
      gradients: new Map(gradients.map((name) => [name, this.#allocate(`d${name}`, name)])),
    };
  }

  /** Carries out a pass, whose arrays have been allocated. */
  run(pass: HandWritten): void {
    const kernels = this.#core.kernels[this.#dtype];
    if (pass === 'stepwise') kernels.forward(this.pointer);
    kernels[pass](this.pointer);
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
