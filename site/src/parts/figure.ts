// Numbers as the page writes them.

/** Four digits, and an exponent where it is far from 1; whole numbers as they are. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  const size = Math.abs(value);
  const isSmallInteger = Number.isInteger(value) && size < 1e5;
  const text = isSmallInteger
    ? String(value)
    : size >= 1e5 || size < 1e-3
      ? value.toExponential(3)
      : value.toPrecision(4);
  return text.replace('-', '−');
}
