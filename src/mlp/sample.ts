// New words from the model, a character at a time.

import { finite, integer, object, string } from '../base/check.js';
import { DatasetError } from '../base/errors.js';
import { options } from '../base/options.js';
import { show } from '../base/show.js';
import type { Vocabulary } from '../data/vocabulary.js';
import { Generator } from '../random/generator.js';
import { fromData } from '../tensor/create.js';
import type { Tensor } from '../tensor/tensor.js';
import { inference, type Statistics, withoutTape } from './inference.js';
import type { Mlp } from './mlp.js';

/** What is sampled, and how. */
export interface SampleOptions {
  /** Batch norm's statistics, of `model.calibrate`. */
  statistics: Statistics;
  /** The characters of the model's V classes. */
  vocabulary: Vocabulary;
  /** Draws each character; not needed at temperature 0. */
  generator: Generator;
  /** How many words. Default 1. */
  count?: number;
  /** Divides the logits: below 1 for likelier words, 0 for the likeliest character each time. Default 1. */
  temperature?: number;
  /** What each word begins with. Default empty. */
  prompt?: string;
  /** Characters after which a word ends, the prompt among them, if no boundary has come. Default 100. */
  maxLength?: number;
}

/** The names of the options. */
export const sampleOptions: readonly (keyof SampleOptions)[] = [
  'statistics',
  'vocabulary',
  'generator',
  'count',
  'temperature',
  'prompt',
  'maxLength',
];

/** Elements of the longest list that JavaScript has. */
const mostWords = 2 ** 32 - 1;

/** See `Model.sample`. */
export function sample(model: Mlp, given: SampleOptions): string[] {
  const { core, sizes } = model;
  const { prompt = '', ...asked } = options('options', object('options', given), sampleOptions);
  const count = integer('count', asked.count ?? 1, 0, mostWords);
  const temperature = finite('temperature', asked.temperature ?? 1, 0);
  const maxLength = integer('maxLength', asked.maxLength ?? 100, 0);
  const vocabulary = model.checkVocabulary(asked.vocabulary);
  const needless = temperature === 0 && asked.generator === undefined;
  const generator = needless ? undefined : Generator.checked('generator', asked.generator, core);
  const start = encodePrompt(prompt, vocabulary);
  return withoutTape(model, () => {
    const logits = inference(model, asked.statistics as Statistics);
    const next = (context: number[]): number =>
      core.scopes.run(() => {
        const row = logits(fromData(core, Int32Array.from(context), { shape: [1, sizes.T] }));
        return temperature === 0 ? row.argmax().item() : draw(model, row, temperature, generator!);
      });
    const words: string[] = [];
    while (words.length < count) {
      const word = [...start];
      let context = [...new Array<number>(sizes.T).fill(0), ...start].slice(-sizes.T);
      while (word.length < maxLength) {
        const index = next(context);
        if (index === 0) break;
        word.push(index);
        context = [...context.slice(1), index];
      }
      words.push(vocabulary.decode(word));
    }
    return words;
  });
}

function encodePrompt(prompt: string, vocabulary: Vocabulary): number[] {
  return Array.from(string('prompt', prompt), (character) => {
    const index = vocabulary.itos.indexOf(character);
    if (index <= 0) {
      const known = show(vocabulary.itos.slice(1).join(''));
      throw new DatasetError(`prompt: expected characters of ${known}, got ${show(character)} in ${show(prompt)}`);
    }
    return index;
  });
}

/**
 * A class drawn as `torch.multinomial(probs, 1)` on the CPU draws it: argmax(probs / q), q = -log(1 - u) rounded to the dtype
 * of probs, u uniform float64. The logits are shifted before they are divided, so that no temperature makes them overflow.
 */
function draw({ core }: Mlp, logits: Tensor, temperature: number, generator: Generator): number {
  const shifted = logits.sub(logits.max(1, { keepdim: true }).values);
  const { dtype, shape } = logits;
  const probs = shifted.to('float64').div(temperature).to(dtype).softmax();
  const u = fromData(core, generator.rand(shape, { dtype: 'float64' }));
  const q = u.neg().add(1).log().neg().to(dtype);
  return probs.div(q).argmax().item();
}
