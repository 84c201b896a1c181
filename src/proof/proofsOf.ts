// The proofs that a module has written.

import { ProofError } from '../base/errors.js';
import { show } from '../base/show.js';
import { refuseSurplus } from '../base/surplus.js';
import type { Kernel } from './kernel.js';
import type { Proof } from './proof.js';

/**
 * The proofs of a module: its default export, or what that promises, is one, or a list of them. Rejects with ProofError where there is
 * none; whether each has the functions of a proof is for `prove` to say.
 *
 * @example
 * // module = await import('./proof.mjs')
 * for (const proof of await proofsOf(module)) prove(hg, proof).assert();
 */
export async function proofsOf(
  module: { readonly default?: unknown },
  ...surplus: never[]
): Promise<readonly (Proof | Kernel)[]> {
  refuseSurplus('proofsOf', 1, surplus);
  const given: unknown = await module?.default;
  if (given === undefined)
    throw new ProofError('module: expected a default export, a proof or a list of them, got none');
  const proofs: readonly unknown[] = await Promise.all(Array.isArray(given) ? given : [given]);
  if (proofs.length === 0) throw new ProofError('module: expected at least one proof, got an empty list');
  for (const proof of proofs) {
    if (Array.isArray(proof)) throw new ProofError('module: expected a list of proofs, got a list inside of a list');
    if (typeof proof !== 'object' || proof === null)
      throw new ProofError(`module: expected a proof, got ${show(proof)}`);
    if (!('inputs' in proof || 'forward' in proof || 'backward' in proof)) {
      throw new ProofError(
        'module: expected a proof, an object with inputs, forward and backward, got one without them',
      );
    }
  }
  return proofs as readonly (Proof | Kernel)[];
}
