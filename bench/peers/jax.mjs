// jax-js as contestant: its WebAssembly backend, the whole step in one jit. The embedding is a product with one-hot rows, for its
// jit takes no gradient of a gather that a reshape follows.

import { readFileSync } from 'node:fs';
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { batches, eps, parameterNames, rate, readProblem, serve } from './serve.mjs';

const problem = readProblem();
const { T, V, E, B } = problem.sizes;
await init('wasm');
defaultDevice('wasm');

function loss(parameters, Xb, Yb) {
  const [C, W1, b1, W2, b2, bngain, bnbias] = parameters;
  const embcat = np.matmul(nn.oneHot(Xb, V), C).reshape([B, T * E]);
  const hprebn = np.matmul(embcat, W1).add(b1);
  const bndiff = hprebn.ref.sub(np.mean(hprebn, 0, { keepdims: true }));
  const bnvar = np.sum(np.square(bndiff.ref), 0, { keepdims: true }).mul(1 / (B - 1));
  const bnraw = bndiff.div(np.sqrt(bnvar.add(eps)));
  const h = np.tanh(bngain.mul(bnraw).add(bnbias));
  const logits = np.matmul(h, W2).add(b2);
  return np.sum(nn.logSoftmax(logits, 1).mul(nn.oneHot(Yb, V))).mul(-1 / B);
}

const step = jit((parameters, Xb, Yb) => {
  const [value, gradients] = valueAndGrad(loss)(
    parameters.map((parameter) => parameter.ref),
    Xb,
    Yb,
  );
  return [value, parameters.map((parameter, i) => parameter.sub(gradients[i].mul(rate)))];
});

let parameters = parameterNames.map((name) => {
  const { data, shape } = problem.tensors[name];
  return np.array(data).reshape(shape);
});

async function run({ Xb, Yb }) {
  const [value, updated] = step(
    parameters,
    np.array(Xb, { dtype: np.int32 }).reshape([B, T]),
    np.array(Yb, { dtype: np.int32 }),
  );
  parameters = updated;
  return (await value.data())[0];
}

const { first, random } = batches(problem);
const { version } = JSON.parse(readFileSync(new URL('node_modules/@jax-js/jax/package.json', import.meta.url), 'utf8'));
await serve(
  `jax-js ${version}, wasm, jit, Node ${process.versions.node}`,
  async () => {
    const losses = [];
    for (const batch of first) losses.push(await run(batch));
    return losses;
  },
  async (steps) => {
    for (let i = 0; i < steps; i++) await run(random());
  },
);
