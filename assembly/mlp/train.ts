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
      update<T>(f, rate as T);
    } else fusedStep<T>(f, rate);
    set<T>(losses, step, load<T>(f.loss));
  }
}

function drawBatch(f: Frame, examples: Examples): void {
  randint(examples.indices, examples.state, f.B, 0, examples.N);
  for (let i: usize = 0; i < f.B; i++) {
    const row = get<i32>(examples.indices, i) as usize;
    copyFew<i32>(at<i32>(f.Xb, i * f.T), at<i32>(examples.X, row * f.T), f.T);
    set<i32>(f.Yb, i, get<i32>(examples.Y, row));
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
