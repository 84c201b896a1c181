// Errors in units in the last place: |got - reference| / ulp(reference), the reference being a real number.

/** Of a float32 against a reference in float64. Infinity where one is NaN, infinite or a zero and the other another one. */
export function ulpError32(got: number, reference: number): number {
  const rounded = Math.fround(reference);
  if (Object.is(got, rounded) && !Number.isFinite(got)) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(rounded)) return Infinity;
  if (got === 0 && rounded === 0 && !Object.is(got, rounded)) return Infinity;
  return Math.abs(got - reference) / 2 ** (Math.max(exponentOf(reference), -126) - 23);
}

const double = new DataView(new ArrayBuffer(8));

/** e of a number in [2^e, 2^(e+1)), at least -1022. */
export function exponentOf(x: number): number {
  double.setFloat64(0, x);
  return Math.max(((double.getInt32(0) >>> 20) & 0x7ff) - 1023, -1022);
}
