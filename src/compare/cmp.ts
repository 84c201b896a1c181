// The notebook's cmp, with the line it prints.

import { number, string } from '../base/check.js';
import { DTypeError, GraphError, ReleasedError } from '../base/errors.js';
import { checkedNdArray, dtypeOf, type NdArray, plainValues, type TypedArray } from '../base/ndarray.js';
import { fields } from '../base/options.js';
import { pythonFloat } from '../base/python.js';
import { checkedShape, sameButForOnes, sameShape, showShape } from '../base/shape.js';
import { escapeControls, show } from '../base/show.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import type { Tensor } from '../tensor/tensor.js';
import { type Comparison, compareValues } from './compare.js';

/**
 * The line that the notebook prints for a comparison. Where shapes differ by axes of size 1 alone, a second line names both; where
 * they differ more, the line names them.
 *
 * @example formatComparison(compare('dh', dh, h.grad!)) // 'dh              | exact: True  | approximate: True  | maxdiff: 0.0'
 */
export function formatComparison(comparison: Comparison, ...surplus: AsCallback): string {
  refuseSurplus('formatComparison', 1, surplus);
  const parts = ({ name, ...others }: Comparison) => ({ name, ...others });
  const { name, shape, manualShape, dtype, exact, approximate, maxdiff } = fields(
    'comparison',
    "compare's",
    comparison,
    parts,
  );
  const start = `${pad(string('name', name), 15)} | exact: ${bool(exact)} | `;
  const shown = (name: string, given: readonly number[]) => showShape(checkedShape(name, given));
  const shapes =
    manualShape === undefined
      ? ''
      : `expected shape ${shown('shape', shape)}, got ${shown('manualShape', manualShape)}`;
  if (manualShape !== undefined && !sameButForOnes(shape, manualShape)) return start + shapes;
  number('maxdiff', maxdiff);
  const difference = dtype === 'int32' ? String(maxdiff) : pythonFloat(maxdiff);
  const line = `${start}approximate: ${bool(approximate)} | maxdiff: ${difference}`;
  return shapes === '' ? line : `${line}\n${pad('', 15)} | ${shapes}; axes of size 1 ignored`;
}

/**
 * Compares a gradient written by hand with `reference.grad`, where that is a tensor that requires a gradient, or else with the
 * reference itself; prints what `formatComparison` gives and returns the comparison. A typed array counts as one in the shape of the
 * reference. Shapes may differ by axes of size 1; where they differ more, nothing is equal: `exact` and `approximate` are false,
 * `maxdiff` is NaN. Throws GraphError where the gradient is not there, and DTypeError for another dtype.
 *
 * @example cmp('logprobs', dlogprobs, logprobs);
 */
export function cmp(name: string, manual: NdArray | TypedArray, reference: NdArray, ...surplus: never[]): Comparison {
  refuseSurplus('cmp', 3, surplus);
  const result = compareGradient(name, manual, reference);
  console.log(formatComparison({ ...result, name: escapeControls(name) }));
  return result;
}

/** What `cmp` returns, without a line that is printed. */
export function compareGradient(name: string, manual: NdArray | TypedArray, reference: NdArray): Comparison {
  const label = escapeControls(string('name', name).slice(0, 60));
  const expected = readArray(`${label} (reference)`, gradientOf(label, reference));
  const { dtype, shape, data } = arrayOf(label, manual, expected);
  if (dtype !== expected.dtype) {
    throw new DTypeError(`${label}: expected dtype ${expected.dtype} of the reference, got ${dtype}`);
  }
  const comparison = sameButForOnes(shape, expected.shape)
    ? compareValues(name, data, expected)
    : { name, shape: expected.shape, dtype, exact: false, approximate: false, maxdiff: Number.NaN, worst: null };
  return sameShape(shape, expected.shape) ? comparison : { ...comparison, manualShape: shape };
}

/** The gradient of a tensor that requires one; anything else itself. */
function gradientOf(label: string, reference: NdArray): NdArray {
  const read = (tensor: NdArray & Partial<Tensor>) => {
    const { isLeaf, node } = tensor;
    return { grad: tensor.requiresGrad ? tensor.grad : reference, isLeaf, node };
  };
  const { grad, isLeaf, node } = fields(`${label} (reference)`, 'an array with dtype, shape and data', reference, read);
  if (grad !== null) return grad as NdArray;
  // Where the way back from an output is still there, a backward() can follow.
  const isKept = isLeaf || (node?.sink && node.inputs?.length > 0);
  const missing = isKept ? 'backward()' : 'retainGrad() before backward()';
  throw new GraphError(`${label}: expected a reference with a gradient, got none; call ${missing}`);
}

/** As `checkedNdArray`, with a ReleasedError that begins with `name`. */
function readArray(name: string, array: NdArray): NdArray {
  try {
    return checkedNdArray(name, array);
  } catch (cause) {
    if (!(cause instanceof ReleasedError)) throw cause;
    throw new ReleasedError(`${name}: ${cause.message}`, { cause });
  }
}

/** `manual`; a typed array has the shape of the reference, where it has as many elements. */
function arrayOf(label: string, manual: NdArray | TypedArray, { shape, data: { length } }: NdArray): NdArray {
  const dtype = dtypeOf(manual);
  if (Array.isArray(manual) || (dtype === undefined && ArrayBuffer.isView(manual))) {
    throw new TypeError(
      `${label}: expected an array with dtype, shape and data, a Float32Array, Float64Array or Int32Array, got ${show(manual)}`,
    );
  }
  if (dtype === undefined) return readArray(label, manual as NdArray);
  const data = plainValues(dtype, manual as TypedArray);
  return { dtype, shape: data.length === length ? shape : [data.length], data };
}

function bool(value: boolean): string {
  return pad(value ? 'True' : 'False', 5);
}

/** Python's `f'{text:15s}'`, which counts code points. */
function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
