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
  const short = Number(value.toPrecision(digits));
  const exponent = Math.floor(Math.log10(Math.abs(short)));
  const text = exponent < -4 || exponent > digits + 1 ? short.toExponential().replace('+', '') : String(short);
  return text.replaceAll('-', '−');
}

/** A coordinate, with two decimals at most. */
export function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Round numbers from `low` to `high`, about `count`. */
export function ticks(low: number, high: number, count = 5): number[] {
  const raw = (high - low) / count;
  if (!(raw > 0) || !Number.isFinite(raw)) return [low];
  const exponent = Math.floor(Math.log10(raw));
  const step =
    [1, 2, 5, 10].map((factor) => Number(`${factor}e${exponent}`)).find((size) => size >= raw * 0.999) ?? raw;
  const values: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9 && values.length < 50; k++) {
    values.push(Number((k * step).toPrecision(12)));
  }
  return values;
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
