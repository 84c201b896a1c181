// What a judged cell finds beside the values of the forward pass: modules, sizes and the vocabulary.

import type { Handgrad } from '../handgrad.js';
import { modules } from './builtins.js';
import { dict } from './collections.js';
import type { Exercise } from './exercise.js';
import type { Value } from './values.js';

/** The notebook's variables of these names. */
export function constantsOf(
  hg: Handgrad,
  { words, vocabulary, sizes, eps }: Pick<Exercise, 'words' | 'vocabulary' | 'sizes' | 'eps'>,
): ReadonlyMap<string, Value> {
  const known = modules({ hg });
  const { itos } = vocabulary;
  const order = [...itos.keys()].slice(1).concat(0);
  return new Map<string, Value>([
    ['torch', known.get('torch')!],
    ['F', known.get('torch.nn.functional')!],
    ['plt', known.get('matplotlib.pyplot')!],
    ['random', known.get('random')!],
    ['words', [...words]],
    ['itos', dict(order.map((i) => [BigInt(i), itos[i]!]))],
    ['stoi', dict(order.map((i) => [itos[i]!, BigInt(i)]))],
    ['vocab_size', BigInt(sizes.V)],
    ['block_size', BigInt(sizes.T)],
    ['n_embd', BigInt(sizes.E)],
    ['n_hidden', BigInt(sizes.H)],
    ['batch_size', BigInt(sizes.B)],
    ['n', BigInt(sizes.B)],
    ['eps', eps],
  ]);
}
