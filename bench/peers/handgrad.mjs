// handgrad itself, as contestant: node handgrad.mjs <problem> <build> <backward>

import { init } from '../../dist/index.js';
import { eps, rate, readProblem, serve } from './serve.mjs';

const [, , , build, backward] = process.argv;
const { tensors, sizes } = readProblem();
const { X, Y, indices, ...parameters } = tensors;
const { T, V, E, B, H } = sizes;
const hg = await init({ build });
const model = hg.createModel({ vocabSize: V, blockSize: T, embed: E, hidden: H, eps, parameters });
const generator = hg.generator().manualSeed(0); // whose first draws are the problem's indices
const trainer = hg.trainer(model, { dataset: { X, Y, blockSize: T }, generator, batch: B, backward });
const train = (steps) => trainer.run(new Float64Array(steps).fill(rate));

await serve(
  `handgrad, ${backward}, ${build} build, Node ${process.versions.node}`,
  () => train(indices.shape[0]),
  train,
);
