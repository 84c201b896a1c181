// Run by unreachable.node.test.ts with --expose-gc: prints, for each case, the bytes in use before and after what was made can no
// longer be reached, as JSON.

import { buildDataset, create, Vocabulary } from '../../dist/index.js';

/** Collects garbage and gives the registries their turns. */
async function collected() {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    globalThis.gc();
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}

const words = ['emma', 'olivia', 'ava', 'isabella', 'sophia', 'mia'];
const vocabulary = new Vocabulary(words);
const dataset = buildDataset(words, vocabulary, 3);
const drawn = (hg) => ({ generator: hg.generator(), bnGenerator: hg.generator() });

/** Each makes something without a scope, and returns what it still holds. */
const cases = {
  async tensors(hg) {
    for (let i = 0; i < 100; i++) hg.ones([100]).add(1);
  },
  async graphs(hg) {
    for (let i = 0; i < 20; i++) {
      const x = hg.ones([10, 10], { requiresGrad: true });
      x.matmul(x).tanh().softmax(0).log().sum().backward();
      x.tanh().exp().sum();
    }
  },
  async views(hg) {
    for (let i = 0; i < 20; i++) hg.ones([10, 10]).T.reshape(100);
  },
  async generators(hg) {
    for (let i = 0; i < 20; i++) [hg.generator(), hg.pythonRandom(1)].length;
  },
  async models(hg) {
    for (let i = 0; i < 5; i++) hg.createModel({ vocabSize: 5, ...drawn(hg) });
  },
  async trainers(hg) {
    const model = hg.createModel({ vocabSize: vocabulary.size, ...drawn(hg) });
    for (const backward of ['fused', 'stepwise', 'autograd']) {
      hg.trainer(model, { dataset, generator: hg.generator(), backward }).run([0.1]);
    }
  },
  async iterators(hg) {
    const { generator, bnGenerator } = drawn(hg);
    const model = hg.createModel({ vocabSize: vocabulary.size, generator, bnGenerator });
    await model.train({ dataset, generator, steps: 1000 }).next();
    await collected();
    // The model can be trained again.
    const steps = model.train({ dataset, generator, steps: 1 });
    await steps.next();
    await steps.return();
  },
};

const used = {};
for (const [name, make] of Object.entries(cases)) {
  const hg = await create();
  // A view of a tensor that is kept is not released.
  const kept = hg.tensor([1, 2, 3]).view(3, 1);
  const before = hg.usedBytes;
  await make(hg);
  const made = hg.usedBytes;
  await collected();
  used[name] = { before, made, after: hg.usedBytes, kept: kept.tolist() };
}

const hg = await create();
const x = hg.ones([32, 32], { requiresGrad: true });
let most = 0;
for (let i = 0; i < 600; i++) {
  x.matmul(x).tanh().sum().backward();
  x.grad = null;
  if (i % 50 === 49) await collected();
  most = Math.max(most, hg.usedBytes);
}
console.log(JSON.stringify({ used, most }));
