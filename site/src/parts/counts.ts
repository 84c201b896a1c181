// Counts of values, which histograms are drawn from.

/** How often values fall into each of `bins` equal parts of [from, to]. What lies outside counts in the outermost. */
export function countsOf(values: ArrayLike<number>, from: number, to: number, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const bin = Math.floor(((values[i]! - from) / (to - from || 1)) * bins);
    counts[Math.min(bins - 1, Math.max(0, bin))]!++;
  }
  return counts;
}
