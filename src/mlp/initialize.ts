// The numbers that a model's parameters begin with.

import { object } from '../base/check.js';
import { DTypeError, ShapeError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { expectShape, showShape } from '../base/shape.js';
import type { Core } from '../core/core.js';
import { Generator, unlessItFails } from '../random/generator.js';
import { checkedValues } from '../tensor/create.js';
import { byName, type ParameterName, parameterNames, type Sizes, shapeOf } from './layout.js';

/** Where the parameters come from: generators to draw them from, or their values by name. */
export type ParameterSource =
  | { generator: Generator; bnGenerator: Generator }
  | { parameters: Readonly<Record<ParameterName, NdArray>> };

/** What `make` returns; where it throws, the generators of `source`, which are checked, have the states that they had. */
export function withStatesKept<Result>(core: Core, source: ParameterSource, make: () => Result): Result {
  if ('parameters' in source) return make();
  const generator = Generator.checked('generator', source.generator, core);
  const bnGenerator = Generator.checked('bnGenerator', source.bnGenerator, core);
  return unlessItFails(generator, () => unlessItFails(bnGenerator, make));
}

/** The values that parameters begin with, by name, as `source` gives them. Throws TypeError, ShapeError, DTypeError or CoreError. */
export function initialValues(core: Core, sizes: Sizes, source: ParameterSource): Record<ParameterName, NdArray> {
  if (!('parameters' in source)) return drawn(sizes, source);
  for (const name of ['generator', 'bnGenerator']) {
    if (name in source) throw new TypeError(`${name}: expected none where parameters are given, got both`);
  }
  const given = object('parameters', source.parameters);
  return byName(parameterNames, (name) => {
    const shape = shapeOf(name, sizes);
    const array = given[name];
    if (array === undefined)
      throw new ShapeError(`${name}: expected a parameter of shape ${showShape(shape)}, got none`);
    const values = checkedValues(core, name, array);
    expectShape(name, values.shape, shape);
    if (values.dtype === 'int32') throw new DTypeError(`${name}: expected float32 or float64, got int32`);
    return values;
  });
}

/** The notebook's draws, in its order, float32. W1 and bngain are scaled from left to right, and each step is rounded to float32. */
function drawn(
  sizes: Sizes,
  { generator, bnGenerator }: Record<'generator' | 'bnGenerator', Generator>,
): Record<ParameterName, NdArray> {
  const [tanhGain, rootFanIn, tenth] = [5 / 3, Math.sqrt(sizes.T * sizes.E), 0.1].map(Math.fround) as [
    number,
    number,
    number,
  ];
  const timesTenth = (x: number) => x * tenth;
  const scales: Partial<Record<ParameterName, (x: number) => number>> = {
    W1: (x) => Math.fround(x * tanhGain) / rootFanIn,
    b1: timesTenth,
    W2: timesTenth,
    b2: timesTenth,
    bngain: (x) => Math.fround(x * tenth) + 1,
    bnbias: timesTenth,
  };
  return byName(parameterNames, (name) => {
    const from = name.startsWith('bn') ? bnGenerator : generator;
    const { data, ...array } = from.randn(shapeOf(name, sizes));
    return { ...array, data: (data as Float32Array).map(scales[name] ?? ((x) => x)) };
  });
}
