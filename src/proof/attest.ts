// Whether the reference can be trusted: the tape's gradients against differences of the forward pass, along random directions.

import type { NdArray } from '../base/ndarray.js';
import { derivative } from './differences.js';
import { beyond, boundScale } from './judge.js';
import { type Problem, type Run, runForward } from './run.js';
import type { ReferenceReport } from './schema.js';

/** Random directions; of large inputs one, for each takes some thirty forward passes. */
const directions = 3;
const large = 2 ** 16;
/** A relative error of differences that is small enough to see a wrong gradient by. */
const precision = 2 ** -26;
/** How much of its own estimated error a difference may be off; estimates of errors are estimates. */
const patience = 20;
/** What the negative control multiplies a gradient by. */
const control = 1 + 2 ** -20;

type Arrays = ReadonlyMap<string, NdArray>;
type Bounds = ReadonlyMap<string, Float64Array>;

/** The reference's gradients `truth` in float64, held against differences. */
export function attest(problem: Problem, truth: Arrays, bounds: Bounds, run: Run): Omit<ReferenceReport, 'control'> {
  const inputs = run.differentiated;
  const { generator } = problem;
  generator.manualSeed(problem.seed + 3);
  const seeds = new Map([...run.seeds].map(([name, { data }]) => [name, data]));
  const draw = () =>
    new Map(inputs.map((name) => [name, generator.randn(truth.get(name)!.shape, { dtype: 'float64' }).data]));
  // All at once: the forward pass seeds the generator anew.
  const count = inputs.reduce((sum, name) => sum + truth.get(name)!.data.length, 0);
  const drawn = Array.from({ length: count > large ? 1 : directions }, draw);
  const room = new Map(inputs.map((name) => [name, new Float64Array(truth.get(name)!.data.length)]));
  const found = drawn.map((direction) => {
    const value = (t: number): number =>
      problem.hg.scope(() => {
        const shifted = runForward(problem, 'float64', (name, values) => {
          const [along, moved] = [direction.get(name), room.get(name)];
          if (along === undefined || moved === undefined) return undefined;
          for (let i = 0; i < along.length; i++) moved[i] = values[i]! + t * along[i]!;
          return moved;
        });
        let total = 0;
        for (const [name, weights] of seeds) {
          const { data } = shifted.tensors.get(name)!;
          for (let i = 0; i < data.length; i++) total += data[i]! * weights[i]!;
        }
        return total;
      });
    let [reference, slack] = [0, 0];
    for (const [name, along] of direction) {
      const { data } = truth.get(name)!;
      const bound = bounds.get(name);
      for (let i = 0; i < data.length; i++) {
        reference += data[i]! * along[i]!;
        slack += Math.abs(along[i]! * (bound?.[i] ?? 0)) * boundScale('float64');
      }
    }
    const { value: difference, error } = derivative(value, 2 ** -6, precision);
    return { reference, difference, estimatedError: error + slack };
  });
  const trusted = found.every(
    // Where the reference is not finite, so it is said of the gradients.
    ({ reference, difference, estimatedError }) =>
      !Number.isFinite(reference) || Math.abs(reference - difference) <= patience * estimatedError,
  );
  return { kind: 'autograd', trusted, directions: found };
}

/** Judges a copy of a gradient that is off by one part in a million: of the first that shows it, where there is one. */
export function controlOf(
  gradients: readonly { readonly name: string; readonly truth: NdArray; readonly bounds: Float64Array }[],
): ReferenceReport['control'] {
  const known = gradients.filter(({ truth }) => truth.data.some((x) => x !== 0 && Number.isFinite(x)));
  const isFound = ({ truth, bounds }: (typeof known)[0]) =>
    beyond(
      new Float64Array(truth.data).map((x) => x * control),
      truth.data,
      bounds,
    ).length > 0;
  const found = known.find(isFound);
  const [first] = known;
  return first === undefined ? null : { name: (found ?? first).name, found: found !== undefined };
}
