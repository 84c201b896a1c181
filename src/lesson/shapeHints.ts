// Which sum is missing where a gradient does not have the shape of its tensor.

import { sameButForOnes } from '../base/shape.js';

/** How a gradient of shape `got` may get the shape `wanted`, in the words of the lesson; null where no sum would do. */
export function missingSum(got: readonly number[], wanted: readonly number[]): string | null {
  if (got.length === 0 && wanted.length > 0) return '.sum() adds up everything; give the axis to sum along';
  if (got.length !== wanted.length && sameButForOnes(got, wanted)) return 'keepdim=True keeps the axis';
  const added = got.length - wanted.length;
  if (added < 0) return null;
  const axes = got.flatMap((size, axis) => (axis < added || (wanted[axis - added] === 1 && size !== 1) ? [axis] : []));
  const fits = wanted.every((size, axis) => size === got[axis + added] || size === 1);
  if (!fits || axes.length === 0) return null;
  const axis = axes.length === 1 ? `${axes[0]}` : `(${axes.join(', ')})`;
  return `.sum(${axis}${added === 0 ? ', keepdim=True' : ''}) is likely missing`;
}
