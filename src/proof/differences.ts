// Derivatives from differences, with an estimate of their own error.

/** A number, and how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** What two evaluations, a step above and a step below, say. */
export interface Difference {
  /** Half the distance between the two. */
  readonly step: number;
  /** (above - below) / 2 step. */
  readonly central: number;
  /** (above - 2 middle + below) / step: the right-hand difference less the left-hand one. */
  readonly gap: number;
  /** What rounding can do to `central`. */
  readonly noise: number;
}

/** A derivative, and whether the slopes to either side disagree. */
export interface Derivative extends Estimate {
  readonly isKink: boolean;
}

/** An extrapolated value, what rounding alone can do to it, and its error. */
interface Limit extends Estimate {
  readonly noise: number;
}

/** A step is this much longer than the next. */
const ratio = 4;
/** Differences that are taken at most. */
const most = 40;
/** A relative error that needs no improvement. */
const enough = 2 ** -43;

/**
 * The derivative that `difference` approaches as steps become short. The first step is `start`; then shorter ones where truncation
 * is most of the estimated error (as the next derivatives, seen in how the extrapolations differ, have it), longer ones where
 * rounding is. With `fixed`, those of `start` and twice `start` alone.
 */
export function converge(
  difference: (step: number) => Difference,
  start: number,
  fixed: boolean = false,
  goal: number = enough,
): Derivative {
  // The longest step first.
  const taken: Difference[] = [];
  let best = limitOf(taken, central);
  if (fixed) {
    taken.push(difference(2 * start), difference(start));
    best = limitOf(taken, central);
  }
  let [longer, shorter, misses] = [start * ratio, start, 0];
  for (let count = 0; !fixed && count < most && !(best.error <= goal * Math.abs(best.value)); count++) {
    const longest = best.noise * 2 >= best.error && taken.length > 2;
    // A short step helps where it rounds less than what is to be improved, a long one until two in a row have not.
    if (longest ? misses === 2 : taken.length > 2 && taken.at(-1)!.noise >= best.error) break;
    const next = difference(longest ? longer : shorter);
    if (longest) longer *= ratio;
    else shorter /= ratio;
    if (!Number.isFinite(next.central)) {
      if (longest) misses = 2;
      continue;
    }
    if (longest) taken.unshift(next);
    else taken.push(next);
    const improved = limitOf(taken, central);
    misses = improved.error < best.error ? 0 : misses + 1;
    best = improved;
  }
  const { value, error } = best;
  return { value, error, isKink: isKink(taken) };
}

/**
 * Whether the gap stays as steps become short: beyond its error, and by more than a thousandth of what curvature makes of it at the
 * shortest; or whether it grows, as at a cusp. That of a smooth function falls as the steps do.
 */
function isKink(taken: readonly Difference[]): boolean {
  const [longer, shorter] = taken.slice(-2);
  if (longer === undefined || shorter === undefined) return false;
  const { value, error } = limitOf(taken, gap);
  const size = Math.abs(shorter.gap);
  return Math.abs(value) > Math.max(10 * error, size / 1000) || size > 1.25 * Math.abs(longer.gap) + 40 * shorter.noise;
}

/** A central difference errs by even powers of its step, a gap by all of them. */
const central = ({ step, central: value, noise }: Difference) => ({ at: step ** 2, value, noise });
const gap = ({ step, gap: value, noise }: Difference) => ({ at: step, value, noise: 4 * noise });

/**
 * The value at 0 of the polynomials through neighbouring points (Neville's table, as Ridders uses it): the one that differs least
 * from those of one point less, with that difference, or with what rounding can do where that is more, as its error. It is off by
 * what points of shorter steps, which err less, are further from it than they may be: far away, some polynomials agree by chance.
 */
function limitOf(
  taken: readonly Difference[],
  pointOf: (difference: Difference) => { at: number; value: number; noise: number },
): Limit {
  let best: Limit = { value: Number.NaN, error: Infinity, noise: Infinity };
  let before: { value: number; noise: number }[] = [];
  const points = taken.map(pointOf);
  points.forEach((point, i) => {
    const row: typeof before = [point];
    for (let j = 1; j <= i; j++) {
      const [near, far] = [row[j - 1]!, before[j - 1]!];
      const weight = point.at / (points[i - j]!.at - point.at);
      const value = near.value + (near.value - far.value) * weight;
      const noise = near.noise * (1 + weight) + far.noise * weight;
      row.push({ value, noise });
      let error = Math.max(Math.abs(value - near.value), Math.abs(value - far.value), noise);
      if (!(error <= best.error)) continue;
      for (const shorter of points.slice(i + 1)) {
        const expected = 2 * (shorter.noise + (Math.abs(point.value - value) * shorter.at) / point.at);
        error = Math.max(error, Math.abs(shorter.value - value) - expected);
      }
      if (error <= best.error) best = { value, error, noise };
    }
    before = row;
  });
  return best;
}

/**
 * The derivative of `f` at 0 to a relative error of `goal`, for an `f` that changes over distances of about `step`. How much it rounds, which terms that cancel hide, is
 * seen in fourth differences of values in a row: what is smooth has none (Moré and Wild's ECnoise).
 */
export function derivative(f: (t: number) => number, step: number, goal: number = enough): Derivative {
  const row = Array.from({ length: 9 }, (_, i) => f((i - 4) * 2 ** -20 * step));
  const rough = row.slice(4).map((_, i) => row[i]! - 4 * row[i + 1]! + 6 * row[i + 2]! - 4 * row[i + 3]! + row[i + 4]!);
  const [middle, noise] = [row[4]!, Math.max(...rough.map(Math.abs)) / 2];
  return converge(
    (h) => {
      const [above, below] = [f(h), f(-h)];
      return {
        step: h,
        central: (above - below) / (2 * h),
        gap: (above - middle - (middle - below)) / h,
        noise: (2 ** -52 * (Math.abs(above) + Math.abs(below)) + 2 * noise) / (2 * h),
      };
    },
    step,
    false,
    goal,
  );
}
