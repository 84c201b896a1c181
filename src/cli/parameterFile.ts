// The file of --params: parameters, and perhaps a minibatch, in place of drawn ones.

import {
  FormatError,
  type NdArray,
  OutOfMemoryError,
  type ParameterName,
  parameterNames,
  parseSafetensors,
  readFile,
} from '../index.js';
import { messageOf } from './streams.js';

/** What a safetensors file gives in place of draws. */
export interface ParameterFile {
  parameters: Record<ParameterName, NdArray>;
  batch?: { Xb: NdArray; Yb: NdArray };
}

/** The parameters of a safetensors file, and its batch where it has one. Throws FormatError where a tensor is missing. */
export async function readParameterFile(path: string): Promise<ParameterFile> {
  const { tensors } = parseSafetensors(await readFile(path), path);
  const tensor = (name: string): NdArray => {
    const found = tensors.get(name);
    if (found === undefined) throw new FormatError(`${path}: expected a tensor ${name}, got none`);
    return found;
  };
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensor(name)]));
  return {
    parameters: parameters as Record<ParameterName, NdArray>,
    ...((tensors.has('Xb') || tensors.has('Yb')) && { batch: { Xb: tensor('Xb'), Yb: tensor('Yb') } }),
  };
}

/** What `use` makes of what the file `path` gives; its errors, but those of memory, become FormatErrors that begin with `path`. */
export function ofFile<Result>(path: string | undefined, use: () => Result): Result {
  try {
    return use();
  } catch (cause) {
    if (path === undefined || cause instanceof OutOfMemoryError) throw cause;
    throw new FormatError(`${path}: ${messageOf(cause)}`, { cause });
  }
}
