// Matchers for vitest: `import 'handgrad/vitest'` in a test or in a setup file adds them to `expect`.

import { expect } from 'vitest';
import { oneOf } from './base/check.js';
import { options as checkedOptions } from './base/options.js';
import { refuseSurplus } from './base/surplus.js';
import type { NdArray, Tensor } from './index.js';
import type { ProofReport } from './proof.js';
import { compareTensors } from './report.js';

/** What `toBeProved` lets pass. */
export interface ProvedOptions {
  /** Whether a gradient that can't be decided fails. Default fail. */
  undecided?: 'fail' | 'pass';
}

/** What `toMatchGradient` may be given beside the reference. */
export interface MatchOptions {
  /** The gradient in float64, by which rounding is told from a wrong formula. Without it, only the same bits are a match. */
  truth?: NdArray;
}

/** What `expect` of vitest knows after `import 'handgrad/vitest'`. */
export interface GradientMatchers<T> {
  /** A report of `prove` in which every gradient is right: `expect(prove(hg, proof)).toBeProved()`. */
  toBeProved(options?: ProvedOptions): T;
  /** A gradient that differs from `reference` by rounding at most: `expect(dx).toMatchGradient(x.grad!, { truth })`. */
  toMatchGradient(reference: NdArray, options?: MatchOptions): T;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: a declaration is merged only where its parameters are vitest's.
  interface Matchers<T = any> extends GradientMatchers<T> {}
}

expect.extend({
  toBeProved(report: ProofReport, options?: ProvedOptions, ...surplus: unknown[]) {
    refuseSurplus('toBeProved', 1, surplus);
    const { undecided = 'fail' } = checkedOptions('options', options, ['undecided']);
    oneOf('undecided', undecided, ['fail', 'pass']);
    if (typeof report?.assert !== 'function') {
      throw new TypeError(`expect: expected a report of prove(), got ${this.utils.printReceived(report)}`);
    }
    const { outcome, reference } = report;
    const isSound = reference.trusted && reference.control?.found !== false;
    const pass = outcome === 'right' || (outcome === 'undecided' && undecided === 'pass' && isSound);
    return {
      pass,
      message: () => `expected gradients ${this.isNot ? 'that are not all right' : 'that are right'}:\n${report}`,
    };
  },
  toMatchGradient(manual: NdArray, reference: NdArray, options?: MatchOptions, ...surplus: unknown[]) {
    refuseSurplus('toMatchGradient', 2, surplus);
    const { truth } = checkedOptions('options', options, ['truth']);
    const one = (array: NdArray) => ({ gradient: array });
    const report = compareTensors(one(manual), one(reference), truth === undefined ? {} : { truth: one(truth) });
    return {
      pass: report.ok,
      message: () => `expected ${this.isNot ? 'another gradient' : 'the reference'}:\n${report}`,
    };
  },
});

expect.addEqualityTesters([
  function tensorsAreEqual(a: unknown, b: unknown): boolean | undefined {
    if (!isTensor(a) && !isTensor(b)) return undefined;
    if (!isTensor(a) || !isTensor(b)) return false;
    const [one, other] = [a.toArray(), b.toArray()];
    return one.dtype === other.dtype && this.equals(one.shape, other.shape) && this.equals(one.data, other.data);
  },
]);

/** By what it can do, so that tensors of another copy of the package are known too. */
function isTensor(value: unknown): value is Tensor {
  const { toArray, backward, requiresGrad } = (value ?? {}) as Partial<Tensor>;
  return typeof toArray === 'function' && typeof backward === 'function' && typeof requiresGrad === 'boolean';
}
