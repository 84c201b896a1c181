// The points of the loss, of the minibatches and on a sample of dev.

import type { Progress } from '../lab/trainProtocol.js';

/** Points of both curves: steps and losses. */
export interface Curves {
  readonly minibatch: readonly [steps: readonly number[], losses: readonly number[]];
  readonly dev: readonly [steps: readonly number[], losses: readonly number[]];
}

/** The points of both curves; a mean stands at the last of its steps. */
export function curvesOf({ step, curve, memory }: Progress): Curves {
  const { every, means } = curve;
  const steps = Array.from(means, (_, i) => Math.min(step, (i + 1) * every));
  return { minibatch: [steps, Array.from(means)], dev: [memory.dev.steps, memory.dev.values[0] ?? []] };
}
