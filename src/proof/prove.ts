// A proof carried out: every gradient that a backward function writes, judged against the tape's.

import { integer, oneOf } from '../base/check.js';
import { ProofError } from '../base/errors.js';
import { type FloatDType, floatDTypes } from '../base/ndarray.js';
import { options as checkedOptions } from '../base/options.js';
import { refuseSurplus } from '../base/surplus.js';
import type { Handgrad } from '../handgrad.js';
import { attest, controlOf } from './attest.js';
import { candidateOf, chainOf, referenceOf } from './candidate.js';
import { expectHandgrad } from './handle.js';
import { type Kernel, proverOf } from './kernel.js';
import { notesNearby } from './nearby.js';
import { boundsByName } from './noise.js';
import { checkedProof, type Forwarded, type Proof, type Values } from './proof.js';
import { ProofReport } from './report.js';
import { judgeGradients } from './rows.js';
import { drawInputs, type Problem, runForward } from './run.js';
import { notesOnSteps } from './steps.js';

/** How a proof is carried out. */
export interface ProveOptions {
  /** The dtype that is compared bit for bit; what decides is float64 always. Default float32. */
  dtype?: FloatDType;
  /** Seeds the generator of the `hg` that the functions get, and the gradients of outputs. Default 0. */
  seed?: number;
}

/**
 * Runs the functions of a proof, in float32 and in float64, and judges each gradient that `backward` writes: `exact`, `rounding`,
 * `wrong` with what is wrong where that can be told, or `inherited` from a wrong one before it. No tolerance is picked: how far
 * rounding can carry a gradient is measured on the reference itself. Throws ProofError, and what the functions throw.
 *
 * @example prove(hg, proof).assert();
 */
export function prove<Inputs extends Values, Given extends Forwarded>(
  hg: Handgrad,
  proof: Proof<Inputs, Given> | Kernel,
  options?: ProveOptions,
  ...surplus: never[]
): ProofReport {
  refuseSurplus('prove', 3, surplus);
  expectHandgrad(hg);
  const given = checkedOptions('options', options, ['dtype', 'seed']);
  const dtype = oneOf('dtype', given.dtype ?? 'float32', floatDTypes);
  const seed = integer('seed', given.seed ?? 0, 0, 2 ** 32 - 1);
  const prover = proverOf(proof);
  if (prover !== undefined) return prover(hg, proof as Kernel, { dtype, seed });
  const checked = checkedProof(proof);
  return hg.scope(() => {
    const generator = hg.generator().manualSeed(seed);
    const inputs = drawInputs(hg, checked, generator);
    if (![...inputs.tensors.values()].some(({ requiresGrad }) => requiresGrad)) {
      throw new ProofError('inputs: expected at least one tensor that requires a gradient, got none');
    }
    const problem: Problem = { hg, core: generator.core, proof: checked, seed, generator, inputs, drawn: new Map() };
    const run = runForward(problem, 'float64');
    const wide = candidateOf(checked, run);
    const shown = dtype === 'float64' ? wide : hg.scope(() => chainOf(checked, runForward(problem, 'float32')));
    const bounds = boundsByName(wide.reference, () => referenceOf(runForward(problem, 'float64')), hg);
    const notes = new Map([
      ...notesNearby(problem, run, wide, bounds),
      ...notesOnSteps(checked, run, wide, bounds, generator.manualSeed(seed + 4)),
    ]);
    const { gradients, values } = judgeGradients({ dtype, shown, wide, bounds, notes, run });
    const judged = gradients.map(({ name }) => ({ name, truth: wide.reference.get(name)!, bounds: bounds.get(name)! }));
    const reference = { ...attest(problem, wide.reference, bounds, run), control: controlOf(judged) };
    return new ProofReport(
      { name: String(checked.name ?? 'proof'), dtype, reference, gradients, chain: run.tape.chain },
      values,
    );
  });
}
