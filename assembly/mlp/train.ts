// Training: minibatch, backward pass, update, as many steps as it is given rates for. A rule of training is a class in this
// file.

import { at, copyFew, get, set } from '../simd';
import { randint } from '../random/draws';
import { State } from '../random/state';
import { Examples, Frame, Parameters } from './frame';
import { fusedPass } from './fused/index';
import { stepwise } from './stepwise';
import { write } from './write';

/** Stochastic gradient descent: every parameter less rate * gradient. */
@unmanaged export class Descend {
  @inline target(parameter: usize): usize { return load<usize>(parameter); }
  @inline apply<T>(parameter: usize, to: usize, gradient: v128, rate: v128, count: usize): v128 {
    return v128.sub<T>(v128.load(to), v128.mul<T>(rate, gradient));
  }
  @inline intermediates(): bool { return false; }
}

// The places of two backward passes in `passNames` of src/mlp/settings.ts. The tape is not in the module: when this is called, its
// gradients are there.
const fusedPlace: i32 = 0;
const tapePlace: i32 = 2;

/**
 * One step for each of the `steps` rates (f64): a minibatch drawn with replacement, by one output of the generator an example;
 * its loss, which goes to `losses`; its gradients; and what the rule makes of them. By the tape a step is the last of these alone, and
 * `examples` and `losses` are not used.
 * @export
 */
export function train<T, Rule>(
  f: Frame, examples: Examples, losses: usize, rates: usize, steps: usize, pass: i32,
): void {
  for (let step: usize = 0; step < steps; step++) {
    f.rate = get<f64>(rates, step);
    if (pass == tapePlace) {
      update<T, Rule>(f);
      continue;
    }
    drawBatch(f, examples);
    if (pass == fusedPlace) fusedPass<T, Rule>(f);
    else {
      stepwise<T>(f);
      update<T, Rule>(f);
    }
    set<T>(losses, step, load<T>(f.loss));
  }
}

/** Draws Xb and Yb. Targets come first, in a loop so short that the processor waits for all the examples' rows at once. */
function drawBatch(f: Frame, examples: Examples): void {
  const rows = examples.rows, rowBytes = (f.T + 1) * sizeof<i32>();
  const target = rowBytes - sizeof<i32>();
  const indices = examples.indices, end = at<i32>(indices, f.B);
  randint(indices, changetype<State>(examples.state), f.B, 0, examples.N);
  for (let i = indices, to = f.Yb; i != end; i += 4, to += 4) {
    store<i32>(to, load<i32>(rows + (load<u32>(i) as usize) * rowBytes + target));
  }
  for (let i = indices, to = f.Xb; i != end; i += 4, to += target) {
    copyFew<i32>(to, rows + (load<u32>(i) as usize) * rowBytes, f.T);
  }
}

/** Applies the rule to every gradient of the frame. */
function update<T, Rule>(f: Frame): void {
  const TE = f.T * f.E;
  write<T, Rule>(f, offsetof<Parameters>('C'), 0, 0, f.dC, 0, 1, f.V * f.E);
  write<T, Rule>(f, offsetof<Parameters>('W1'), 0, 0, f.dW1, 0, 1, TE * f.H);
  write<T, Rule>(f, offsetof<Parameters>('b1'), 0, 0, f.db1, 0, 1, f.H);
  write<T, Rule>(f, offsetof<Parameters>('W2'), 0, 0, f.dW2, 0, 1, f.H * f.V);
  write<T, Rule>(f, offsetof<Parameters>('b2'), 0, 0, f.db2, 0, 1, f.V);
  write<T, Rule>(f, offsetof<Parameters>('bngain'), 0, 0, f.dbngain, 0, 1, f.H);
  write<T, Rule>(f, offsetof<Parameters>('bnbias'), 0, 0, f.dbnbias, 0, 1, f.H);
}
