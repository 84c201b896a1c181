// Small pictures in SVG: histograms, bars and points.

import { countsOf } from './counts.js';
import { figure } from './figure.js';

const width = 320;
const height = 120;

interface Range {
  readonly from: number;
  readonly to: number;
  readonly title: string;
}

/** A histogram of `values` over [from, to]. */
export function Histogram({ values, ...range }: Range & { values: ArrayLike<number> }) {
  return <HistogramOfCounts counts={countsOf(values, range.from, range.to, 40)} {...range} />;
}

/** A histogram of values that have been counted, in equal parts of [from, to]. */
export function HistogramOfCounts({ counts, from, to, title }: Range & { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const bar = width / counts.length;
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height + 16}`} role="img" aria-label={`Histogram: ${title}`}>
        {counts.map((count, i) => (
          <rect
            class="bar"
            key={i}
            x={i * bar + 0.5}
            width={bar - 1}
            y={height - (height * count) / most}
            height={(height * count) / most}
          >
            <title>
              {count} from {figure(from + ((to - from) * i) / counts.length)} to{' '}
              {figure(from + ((to - from) * (i + 1)) / counts.length)}
            </title>
          </rect>
        ))}
        <line class="axis" x1={0} x2={width} y1={height} y2={height} />
        <text class="tick" x={0} y={height + 13}>
          {figure(from)}
        </text>
        <text class="tick" x={width} y={height + 13} text-anchor="end">
          {figure(to)}
        </text>
      </svg>
    </figure>
  );
}

interface Bar {
  readonly label: string;
  readonly value: number;
}

/** Bars from a line of zero, above or below it. `marked` is the label of the one that matters. */
export function Bars({ bars, marked, title }: { bars: readonly Bar[]; marked?: string; title: string }) {
  const top = Math.max(0, ...bars.map(({ value }) => value));
  const bottom = Math.min(0, ...bars.map(({ value }) => value));
  const scale = height / (top - bottom || 1);
  const slot = width / bars.length;
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height + 16}`} role="img" aria-label={`Bars: ${title}`}>
        {bars.map(({ label, value }, i) => (
          <g key={label}>
            <rect
              class={`bar ${value < 0 ? 'below' : 'above'} ${label === marked ? 'marked' : ''}`}
              x={i * slot + 1}
              width={Math.max(1, slot - 2)}
              y={(top - Math.max(0, value)) * scale}
              height={Math.max(0.6, Math.abs(value) * scale)}
            >
              <title>
                {label}: {figure(value)}
              </title>
            </rect>
            <text
              class={`tick ${label === marked ? 'marked' : ''}`}
              x={(i + 0.5) * slot}
              y={height + 13}
              text-anchor="middle"
            >
              {label}
            </text>
          </g>
        ))}
        <line class="axis" x1={0} x2={width} y1={top * scale} y2={top * scale} />
      </svg>
    </figure>
  );
}

interface Point {
  readonly label: string;
  readonly x: number;
  readonly y: number;
}

/** Labelled points in a plane. */
export function Scatter({ points, title }: { points: readonly Point[]; title: string }) {
  const size = 320;
  const most = Math.max(1e-9, ...points.flatMap(({ x, y }) => [Math.abs(x), Math.abs(y)]).filter(Number.isFinite));
  const at = (value: number) => size / 2 + (value / most) * (size / 2 - 14);
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`Scatter: ${title}`}>
        <line class="grid" x1={0} x2={size} y1={size / 2} y2={size / 2} />
        <line class="grid" x1={size / 2} x2={size / 2} y1={0} y2={size} />
        {points.map(({ label, x, y }) => (
          <g key={label} class="point" style={{ transform: `translate(${at(x)}px, ${at(-y)}px)` }}>
            <circle class="dot" r={10} />
            <text class="dot-label" text-anchor="middle" dy="4">
              {label}
            </text>
            <title>
              {label}: {figure(x)}, {figure(y)}
            </title>
          </g>
        ))}
      </svg>
    </figure>
  );
}

interface Series {
  readonly label: string;
  readonly values: readonly number[];
}

/** Lines over 0, 1, 2 and so on, told apart by their dashes as well as by their colours. */
export function Lines({ series, title }: { series: readonly Series[]; title: string }) {
  const all = series.flatMap(({ values }) => values).filter(Number.isFinite);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const longest = Math.max(2, ...series.map(({ values }) => values.length));
  const points = (values: readonly number[]) =>
    values
      .map((value, i) => `${(width * i) / (longest - 1)},${height * (1 - (value - least) / (most - least || 1))}`)
      .join(' ');
  return (
    <figure class="plot">
      <figcaption>
        {title}: {series.map(({ label }, i) => `${label} ${i === 0 ? 'solid' : 'dashed'}`).join(', ')}
      </figcaption>
      <svg viewBox={`0 -4 ${width} ${height + 20}`} role="img" aria-label={`Lines: ${title}`}>
        {series.map(({ label, values }, i) => (
          <polyline key={label} class={i === 0 ? 'line' : 'line dashed'} points={points(values)} />
        ))}
        <line class="axis" x1={0} x2={width} y1={height} y2={height} />
        <text class="tick" x={0} y={height + 13}>
          {figure(least)} to {figure(most)}
        </text>
        <text class="tick" x={width} y={height + 13} text-anchor="end">
          {longest}
        </text>
      </svg>
    </figure>
  );
}
