// The notebook's own backward passes as proofs: those written by hand in the module, judged against the tape.

import { OutOfMemoryError } from '../base/errors.js';
import type { NdArray } from '../base/ndarray.js';
import { refuseSurplus } from '../base/surplus.js';
import type { Handgrad } from '../handgrad.js';
import { fusedNames } from '../mlp/frame.js';
import { exercise1 } from '../mlp/layout.js';
import { Model } from '../mlp/model.js';
import type { Pass } from '../mlp/passes.js';
import { Tensor } from '../tensor/tensor.js';
import { controlOf } from './attest.js';
import { boundsByName } from './noise.js';
import { ProofReport } from './report.js';
import { rowOf } from './rows.js';
import type { GradientReport, GradientValues } from './schema.js';

type Arrays = ReadonlyMap<string, NdArray>;

/** The reports on the two passes that are written by hand. */
export interface PassReports {
  /** The 26 gradients of exercise 1. */
  readonly stepwise: ProofReport;
  /** Those of logits, hprebn and the parameters. */
  readonly fused: ProofReport;
}

/**
 * Judges the gradients of `model.stepwise` and `model.fused` against autograd's, on contexts Xb (int32 [B, T]) and targets Yb
 * (int32 [B]): each pass runs in the model's dtype and in float64, which decides. Where a float64 model does not fit in memory, what is
 * not exact is undecided. Throws what the passes throw.
 *
 * @example provePasses(hg, model, Xb, Yb).fused.assert();
 */
export function provePasses(hg: Handgrad, model: Model, Xb: Tensor, Yb: Tensor, ...surplus: never[]): PassReports {
  refuseSurplus('provePasses', 4, surplus);
  Model.checked('model', model, Tensor.checked('Xb', Xb).array.core);
  return hg.scope(() => {
    const reference = arraysOf(model.autograd(Xb, Yb));
    const truth = truthOf(hg, model, Xb, Yb);
    const report = (name: 'stepwise' | 'fused', names: readonly string[]) => {
      const candidate = arraysOf(model[name](Xb, Yb));
      const rows = names.map((tensor) => rowFor(tensor, name, { model, candidate, reference, truth }));
      const values = new Map(
        names.map((tensor): [string, GradientValues] => [
          tensor,
          {
            candidate: candidate.get(tensor)!,
            reference: reference.get(tensor)!,
            truth: (truth?.reference ?? reference).get(tensor)!,
          },
        ]),
      );
      const control =
        truth === undefined
          ? null
          : controlOf(
              names.map((tensor) => ({
                name: tensor,
                truth: truth.reference.get(tensor)!,
                bounds: truth.bounds.get(tensor)!,
              })),
            );
      const attested = { kind: 'autograd', trusted: true, directions: [], control } as const;
      return new ProofReport({ name, dtype: model.dtype, reference: attested, gradients: rows, chain: [] }, values);
    };
    return {
      stepwise: report(
        'stepwise',
        exercise1.map(([, name]) => name),
      ),
      fused: report('fused', fusedNames),
    };
  });
}

/** What decides: all passes in float64, and how far rounding can carry the reference. */
interface Truth {
  readonly reference: Arrays;
  readonly stepwise: Arrays;
  readonly fused: Arrays;
  readonly bounds: ReadonlyMap<string, Float64Array>;
}

function truthOf(hg: Handgrad, model: Model, Xb: Tensor, Yb: Tensor): Truth | undefined {
  try {
    const { settings, sizes, parameters } = model;
    const wide = hg.createModel({ ...settings, vocabSize: sizes.V, dtype: 'float64', parameters });
    const reference = arraysOf(wide.autograd(Xb, Yb));
    const bounds = boundsByName(
      reference,
      () => new Map(Object.entries(wide.autograd(Xb, Yb).gradients).map(([name, { array }]) => [name, array])),
      hg,
    );
    return { reference, stepwise: arraysOf(wide.stepwise(Xb, Yb)), fused: arraysOf(wide.fused(Xb, Yb)), bounds };
  } catch (error) {
    if (error instanceof OutOfMemoryError) return undefined;
    throw error;
  }
}

function rowFor(
  name: string,
  pass: 'stepwise' | 'fused',
  given: { model: Model; candidate: Arrays; reference: Arrays; truth: Truth | undefined },
): GradientReport {
  const { model, truth } = given;
  const [candidate, reference] = [given.candidate.get(name)!, given.reference.get(name)!];
  const row = { name, dtype: model.dtype, candidate: candidate.data, reference };
  if (truth !== undefined) {
    const decisive = truth[pass].get(name)!.data;
    return rowOf({ ...row, truth: truth.reference.get(name)!, bounds: truth.bounds.get(name)!, decisive });
  }
  const bounds = new Float64Array(candidate.data.length);
  const { exact, ...rest } = rowOf({ ...row, truth: reference, bounds, decisive: candidate.data });
  if (exact) return { ...rest, exact };
  const notes = ['a float64 model does not fit in memory: smaller sizes would decide'];
  return { ...rest, exact, verdict: 'undecided', ownFault: false, error: null, bound: null, share: 0, notes };
}

function arraysOf({ gradients }: Pass): Map<string, NdArray> {
  return new Map(Object.entries(gradients).map(([name, gradient]) => [name, gradient.toArray()]));
}
