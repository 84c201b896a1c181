// How V8 keeps shapes: lists of small integers stay such, for lists of floats make every operation slower.

import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { buildDataset } from '../../src/data/dataset.js';
import { init, Vocabulary } from '../../src/index.js';

setFlagsFromString('--allow-natives-syntax');
const hasSmallIntegers = new Function('list', 'return %HasSmiElements(list)') as (list: readonly number[]) => boolean;

test('a training at fractional rates leaves shapes and strides lists of small integers', async () => {
  const hg = await init();
  const words = ['emma', 'olivia', 'ava'];
  const vocabulary = new Vocabulary(words);
  const [generator, bnGenerator] = [hg.generator(), hg.generator()];
  const model = hg.createModel({ vocabSize: vocabulary.size, generator, bnGenerator });
  const dataset = buildDataset(words, vocabulary, 3);
  const trainer = hg.trainer(model, { dataset, generator, batch: 8, backward: 'autograd' });
  trainer.run(new Array(400).fill(0.01));
  const made = hg.zeros([4, 6]).view(8, -1).sum(0, { keepdim: true });
  for (const { array } of [...Object.values(model.parameters), made]) {
    expect([array.shape, array.strides].map(hasSmallIntegers), array.describe()).toEqual([true, true]);
  }
});
