// Training: minibatch, backward pass, update, as many steps as it is given rates for.

import { at, copyFew, get, set } from '../simd';
import { randint } from '../random/draws';
import { forward } from './forward';
import { Frame, Parameters } from './frame';
import { fusedStep } from './fused/index';
import { put } from './fused/write';
import { stepwise } from './stepwise';

/** The examples to draw from. */
// @ts-ignore: decorator
@unmanaged
export class Examples {
  /** i32 [N, T + 1]: context and target side by side, so that drawing an example waits for memory once. */
  rows: usize;
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
      update<T>(f, rate as T);
    } else fusedStep<T>(f, rate);
    set<T>(losses, step, load<T>(f.loss));
  }
}

/** The targets first, in a loop short enough for the processor to wait for all the examples' rows at once. */
function drawBatch(f: Frame, examples: Examples): void {
  const rows = examples.rows, rowBytes = (f.T + 1) * sizeof<i32>();
  const target = rowBytes - sizeof<i32>();
  const indices = examples.indices, end = at<i32>(indices, f.B);
  randint(indices, examples.state, f.B, 0, examples.N);
  for (let i = indices, to = f.Yb; i != end; i += 4, to += 4) {
    store<i32>(to, load<i32>(rows + (load<u32>(i) as usize) * rowBytes + target));
  }
  for (let i = indices, to = f.Xb; i != end; i += 4, to += target) {
    copyFew<i32>(to, rows + (load<u32>(i) as usize) * rowBytes, f.T);
  }
}

/** Every parameter less rate * its gradient. */
function update<T>(f: Frame, rate: T): void {
  const parameters = Parameters.of(f);
  const gradients = Parameters.gradientsOf(f);
  put<T>(parameters.C, 0, gradients.C, 0, 1, f.V * f.E, rate, true);
  put<T>(parameters.W1, 0, gradients.W1, 0, 1, f.T * f.E * f.H, rate, true);
  put<T>(parameters.b1, 0, gradients.b1, 0, 1, f.H, rate, true);
  put<T>(parameters.W2, 0, gradients.W2, 0, 1, f.H * f.V, rate, true);
  put<T>(parameters.b2, 0, gradients.b2, 0, 1, f.V, rate, true);
  put<T>(parameters.bngain, 0, gradients.bngain, 0, 1, f.H, rate, true);
  put<T>(parameters.bnbias, 0, gradients.bnbias, 0, 1, f.H, rate, true);
}
