// Derivatives from differences, with an estimate of their own error.

/** A derivative, and how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** Rows of the table; each step is shorter by `shrink`. */
const rows = 12;
/** Relative error at which a derivative is good enough. */
const enough = 1e-11;
const shrink = 2;

/**
 * The derivative of `f` at 0 from central differences with shrinking steps, extrapolated (Ridders' table): the entry that agrees best
 * with its neighbours, with that disagreement and what rounding of `f`, relative `unit`, can do to it as its error.
 */
export function derivative(f: (t: number) => number, step: number, unit: number = 2 ** -52): Estimate {
  let best: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  let before: Estimate[] = [];
  for (let i = 0, h = step; i < rows; i++, h /= shrink) {
    const [above, below] = [f(h), f(-h)];
    const noise = (unit * (Math.abs(above) + Math.abs(below))) / (2 * h);
    const row: Estimate[] = [{ value: (above - below) / (2 * h), error: noise }];
    for (let j = 1, factor = shrink ** 2; j <= i; j++, factor *= shrink ** 2) {
      const [left, corner] = [row[j - 1]!, before[j - 1]!];
      const value = (left.value * factor - corner.value) / (factor - 1);
      const rounding = (left.error * factor + corner.error) / (factor - 1);
      row.push({ value, error: rounding });
      const error = Math.max(Math.abs(value - left.value), Math.abs(value - corner.value), rounding);
      if (error <= best.error) best = { value, error };
    }
    if (best.error <= enough * Math.abs(best.value)) break;
    // Shorter steps only add rounding once the longest extrapolation has become worse by far.
    if (i > 0 && Math.abs(row[i]!.value - before[i - 1]!.value) >= 4 * best.error && best.error < noise * 100) break;
    before = row;
  }
  return best;
}
