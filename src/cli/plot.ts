// The loss curve as SVG: self-contained, the same bytes for the same losses.

const [width, height] = [720, 400];
const [left, right, top, bottom] = [64, 696, 24, 348];

/** Points that the curve has at most: where there would be more, several are averaged. */
const mostPoints = 1000;
/** log10 of any finite loss lies between this and its negative. */
const furthest = 400;

/**
 * Points of `curve`, the mean of log10 loss over each `stepsPerPoint` steps, over `steps` steps. Values
 * that are not finite are left out; values that no loss can have are drawn at the limit.
 */
export function lossCurve(curve: readonly number[], stepsPerPoint: number, steps: number): string {
  const last = Math.max(steps, 1);
  const group = Math.max(Math.ceil(curve.length / mostPoints), 1);
  const stepsPerGroup = group * stepsPerPoint;
  const groups = averaged(curve, group);
  const values = groups.filter(Number.isFinite);
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const pad = Math.max((high - low) * 0.05, 0.005);
  const x = (step: number) => left + ((right - left) * step) / last;
  const y = (value: number) => bottom - ((bottom - top) * (value - (low - pad))) / (high - low + 2 * pad);
  // Each point stands in the middle of the steps it averages.
  const points = groups.flatMap((value, i) => {
    const [begin, end] = [Math.min(i * stepsPerGroup, last), Math.min((i + 1) * stepsPerGroup, last)];
    return Number.isFinite(value) ? [`${x((begin + end) / 2).toFixed(2)},${y(value).toFixed(2)}`] : [];
  });
  const xTicks = ticks(0, last).map((step) => {
    const at = x(step).toFixed(2);
    return `<path class="grid" d="M${at} ${top}V${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${step.toLocaleString('en-US')}</text>`;
  });
  const yTicks = ticks(low - pad, high + pad).map((value) => {
    const at = y(value).toFixed(2);
    return `<path class="grid" d="M${left} ${at}H${right}"/><text x="${left - 8}" y="${at}" dy="0.35em" text-anchor="end">${value}</text>`;
  });
  const line =
    points.length === 1
      ? `<circle class="dot" cx="${points[0]!.split(',')[0]}" cy="${points[0]!.split(',')[1]}" r="3"/>`
      : `<polyline class="curve" points="${points.join(' ')}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Loss while training</title>
<style>text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd;fill:none}.axis{stroke:#333;fill:none}.curve{stroke:#06c;stroke-width:1.5;fill:none}.dot{fill:#06c}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...xTicks, ...yTicks].join('\n')}
<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>
${line}
<text x="${(left + right) / 2}" y="${height - 12}" text-anchor="middle">step</text>
<text transform="translate(16 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">log10 loss, mean of ${stepsPerGroup.toLocaleString('en-US')} steps</text>
</svg>
`;
}

/** The mean of each `size` values, of those that are finite; NaN where none is. */
function averaged(values: readonly number[], size: number): number[] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const finite = values.slice(i * size, (i + 1) * size).filter(Number.isFinite);
    const sum = finite.reduce((total, value) => total + Math.min(Math.max(value, -furthest), furthest), 0);
    return sum / finite.length;
  });
}

/** Round numbers from `low` to `high`, about five. */
function ticks(low: number, high: number): number[] {
  const raw = (high - low) / 5;
  const exponent = Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => Number(`${factor}e${exponent}`)).find((size) => size >= raw)!;
  const digits = Math.max(0, -exponent);
  const values: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) values.push(Number((k * step).toFixed(digits)));
  return values;
}
