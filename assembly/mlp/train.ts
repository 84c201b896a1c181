// Training: minibatch, backward pass, update, as many steps as it is given rates for.

import { lanes, at, get, set, storeLanes } from '../simd';
import { randint } from '../random/draws';
import { forward } from './forward';
import { Frame, Parameters } from './frame';
import { fusedStep } from './fused/index';
import { stepwise } from './stepwise';

/** The examples to draw from. */
// @ts-ignore: decorator
@unmanaged
export class Examples {
  X: usize; // i32 [N, T]
  Y: usize; // i32 [N]
  N: u32;
  /** The generator's state. */
  state: usize;
  /** i32 [B], for the indices of a minibatch. */
  indices: usize;
}

/**
 * One step of stochastic gradient descent for each of the `steps` rates (f64), by the fused backward pass or, one operation at a
 * time, by the stepwise one: a minibatch drawn with replacement, by one output of the generator an example; its loss, which goes
 * to `losses`; its gradients; and every parameter less rate * gradient.
 */
export function train<T>(f: Frame, examples: Examples, losses: usize, rates: usize, steps: usize, byStep: bool): void {
  for (let step: usize = 0; step < steps; step++) {
    drawBatch(f, examples);
    const rate = get<f64>(rates, step);
    if (byStep) {
      forward<T>(f);
      stepwise<T>(f);
      update<T>(f, rate);
    } else fusedStep<T>(f, rate);
    set<T>(losses, step, load<T>(f.loss));
  }
}

function drawBatch(f: Frame, examples: Examples): void {
  const rowBytes = f.T * sizeof<i32>();
  randint(examples.indices, examples.state, f.B, 0, examples.N);
  for (let i: usize = 0; i < f.B; i++) {
    const row = get<i32>(examples.indices, i) as usize;
    memory.copy(f.Xb + i * rowBytes, examples.X + row * rowBytes, rowBytes);
    set<i32>(f.Yb, i, get<i32>(examples.Y, row));
  }
}

/** Every parameter less rate * its gradient. */
function update<T>(f: Frame, rate: f64): void {
  const parameters = Parameters.of(f);
  const gradients = Parameters.gradientsOf(f);
  const E = f.E, H = f.H, V = f.V;
  descend<T>(parameters.C, gradients.C, rate, V * E);
  descend<T>(parameters.W1, gradients.W1, rate, f.T * E * H);
  descend<T>(parameters.b1, gradients.b1, rate, H);
  descend<T>(parameters.W2, gradients.W2, rate, H * V);
  descend<T>(parameters.b2, gradients.b2, rate, V);
  descend<T>(parameters.bngain, gradients.bngain, rate, H);
  descend<T>(parameters.bnbias, gradients.bnbias, rate, H);
}

/** parameter -= rate * gradient, n elements. */
function descend<T>(parameter: usize, gradient: usize, rate: f64, n: usize): void {
  const factor = v128.splat<T>(rate as T);
  for (let i: usize = 0; i < n; i += lanes<T>()) {
    const step = v128.mul<T>(factor, v128.load(at<T>(gradient, i)));
    storeLanes<T>(at<T>(parameter, i), v128.sub<T>(v128.load(at<T>(parameter, i)), step), n - i);
  }
}
