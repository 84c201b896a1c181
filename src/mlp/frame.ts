// The model's tensors in linear memory, as the passes in the module take them.

import { OutOfMemoryError } from '../base/errors.js';
import { type DType, dtypes, type FloatDType } from '../base/ndarray.js';
import { elementCount } from '../base/shape.js';
import type { Core } from '../core/core.js';
import { addressable } from '../core/memory.js';
import { type Field, Struct } from '../core/struct.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import type { DifferentiatedName, IntermediateName, ParameterName, Sizes } from './layout.js';
import { differentiatedNames, intermediateNames, parameterNames, shapeOf } from './layout.js';

const addresses = <Name extends string>(...names: readonly Name[]) => names.map((name): Field<Name> => [name, 'usize']);
const gradients = (names: readonly DifferentiatedName[]) => names.map((name) => `d${name}` as const);

/**
 * Sizes, and the address of each tensor under the notebook's name; at its end, the parameters, their gradients, and what a rule of
 * training keeps of each, side by side.
 */
export const frameStruct = new Struct([
  ...addresses('B', 'T', 'V', 'E', 'H'),
  ['eps', 'f64'],
  ['rate', 'f64'],
  ...addresses('Xb', 'Yb', ...intermediateNames, ...gradients(differentiatedNames.slice(parameterNames.length))),
  ...addresses('logit_argmaxes', 'scratch', 'workspace', ...parameterNames, ...gradients(parameterNames)),
  ...addresses(...parameterNames.map((name) => `kept_${name}` as const)),
]);

type FrameField = (typeof frameStruct)['fields'][number][0];

/** Gradients of the fused pass: of what its two formulas give, and of the parameters. */
export const fusedNames: readonly ('logits' | 'hprebn' | ParameterName)[] = Object.freeze([
  'logits',
  'hprebn',
  ...parameterNames,
]);

/** The passes that are written by hand, in the module. */
export type HandWritten = 'stepwise' | 'fused';

/**
 * Throws OutOfMemoryError where the tensors of a pass over B examples can't fit in linear memory: parameters, what the pass
 * writes, and the fused one's workspace.
 */
export function checkFits(
  pass: HandWritten | 'autograd',
  sizes: Sizes,
  dtype: FloatDType,
  isSmallest: boolean = false,
): void {
  const { bytes } = dtypes[dtype];
  const isFused = pass === 'fused';
  const written = isFused ? fusedNames : [...intermediateNames, ...differentiatedNames];
  const elements = [...parameterNames, ...written].map((name) => elementCount(shapeOf(name, sizes)));
  const needed = bytes * elements.reduce((sum, count) => sum + count, 0) + (isFused ? workspaceBound(sizes, bytes) : 0);
  if (needed > addressable) {
    const { B, T, V, E, H } = sizes;
    const [batch, even] = isSmallest ? ['', ', even of the smallest batch,'] : [`B ${B}, `, ''];
    throw new OutOfMemoryError(
      `${batch}T ${T}, V ${V}, E ${E}, H ${H}: expected sizes whose tensors${even} fit in 4 GiB, got ${needed} bytes`,
    );
  }
}

/**
 * Bytes that are enough for the fused pass's workspace, with elements of `bytes` bytes: what `layOut` in
 * assembly/mlp/fused/workspace.ts counts in 32 bits, and 512 for the two structs and for what aligns the arrays.
 */
export function workspaceBound({ B, T, V, E, H }: Sizes, bytes: number): number {
  const block = 32 / bytes;
  const columns = Math.ceil(H / block) * block;
  const classes = Math.ceil((2 * V) / block) * (block / 2);
  const U = Math.min(B, V) * T;
  const indices = B * T + U + 1 + T + 1 + V;
  const shared = U * E + (U + 2 * B + 1) * columns + B * classes + V * E + 2 * B;
  const worker = (U + B + classes + Math.max(classes, E, 3)) * block;
  return 4 * indices + bytes * (shared + worker) + 512;
}

/** What a pass is given. */
export interface Inputs {
  parameters: Readonly<Record<ParameterName, StridedArray>>;
  Xb: StridedArray;
  Yb: StridedArray;
  sizes: Sizes;
  eps: number;
}

/** A pass of the module with everything that it reads and writes, ready to run. The current scope owns its arrays. */
export class Frame {
  /** The arrays that the pass writes, undefined until it has run. */
  readonly intermediates: ReadonlyMap<IntermediateName, StridedArray>;
  readonly gradients: ReadonlyMap<DifferentiatedName, StridedArray>;
  /** Carries out the pass. */
  readonly run: () => void;
  /** Holds the addresses. */
  readonly struct: StridedArray;

  constructor(pass: HandWritten, { parameters, Xb, Yb, sizes, eps }: Inputs) {
    const { core } = Xb;
    const dtype = parameters.C.floatDType();
    checkFits(pass, sizes, dtype);
    const kernels = core.kernels[dtype];
    const struct = structArray(core, frameStruct, { ...sizes, eps });
    const point = (field: FrameField, array: StridedArray) =>
      frameStruct.write(core.memory, struct.pointer, { [field]: array.pointer });
    const allocate = (field: FrameField, type: DType, shape: number[]) => {
      const array = StridedArray.allocate(core, type, shape);
      array.name = field;
      point(field, array);
      return array;
    };
    const written = (field: FrameField, shapedLike: ParameterName | IntermediateName) =>
      allocate(field, dtype, shapeOf(shapedLike, sizes));
    for (const name of parameterNames) point(name, parameters[name]);
    point('Xb', Xb);
    point('Yb', Yb);
    const isFused = pass === 'fused';
    if (isFused) allocate('workspace', 'int32', [(kernels.workspaceBytes(struct.pointer) >>> 0) / 4]);
    else {
      const { B, T, E, H, V } = sizes;
      allocate('logit_argmaxes', 'int32', [B]);
      allocate('scratch', dtype, [Math.max(B * H, H * V, T * E * H)]);
    }
    const intermediates: readonly IntermediateName[] = isFused ? ['loss'] : intermediateNames;
    const gradients: readonly DifferentiatedName[] = isFused ? fusedNames : differentiatedNames;
    this.intermediates = new Map(intermediates.map((name) => [name, written(name, name)]));
    this.gradients = new Map(gradients.map((name) => [name, written(`d${name}`, name)]));
    this.run = () => kernels[pass](struct.pointer);
    this.struct = struct;
  }
}

/** A struct with these values, 0 in its other fields, owned by the current scope. */
export function structArray<Name extends string>(
  core: Core,
  struct: Struct<Name>,
  values: Readonly<Partial<Record<Name, number>>>,
): StridedArray {
  const array = StridedArray.full(core, 'int32', [struct.bytes / 4], 0);
  struct.write(core.memory, array.pointer, values);
  return array;
}
