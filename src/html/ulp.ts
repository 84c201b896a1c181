// How far a gradient's elements are from the truth, in units in the last place, as a histogram with bins of powers of two.

import type { FloatDType } from '../base/ndarray.js';
import { ulpOf } from '../compare/ulp.js';
import { largestMagnitude } from '../pictures/source.js';
import { at, figure } from '../pictures/svg.js';

interface Bin {
  readonly label: string;
  candidate: number;
  reference: number;
}

const [barWidth, plot, mostBins] = [26, 96, 12];

/** Bars for the candidate, marks for the reference. */
export function ulpHistogram(given: {
  candidate: ArrayLike<number>;
  reference: ArrayLike<number>;
  truth: ArrayLike<number>;
  dtype: FloatDType;
}): string {
  const { candidate, reference, truth, dtype } = given;
  const errors = (values: ArrayLike<number>) =>
    new Float64Array(truth.length).map((_, i) => {
      const [value, expected] = [values[i]!, truth[i]!];
      return Object.is(value, expected) ? 0 : Math.abs(value - expected) / ulpOf(expected, dtype);
    });
  const [own, theirs] = [errors(candidate), errors(reference)];
  const bins = binned(own, theirs);
  const most = Math.max(1, ...bins.flatMap((bin) => [bin.candidate, bin.reference]));
  const [width, height] = [Math.max(160, bins.length * barWidth + 8), plot + 56];
  const tall = (count: number) => (count === 0 ? 0 : Math.max(1.5, (plot * count) / most));
  const bars = bins.map((bin, i) => {
    const x = 4 + i * barWidth;
    const [bar, mark] = [tall(bin.candidate), tall(bin.reference)];
    return [
      bar === 0
        ? ''
        : `<rect class="hg-bar" x="${x + 2}" y="${at(20 + plot - bar)}" width="${barWidth - 4}" height="${at(bar)}"/>`,
      mark === 0 ? '' : `<path class="mark" d="M${x + 1} ${at(20 + plot - mark)}h${barWidth - 2}"/>`,
      `<text class="hg-text tiny" x="${x + barWidth / 2}" y="${plot + 34}" text-anchor="middle">${bin.label}</text>`,
    ].join('');
  });
  const described = `${truth.length} elements: ${bins
    .filter((bin) => bin.candidate > 0)
    .map((bin) => `${bin.candidate} at ${bin.label}`)
    .join(', ')}`;
  return `<figure class="ulp"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"><title>Errors in ULP. ${described}</title>
<text class="hg-text hg-soft tiny" x="4" y="12">${most} of ${truth.length}</text><path class="hg-axis" d="M4 ${20 + plot}H${width - 4}"/>${bars.join('')}
<text class="hg-text hg-soft tiny" x="${width / 2}" y="${plot + 52}" text-anchor="middle">error in ULP, at most</text></svg>
<figcaption><b>ULP histogram</b> bars: candidate; <span class="mark-key"></span> lines: reference</figcaption></figure>`;
}

/** Bins: 0, at most 1, then powers of two, several at a time where there would be too many; what is not finite last. */
function binned(candidate: Float64Array, reference: Float64Array): Bin[] {
  const largest = Math.max(1, largestMagnitude(candidate), largestMagnitude(reference));
  const top = Math.max(1, Math.ceil(Math.log2(largest)));
  const step = Math.ceil(top / (mostBins - 2));
  const count = Math.ceil(top / step);
  const bins: Bin[] = [
    { label: '0', candidate: 0, reference: 0 },
    ...Array.from({ length: count + 1 }, (_, i) => ({ label: powerOfTwo(i * step), candidate: 0, reference: 0 })),
    { label: 'NaN', candidate: 0, reference: 0 },
  ];
  const fill = (errors: Float64Array, side: 'candidate' | 'reference') => {
    for (const error of errors) {
      const place = !Number.isFinite(error)
        ? bins.length - 1
        : error === 0
          ? 0
          : 1 + Math.min(count, Math.max(0, Math.ceil(Math.log2(error) / step)));
      bins[place]![side]++;
    }
  };
  fill(candidate, 'candidate');
  fill(reference, 'reference');
  const last = bins.at(-1)!;
  return last.candidate + last.reference === 0 ? bins.slice(0, -1) : bins;
}

function powerOfTwo(exponent: number): string {
  const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  if (exponent <= 7) return figure(2 ** exponent);
  return `2${[...String(exponent)].map((digit) => superscripts[Number(digit)]).join('')}`;
}
