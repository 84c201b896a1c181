// NdArrays from plain numbers.

import { type DType, dtypes, type NdArray } from '../../src/base/ndarray.js';

export function ndarray(dtype: DType, values: readonly number[], shape: readonly number[] = [values.length]): NdArray {
  return { dtype, shape, data: dtypes[dtype].array.from(values) };
}
