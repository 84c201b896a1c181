// Exercise 4: trainings whose backward pass is a cell.

import { describe, expect, test } from 'vitest';
import { buildDataset, type Handgrad, init, Vocabulary } from '../../src/index.js';
import { batchNormInOneGo, CellTraining, crossEntropyInOneGo, operationByOperation } from '../../src/lesson.js';

const hg = await init();
const words = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'mia', 'charlotte', 'amelia'];
const vocabulary = new Vocabulary(words);
const dataset = buildDataset(words, vocabulary, 3);
const complete = operationByOperation.map(({ python }) => python).join('\n');

/** Model and generator, the same each time. */
function drawn(core: Handgrad = hg) {
  const generator = core.generator().manualSeed(1);
  const bnGenerator = core.generator().manualSeed(2);
  return { model: core.createModel({ vocabSize: vocabulary.size, hidden: 13, generator, bnGenerator }), generator };
}

const training = (source: string, given = {}) =>
  new CellTraining(hg, source, { ...drawn(), dataset, vocabulary, batch: 8, ...given });

async function losses(
  given: ReturnType<typeof drawn>,
  backward: 'stepwise' | 'fused',
  steps: number,
): Promise<number[]> {
  const { model, generator } = given;
  const found: number[] = [];
  const slices = model.train({ generator, dataset, batch: 8, steps, schedule: () => 0.1, backward });
  for await (const slice of slices) found.push(...slice.losses);
  return found;
}

describe('a training by a cell', () => {
  test('has the losses of the stepwise pass, to the last bit', async () => {
    const { model, generator } = drawn();
    // With its comparisons, as a cell of the notebook has them.
    const compared = operationByOperation.map(({ name, of, python }) => `${python}\ncmp('${name}', ${name}, ${of})`);
    const own = new CellTraining(hg, compared.join('\n'), { model, generator, dataset, vocabulary, batch: 8 });
    const other = drawn();
    const expected = await losses(other, 'stepwise', 12);
    expect(Array.from({ length: 12 }, () => own.step(0.1))).toEqual(expected);
    for (const [name, parameter] of Object.entries(model.parameters)) {
      expect(parameter.toArray().data, name).toEqual(other.model.parameters[name as 'C'].toArray().data);
    }
  });

  test('has nearly those of the fused pass with what is written in one go', async () => {
    const { name: first } = crossEntropyInOneGo;
    const cell = operationByOperation
      .map((step) => (step.name === first ? crossEntropyInOneGo : step.name === 'dhprebn' ? batchNormInOneGo : step))
      .map(({ python }) => python)
      .join('\n');
    const own = training(cell);
    const fused = await losses(drawn(), 'fused', 8);
    for (const loss of fused) expect(own.step(0.1)).toBeCloseTo(loss, 4);
  });

  test('keeps memory flat', () => {
    const own = training(complete);
    own.step(0.1);
    const before = hg.usedBytes;
    for (let i = 0; i < 5; i++) own.step(0.1);
    expect(hg.usedBytes).toBe(before);
  });

  test.each([
    ['no gradient', 'x = 1', /expected dC, a tensor of shape \[\d+, 10\], got none/],
    ['another shape', complete.replace(/^db2 = .*/m, 'db2 = dlogits'), /expected db2, .* got shape \[8, \d+\]/],
    ['an error', `${complete}\n1/0`, /line \d+, column 1: .*divisor/],
    ['no end', 'while True:\n    pass', /ends within/],
  ])('with %s says so and leaves the model as it was', (_, source, message) => {
    const given = drawn();
    const before = given.model.parameters.W1.toArray().data;
    const own = new CellTraining(hg, source, { ...given, dataset, vocabulary, batch: 8, steps: 100_000 });
    expect(() => own.step(0.1)).toThrow(message);
    expect(given.model.parameters.W1.toArray().data).toEqual(before);
  });

  test('does not let the cell change the parameters', () => {
    const given = drawn();
    const before = given.model.parameters.W1.toArray().data;
    const own = new CellTraining(hg, `${complete}\nW1 += 1`, { ...given, dataset, vocabulary, batch: 8 });
    own.step(0);
    expect(given.model.parameters.W1.toArray().data).toEqual(before);
  });

  test('refuses what can not be read, other options and rates', () => {
    expect(() => training('dC = (')).toThrow(/line 1/);
    expect(() => training(complete, { batch: 1 })).toThrow(/batch/);
    expect(() => training(complete, { lr: 1 })).toThrow(/lr/);
    expect(() => training(complete).step(Number.NaN)).toThrow(/rate/);
  });
});
