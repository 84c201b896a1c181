// What a run starts from: parameters and minibatch, drawn or read from a file.

import {
  type Batch,
  type Dataset,
  FormatError,
  type Generator,
  type NdArray,
  type ParameterName,
  parameterNames,
  parseSafetensors,
  readFile,
  takeBatch,
} from '../index.js';

/** What a safetensors file gives in place of draws. */
export interface Given {
  parameters?: { parameters: Record<ParameterName, NdArray> };
  batch?: { Xb: NdArray; Yb: NdArray };
}

/** The parameters of a safetensors file, and its batch where it has one. Throws FormatError where a tensor is missing. */
export async function readGiven(path: string): Promise<Given> {
  const { tensors } = parseSafetensors(await readFile(path), path);
  const tensor = (name: string): NdArray => {
    const found = tensors.get(name);
    if (found === undefined) throw new FormatError(`${path}: expected a tensor ${name}, got none`);
    return found;
  };
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensor(name)]));
  return {
    parameters: { parameters: parameters as Record<ParameterName, NdArray> },
    ...((tensors.has('Xb') || tensors.has('Yb')) && { batch: { Xb: tensor('Xb'), Yb: tensor('Yb') } }),
  };
}

/** The notebook's minibatch: `batch` examples at random indices, drawn by one `randint`. */
export function drawBatch(dataset: Dataset, generator: Generator, batch: number): Batch {
  const { data: indices } = generator.randint(0, dataset.Y.data.length, [batch]);
  return takeBatch(dataset, indices);
}
