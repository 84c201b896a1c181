// Places along an axis, of ranges as wide as float64 has and as narrow.

/** A range, ascending. */
export type Range = readonly [low: number, high: number];

/** What keeps the differences of a range finite. It is a power of two and so rounds nothing. */
const shrinking = ([low, high]: Range) => (high - low < 2 ** 1000 ? 1 : 2 ** -20);

/** Where `value` stands on an axis of this length that `range` takes up. */
export function along(value: number, range: Range, length: number): number {
  const s = shrinking(range);
  const [low, high] = [range[0] * s, range[1] * s];
  return (length * (value * s - low)) / (high - low);
}

/** The value at a place of an axis: the inverse of `along`. */
export function valueAt(place: number, range: Range, length: number): number {
  const s = shrinking(range);
  const [low, high] = [range[0] * s, range[1] * s];
  return (low + ((high - low) * place) / length) / s;
}

/** A range that is wider by `by` on each side, as far as there are finite numbers. */
export function padded([low, high]: Range, by: number): [low: number, high: number] {
  return [Math.max(low - by, -Number.MAX_VALUE), Math.min(high + by, Number.MAX_VALUE)];
}

/** 10 to the power of `exponent`, neither 0 nor infinite. */
export function power(exponent: number): number {
  return Math.min(Math.max(10 ** exponent, Number.MIN_VALUE), Number.MAX_VALUE);
}
