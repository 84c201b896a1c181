// What a judged cell finds beside the values of the forward pass: modules, sizes and the vocabulary.

import type { Handgrad } from '../handgrad.js';
import { modules } from './builtins.js';
import { dict } from './collections.js';
import type { Exercise } from './exercise.js';
import type { Value } from './values.js';

/** The notebook's variables of these names, each made when a cell first reads it, for the cell may change it. */
export function constantsOf(
  hg: Handgrad,
  { words, vocabulary, sizes, eps }: Pick<Exercise, 'words' | 'vocabulary' | 'sizes' | 'eps'>,
): ReadonlyMap<string, () => Value> {
  const module = (name: string) => () => modules({ hg }).get(name)!;
  const { itos } = vocabulary;
  const order = [...itos.keys()].slice(1).concat(0);
  return new Map<string, () => Value>([
    ['torch', module('torch')],
    ['F', module('torch.nn.functional')],
    ['plt', module('matplotlib.pyplot')],
    ['random', module('random')],
    ['words', () => [...words]],
    ['itos', () => dict(order.map((i) => [BigInt(i), itos[i]!]))],
    ['stoi', () => dict(order.map((i) => [itos[i]!, BigInt(i)]))],
    ['vocab_size', () => BigInt(sizes.V)],
    ['block_size', () => BigInt(sizes.T)],
    ['n_embd', () => BigInt(sizes.E)],
    ['n_hidden', () => BigInt(sizes.H)],
    ['batch_size', () => BigInt(sizes.B)],
    ['n', () => BigInt(sizes.B)],
    ['eps', () => eps],
  ]);
}
