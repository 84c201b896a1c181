// What all pictures are made of: escaped text, short numbers, round ticks, and the frame around a drawing.

import { escapeControls } from '../base/show.js';
import { pictureStyle } from './palette.js';

/** `text` as it stands in HTML and SVG, in text and in quoted attributes; control characters are written as escapes. */
export function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return escapeControls(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A number in few characters, with a proper minus: 0.00123, −4.5e−9, 1.2e20. */
export function figure(value: number, digits = 3): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const [mantissa, power] = value.toExponential(digits - 1).split('e');
  const exponent = Number(power);
  const isLong = exponent < -4 || exponent > digits + 1;
  const text = isLong ? `${Number(mantissa)}e${exponent}` : String(Number(value.toPrecision(digits)));
  return text.replaceAll('-', '−');
}

/** A coordinate, with two decimals at most. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Round numbers from `low` to `high`, about `count`. */
export function ticks(low: number, high: number, count = 5): number[] {
  const raw = high - low < Infinity ? (high - low) / count : high / count - low / count;
  if (!(raw > 0) || !Number.isFinite(raw)) return [low];
  const exponent = Math.floor(Math.log10(raw));
  const step =
    [1, 2, 5, 10].map((factor) => Number(`${factor}e${exponent}`)).find((size) => size >= raw * 0.999) ?? raw;
  const values: number[] = [];
  const [begin, end] = [low - step * 1e-9, Math.min(high + step * 1e-9, Number.MAX_VALUE)];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= end && values.length < 50; k++) {
    values.push(Number((k * step).toPrecision(12)));
  }
  // In a range that is narrow for where it lies, round numbers may lie outside of it, and several be one.
  const inside = new Set(values.filter((value) => value >= begin && value <= end));
  return inside.size === 0 ? [low] : [...inside];
}

/** A whole SVG file: its title, which screen readers read, and the colours for light and dark. */
export function drawing(width: number, height: number, title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${pictureStyle}</style>
<rect class="hg-ground" width="${width}" height="${height}"/>
${body}
</svg>
`;
}
