// Half of the chain rule: a gradient handed on as it is, a derivative alone, or one with another gradient than its own.

import type { NdArray } from '../base/ndarray.js';
import { sameShape } from '../base/shape.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { type Case, type Context, largest, summed, summedAxes, support, type Values } from './case.js';
import type { Diagnosis } from './schema.js';
import type { Branch } from './tape.js';

/** A gradient handed on in one of the branches as if what is between were additions. */
export function missingDerivative({ truth, branches, fits, shape, context }: Case): Diagnosis | null {
  const found = new Set<string>();
  for (const branch of branches) {
    const { operation, through, values } = branch;
    const [ofOperation, ofThrough] = arriving(branch, context);
    const isHandedOn = (given: NdArray | undefined) => {
      const handed = given && reduced(given, shape);
      if (handed === undefined) return false;
      const size = 1 + largest(handed) / largest(truth);
      return size < Infinity && fits((i) => truth[i]! - values[i]! + handed[i]!, size);
    };
    const own = derivativeNames[operation];
    const what = own !== undefined && isHandedOn(ofOperation) ? own : isHandedOn(ofThrough) && 'the derivative';
    if (what) found.add(`${what} is missing: what comes from ${through} is handed on as it is`);
  }
  const [text, ...others] = found;
  return text === undefined || others.length > 0 ? null : { kind: 'missing-derivative', text };
}

/** The derivative alone, without what the only branch gives. */
export function missingUpstream({ truth, candidate, branches, areNear, shape, context }: Case): Diagnosis | null {
  const [branch, ...others] = branches;
  if (branch === undefined || others.length > 0) return null;
  const isAlone = (given: NdArray | undefined) =>
    given !== undefined &&
    sameShape(given.shape, shape) &&
    support(given.data) > 2 &&
    areNear(
      (i) => candidate[i]! * given.data[i]!,
      (i) => truth[i]!,
    );
  if (!arriving(branch, context).some(isAlone)) return null;
  return {
    kind: 'missing-upstream',
    text: `the derivative alone: what comes from ${branch.through} is not multiplied in`,
  };
}

/** The right step from the gradient of another value than the one that it leads to. */
export function otherGradient({ name, truth, branches, fits, context }: Case): Diagnosis | null {
  const found = new Set<string>();
  for (const branch of branches) {
    const { through, values, upstream } = branch;
    const own = context.reference.get(through);
    if (own === undefined || !isSame(own, upstream)) continue;
    for (const [other, gradient] of context.reference) {
      if (other === through || !sameShape(gradient.shape, own.shape) || context.final?.hasRead(other) === false)
        continue;
      const given = stepFrom(gradient, branch, name, context);
      const size = 1 + largest(given) / largest(truth);
      if (!(size < Infinity) || support(given) < 3) continue;
      if (fits((i) => truth[i]! - values[i]! + given[i]!, size))
        found.add(`computed from d${other} where d${through} belongs`);
    }
  }
  const [text, ...others] = found;
  return text === undefined || others.length > 0 ? null : { kind: 'other-gradient', text };
}

/** What the operation of a branch would give to the gradient `name` for this gradient of its output. */
function stepFrom({ shape, data }: NdArray, { from }: Branch, name: string, { run }: Context): Float64Array {
  const { core } = run.tensors.get(name)!.array;
  const to = run.tape.nodes.get(name);
  return core.scopes.run(() => {
    const partials = from.backward(StridedArray.from(core, 'float64', shape, data));
    const values = from.inputs.flatMap((input, i) => (input === to ? [partials[i]!.toTypedArray()] : []));
    return Float64Array.from(values[0]!, (_, i) => values.reduce((sum, one) => sum + one[i]!, 0));
  });
}

function isSame({ shape, data }: NdArray, upstream: Branch['upstream']): boolean {
  return sameShape(shape, upstream.shape) && upstream.values.every((value, i) => value === data[i]);
}

/** What a branch begins with: the gradient of its operation's output, and that of the named value that it leads to. */
function arriving({ upstream, through }: Branch, { reference }: Context): [NdArray, NdArray | undefined] {
  return [{ dtype: 'float64', shape: upstream.shape, data: upstream.values }, reference.get(through)];
}

/** What an operation multiplies the gradient of its output by, in a reader's words. */
const derivativeNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['exp', 'log', 'tanh', 'sqrt'].map((name) => [name, `the derivative of ${name}`])),
  pow: 'the derivative of the power',
  mul: 'the other factor of the product',
  div: 'the derivative of the quotient',
};

/** Values in `shape`: as they are, or added up along the axes that it lacks; undefined where that gives no such shape. */
function reduced(array: NdArray, shape: readonly number[]): Values | undefined {
  if (sameShape(array.shape, shape)) return array.data;
  const axes = summedAxes(array.shape, shape);
  return axes && summed(array, axes);
}
