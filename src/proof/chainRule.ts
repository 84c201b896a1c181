// One step of the chain rule with something else in it: nothing where its derivative belongs, or where the gradient that it begins with
// does, or another gradient, or another value.

import type { NdArray } from '../base/ndarray.js';
import { sameShape } from '../base/shape.js';
import { StridedArray } from '../tensor/arrays/strided.js';
import { type Case, type Context, isSame, largest, summed, summedAxes, support, type Values } from './case.js';
import type { Diagnosis, DiagnosisKind } from './schema.js';
import type { Branch } from './tape.js';

/** Gradients of more elements are not computed with every other value. */
const mostElements = 2 ** 17;

/** A gradient handed on in one of the branches as if what is between were additions. */
export function missingDerivative(given: Case): Diagnosis | null {
  const { branches, shape, context } = given;
  const found = new Set<string>();
  for (const branch of branches) {
    const [ofOperation, ofThrough] = arriving(branch, context).map((array) => array && reduced(array, shape));
    const own = derivativeNames[branch.operation];
    const what =
      own !== undefined && isInPlaceOf([branch], ofOperation, given)
        ? own
        : isInPlaceOf([branch], ofThrough, given) && 'the derivative';
    if (what) found.add(`${what} is missing: what comes from ${branch.through} is handed on as it is`);
  }
  return theOnly(found, 'missing-derivative');
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
export function otherGradient(given: Case): Diagnosis | null {
  const { name, branches, context } = given;
  const found = new Set<string>();
  for (const branch of branches) {
    const { through } = branch;
    const [upstream, own] = arriving(branch, context);
    if (own === undefined || !isSame(own, upstream)) continue;
    for (const [other, gradient] of context.reference) {
      if (other === through || !sameShape(gradient.shape, own.shape)) continue;
      if (context.final?.hasRead(other) === false) continue;
      if (isInPlaceOf(alike(branch, branches), stepOf(branch, gradient, name, context), given))
        found.add(`computed from d${other} where d${through} belongs`);
    }
  }
  return theOnly(found, 'other-gradient');
}

/** The right step with another value than the one that it reads. */
export function otherValue(given: Case): Diagnosis | null {
  const { name, truth, branches, context } = given;
  const found = new Set<string>();
  if (truth.length > mostElements) return null;
  const { tensors } = context.run;
  for (const branch of branches) {
    const upstream = arriving(branch, context)[0];
    for (const saved of branch.from.saved) {
      // Another view of it, as transposed, is not what a reader would put there.
      const isIt = ({ array }: { array: StridedArray }) =>
        array.sharesMemoryWith(saved) && sameShape(array.shape, saved.shape) && sameShape(array.strides, saved.strides);
      const own = [...tensors].find(([, tensor]) => isIt(tensor))?.[0];
      if (own === undefined || saved.dtype === 'int32') continue;
      for (const [other, { array }] of tensors) {
        if (isIt({ array }) || array.dtype !== saved.dtype || !sameShape(array.shape, saved.shape)) continue;
        const values = withValues(saved, array, () => stepOf(branch, upstream, name, context));
        if (isInPlaceOf(alike(branch, branches), values, given))
          found.add(`computed with ${other} where ${own} belongs`);
      }
    }
  }
  return theOnly(found, 'other-value');
}

/** The branches of the operation that one of them is of: a product of a value with itself has two. */
function alike({ from }: Branch, branches: readonly Branch[]): Branch[] {
  return branches.filter((branch) => branch.from === from);
}

/** Whether the candidate is the truth with `values` in place of what these branches give, and not the truth as nearly. */
function isInPlaceOf(branches: readonly Branch[], values: Values | undefined, { truth, fits }: Case): boolean {
  if (values === undefined || support(values) < 3) return false;
  const size = 1 + largest(values) / largest(truth);
  if (!(size < Infinity) || fits((i) => truth[i]!, size)) return false;
  return fits((i) => branches.reduce((rest, branch) => rest - branch.values[i]!, truth[i]!) + values[i]!, size);
}

/** None where several would explain it. */
function theOnly(found: ReadonlySet<string>, kind: DiagnosisKind): Diagnosis | null {
  const [text, ...others] = found;
  return text === undefined || others.length > 0 ? null : { kind, text };
}

/** What the operation of a branch gives to the gradient `name` for this gradient of its output. */
function stepOf({ from }: Branch, { shape, data }: NdArray, name: string, { run }: Context): Float64Array {
  const { core } = run.tensors.get(name)!.array;
  const to = run.tape.nodes.get(name);
  return core.scopes.run(() => {
    const partials = from.backward(StridedArray.from(core, 'float64', shape, data));
    const values = from.inputs.flatMap((input, i) => (input === to ? [partials[i]!.toTypedArray()] : []));
    return Float64Array.from(values[0]!, (_, i) => values.reduce((sum, one) => sum + one[i]!, 0));
  });
}

/** What `run` returns while `saved` holds the values of `other`. */
function withValues<Result>(saved: StridedArray, other: StridedArray, run: () => Result): Result {
  const before = saved.toTypedArray();
  saved.overwrite(other.toTypedArray());
  try {
    return run();
  } finally {
    saved.overwrite(before);
  }
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
