// A model of one's own words: trains on a list and prints new ones. Run it with `npx tsx examples/words.ts words.txt`; without a
// list it takes the first names that the package brings.

import { buildDataset, init, loadWords, split, Vocabulary } from 'handgrad';

const hg = await init();
const [list = import.meta.resolve('handgrad/names.txt')] = process.argv.slice(2);
const words = await loadWords(list);
const vocabulary = new Vocabulary(words);
console.log(`${words.length} words of ${vocabulary.size - 1} characters`);

// The order of the list would decide what is learned from and what is held back.
hg.pythonRandom(42).shuffle(words);
const [train, dev] = [split(words).train, split(words).dev].map((part) => buildDataset(part, vocabulary, 3));

const generator = hg.generator().manualSeed(2147483647);
const bnGenerator = hg.generator().manualSeed(42);
const model = hg.createModel({ vocabSize: vocabulary.size, hidden: 100, generator, bnGenerator });
const steps = 10_000;
// The rate is 0.1 for the first half of the steps and 0.01 for the second.
for await (const { step, meanLoss } of model.train({ dataset: train!, generator, steps, pauseEvery: 2000 })) {
  if (step % 2000 === 0) console.log(`${step} steps, loss ${meanLoss.toFixed(4)}`);
}

const statistics = model.calibrate(train!);
console.log(`loss on words held back: ${model.evaluate(dev!, statistics).toFixed(4)}`);
const sampler = hg.generator().manualSeed(1);
console.log(model.sample({ statistics, vocabulary, generator: sampler, count: 10 }).join('\n'));
