// TensorFlow.js as contestant: its cpu backend, for its WebAssembly backend has no gradient of a gather.

import * as tf from '@tensorflow/tfjs';
import { batches, eps, parameterNames, rate, readProblem, serve } from './serve.mjs';

const problem = readProblem();
const { T, V, E, B } = problem.sizes;
await tf.setBackend('cpu');
await tf.ready();

const parameters = parameterNames.map((name) => {
  const { data, shape } = problem.tensors[name];
  return tf.variable(tf.tensor(data, shape, 'float32'), true, name);
});
const [C, W1, b1, W2, b2, bngain, bnbias] = parameters;
const optimizer = tf.train.sgd(rate);

function run({ Xb, Yb }, wanted) {
  return tf.tidy(() => {
    const X = tf.tensor1d(Xb, 'int32');
    const Y = tf.tensor1d(Yb, 'int32');
    const value = optimizer.minimize(
      () => {
        const embcat = tf.gather(C, X).reshape([B, T * E]);
        const hprebn = tf.matMul(embcat, W1).add(b1);
        const bndiff = hprebn.sub(hprebn.mean(0, true));
        const bnvar = bndiff
          .square()
          .sum(0, true)
          .div(B - 1);
        const bnraw = bndiff.mul(bnvar.add(eps).rsqrt());
        const h = bngain.mul(bnraw).add(bnbias).tanh();
        return tf.losses.softmaxCrossEntropy(tf.oneHot(Y, V), tf.matMul(h, W2).add(b2));
      },
      wanted,
      parameters,
    );
    return wanted ? value.dataSync()[0] : 0;
  });
}

const { first, random } = batches(problem);
await serve(
  `TensorFlow.js ${tf.version.tfjs}, cpu, Node ${process.versions.node}`,
  () => first.map((batch) => run(batch, true)),
  (steps) => {
    for (let i = 0; i < steps; i++) run(random(), false);
  },
);
