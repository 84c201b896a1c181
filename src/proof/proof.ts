// What a proof is: the functions that somebody wrote, and what is asked of them.

import { isPromise } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { isPlainObject } from '../base/options.js';
import { show } from '../base/show.js';
import { type AsCallback, refuseSurplus } from '../base/surplus.js';
import type { Handgrad } from '../handgrad.js';
import { Tensor } from '../tensor/tensor.js';

/** Tensors by name; what else stands among them is a constant, and passed on. */
export type Values = Readonly<Record<string, unknown>>;

/** What a forward function may return: intermediates by name, with a scalar `loss`, or with `outputs` by name. */
export type Forwarded = Values & ({ readonly loss: Tensor } | { readonly outputs: Readonly<Record<string, Tensor>> });

/** The inputs, intermediates and outputs, by name. */
export type Named<Inputs, Given> = Inputs & Omit<Given, 'outputs'> & (Given extends { outputs: infer O } ? O : unknown);

/** The gradients, by the name of what they are the gradient of. */
export type Gradients<Value> = {
  [Name in keyof Value as Value[Name] extends Tensor ? Name : never]: Tensor;
};

/** A model with a backward pass written by hand. */
export interface Proof<Inputs extends Values = Values, Given extends Forwarded = Forwarded> {
  /** What reports call it. */
  readonly name?: string;
  /** The tensors to begin with. Those that require a gradient are differentiated, the others are constants. */
  inputs(hg: Handgrad): Inputs;
  /** The forward pass: every intermediate by name, and a scalar `loss`, or `outputs` by name, whose gradients are then drawn. */
  forward(t: Inputs, hg: Handgrad): Given;
  /** Writes the gradient of each tensor `t.x` to `d.x`; the gradient of the loss or of the outputs is there to be read. */
  backward(t: Named<Inputs, Given>, d: Gradients<Named<Inputs, Given>>, hg: Handgrad): void;
}

/**
 * `proof` itself, its types inferred: a misspelt `d.gain` is an error of types.
 *
 * @example
 * const proof = defineProof({
 *   inputs: (hg) => ({ x: hg.randn([4], { requiresGrad: true }) }),
 *   forward: ({ x }) => ({ y: x.tanh(), loss: x.tanh().sum() }),
 *   backward: (t, d, hg) => { d.x = hg.onesLike(t.x).sub(t.y.pow(2)); },
 * });
 */
export function defineProof<Inputs extends Values, Given extends Forwarded>(
  proof: Proof<Inputs, Given>,
  ...surplus: AsCallback
): Proof<Inputs, Given> {
  refuseSurplus('defineProof', 1, surplus);
  return proof;
}

const parts = ['inputs', 'forward', 'backward'] as const;

/** `proof` when it has the functions of one; otherwise a ProofError that says what is missing. */
export function checkedProof(proof: unknown): Proof {
  if (typeof proof !== 'object' || proof === null || Array.isArray(proof) || isPromise(proof)) {
    const got = Array.isArray(proof) ? 'an array' : isPromise(proof) ? 'a promise' : show(proof);
    throw new ProofError(`proof: expected an object with ${parts.join(', ')}, got ${got}`);
  }
  for (const part of parts) {
    const value = (proof as Record<string, unknown>)[part];
    if (typeof value !== 'function') throw new ProofError(`proof.${part}: expected a function, got ${show(value)}`);
  }
  return proof as Proof;
}

/** `value` when it is a plain object; otherwise a ProofError that names the function that returned it. */
export function checkedValues(from: string, value: unknown): Values {
  atOnce(from, value);
  if (!isPlainObject(value) || Tensor.is(value)) {
    throw new ProofError(`${from}: expected an object with tensors by name, got ${show(value)}`);
  }
  return value as Values;
}

/** Throws ProofError where what a function returned is a promise. */
export function atOnce(from: string, returned: unknown): void {
  if (isPromise(returned)) throw new ProofError(`${from}: expected a function that returns at once, got a promise`);
}
