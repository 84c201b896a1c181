// Pictures as SVG and as text.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DTypeError, ShapeError } from '../../src/base/errors.js';
import { gridOf } from '../../src/pictures/grid.js';
import { levelOf } from '../../src/pictures/palette.js';
import { figure, ticks } from '../../src/pictures/svg.js';
import { curve, curveText, heatmap, heatmapText, histogram, histogramText } from '../../src/report.js';
import { hg } from '../support/handgrad.js';

const svgs: [string, string][] = [
  [
    'heatmap',
    heatmap([
      [1, -2],
      [0, Number.NaN],
    ]),
  ],
  ['histogram', histogram([1, 2, 2, 3, Number.NaN])],
  ['curve', curve([3, 2, Number.NaN, 1])],
];

describe.each(svgs)('%s', (_, svg) => {
  test('is one SVG that refers to nothing outside, with a title and a view box', () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+" width="\d+" height="\d+" role="img">\n<title>/,
    );
    expect(svg).toMatch(/<\/svg>\n$/);
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\(/);
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toMatch(/NaN[^<]*"|undefined|Infinity/);
  });
});

describe('heatmap', () => {
  test('has a path for each colour, blue below zero and orange above', () => {
    const svg = heatmap([
      [1, -1],
      [0, 0],
    ]);
    expect(svg).toContain(
      '<path class="hg-b7" d="M1 0.5h1"/><path class="hg-z" d="M0 1.5h2"/><path class="hg-a7" d="M0 0.5h1"/>',
    );
    expect(svg).toContain('<title>[2, 2]: heat map of shape [2, 2], colours from −1 to 1</title>');
  });

  test('takes tensors, typed arrays, numbers and rows alike', () => {
    const rows = heatmap(
      [
        [1, 2],
        [3, 4],
      ],
      { title: 'x' },
    );
    expect(
      heatmap(
        hg.tensor([
          [1, 2],
          [3, 4],
        ]),
        { title: 'x' },
      ),
    ).toBe(rows);
    expect(heatmap(new Float32Array([1, 2]), { title: 'x' })).toBe(heatmap([1, 2], { title: 'x' }));
    expect(heatmap([], { title: 'x' })).toContain('no elements');
  });

  test('marks what is not finite, and leaves it out of the range', () => {
    const svg = heatmap([Number.NaN, Number.POSITIVE_INFINITY, 2]);
    expect(svg).toContain('class="hg-off"');
    expect(svg).toContain('1 NaN; 1 infinite');
    expect(svg).toContain('from −2 to 2');
  });

  test('shows the largest magnitude of what shares a cell, and says so', () => {
    const data = Float64Array.from({ length: 64 * 64 }, (_, i) => (i === 65 ? -8 : 1));
    const svg = heatmap({ dtype: 'float64', shape: [64, 64], data }, { cells: 1024 });
    expect(svg).toContain('each cell shows one of 2 × 2');
    expect(svg).toContain('<path class="hg-b7" d="M0 0.5h1"/>');
  });

  test('as text tells signs by the kind of character', () => {
    expect(
      heatmapText(
        [
          [1, -1],
          [0, Number.NaN],
          [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
        ],
        { title: 't' },
      ),
    ).toBe('t\n█W\n·?\n^v\n−1 WMmw=~-·░░▒▒▓▓█ 1\n1 NaN; 2 infinite');
    expect(heatmapText([1, -1], { colour: true })).toContain('\x1b[33m█\x1b[39m\x1b[34mW\x1b[39m');
    const lines = heatmapText(hg.randn([300, 500]), { width: 60, height: 20 }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines.length).toBeLessThanOrEqual(23);
  });

  test('a title is text, and on a terminal one line', () => {
    expect(heatmap([1], { title: '<b>&"' })).toContain('&lt;b&gt;&amp;&quot;');
    expect(heatmapText([1], { title: '\x1b[2J' })).toContain('\\u001b[2J');
  });
});

describe('histogram', () => {
  test('counts every finite value once', () => {
    expect(histogramText([0, 0.5, 1, 1], { bins: 2, title: 't', width: 40 })).toBe(
      `t\n  0 1 ${'█'.repeat(11)}\n0.5 3 ${'█'.repeat(33)}\n  1 end`,
    );
    expect(histogram([-5, 0, 5, Number.NaN, Number.POSITIVE_INFINITY], { range: [-1, 1] })).toContain(
      '1 NaN; 1 infinite; 2 outside',
    );
  });

  test('of one value, of none, and of the whole range of float64', () => {
    expect(histogram([3, 3])).toContain('most in a bin: 2');
    expect(histogram([])).toContain('no elements');
    expect(histogram([-1e308, 1e308])).toContain('most in a bin: 1');
  });
});

describe('curve', () => {
  test('has a gap where a value is not finite', () => {
    expect(curve([1, 2, Number.NaN, 3])).toMatch(/class="hg-line0"[^>]* d="M[^M]*L[^M]*M[^"]*"/);
  });

  test('several curves have a legend and places of their own', () => {
    const svg = curve([
      { name: 'train', values: [3, 2, 1] },
      { name: 'dev <', values: [2.5, 1.5], places: [0, 2] },
    ]);
    expect(svg).toContain('>dev &lt;</text>');
    expect(svg).toContain('hg-line1');
  });

  test.each([
    [
      [2, 5],
      ['2', '3', '4', '5'],
    ],
    [
      [1, 100],
      ['1', '2', '5', '10', '20', '50', '100'],
    ],
    [
      [1e-8, 1],
      ['1e−8', '1e−6', '0.0001', '0.01', '1'],
    ],
  ])('a logarithmic axis of %j has round numbers', (values, expected) => {
    const svg = curve(values, { logarithmic: true });
    expect([...svg.matchAll(/text-anchor="end">([^<]+)</g)].map(([, label]) => label)).toEqual(expected);
  });

  test('of many points keeps the extremes', () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => (i === 54_321 ? 100 : 1));
    const svg = curve(values);
    expect(svg.length).toBeLessThan(40_000);
    expect(svg).toContain('from 1 to 100');
    // The peak stands 4 % of the range below the upper edge.
    expect(svg).toContain(' 49.63L');
  });

  test('as text has so many columns and lines', () => {
    const lines = curveText([1, 10, 100], { width: 40, height: 5, logarithmic: true }).split('\n');
    expect(lines).toHaveLength(7);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(lines[1]).toMatch(/│ +•$/);
  });
});

describe('values of any size', () => {
  const max = Number.MAX_VALUE;
  const tiny = Number.MIN_VALUE;
  const extremes: readonly (readonly number[])[] = [
    [1e308, -1e308],
    [max, -max],
    [-max, 0, max],
    [max, max],
    [-max],
    [max, 1],
    [tiny, 0],
    [tiny, -tiny],
    [3 * tiny, 2 * tiny],
    [tiny],
    [tiny, max],
    [2 ** -1022, 2 ** -1070],
    [1e16, 1e16 + 2],
    [1, 1 + 2 ** -52],
    [max, 1.7976931348615709e308],
    [0, 0],
    [-0],
    [1],
    [1, Number.NaN, Infinity, -Infinity, 2],
    [Number.NaN, 1e308, -Infinity, -1e308],
  ];
  const any = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(max, -max, tiny, -tiny, 0, 1),
  );
  const mixed = fc.oneof({ arbitrary: any, weight: 4 }, fc.constantFrom(Number.NaN, Infinity, -Infinity));

  /** Every number that places something in a picture. */
  const places = (svg: string) =>
    [...svg.matchAll(/ (?:d|x|y|width|height|viewBox)="([^"]*)"/g)].flatMap(([, text]) =>
      [...text!.matchAll(/NaN|-?Infinity|undefined|-?[\d.]+(?:e[+-]?\d+)?/g)].map(Number),
    );
  const within = (svg: string) => places(svg).every((place) => Math.abs(place) <= 1000);
  /** All that is written but the counts of what is not drawn. */
  const figures = (picture: string) => picture.replace(/\d+ (NaN|infinite)/g, '');

  function expectDrawn(values: readonly number[]) {
    const finite = values.filter(Number.isFinite);
    for (const logarithmic of [false, true]) {
      const drawable = logarithmic ? finite.filter((value) => value > 0) : finite;
      const svg = curve(values, { logarithmic });
      expect(figures(svg)).not.toMatch(/NaN|Infinity|∞|undefined/);
      expect(within(svg)).toBe(true);
      expect(svg.match(/ d="(M[^"]*)"/g)!.length).toBeGreaterThan(0);
      const text = curveText(values, { logarithmic });
      expect(text).not.toMatch(/NaN|Infinity|∞|undefined/);
      expect(text.includes('•')).toBe(drawable.length > 0);
      expect(text.split('\n')).toHaveLength(18);
    }
    const [bars, lines] = [histogram(values), histogramText(values)];
    for (const picture of [bars, lines]) expect(figures(picture)).not.toMatch(/NaN|Infinity|∞|undefined/);
    expect(within(bars)).toBe(true);
    const counts = lines
      .split('\n')
      .slice(1, 17)
      .map((line) => Number(/^\s*\S+ +(\d+)/.exec(line)![1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(finite.length);
    const map = heatmap(values);
    expect(figures(map)).not.toMatch(/NaN|Infinity|∞|undefined/);
    expect(within(map)).toBe(true);
    expect(figures(heatmapText(values))).not.toMatch(/NaN|Infinity|∞|undefined/);
  }

  test.each(extremes.map((values) => [values]))('are drawn: %j', (values) => expectDrawn(values));

  test('are drawn, whatever they are', () => {
    fc.assert(fc.property(fc.array(mixed, { minLength: 1, maxLength: 12 }), expectDrawn));
  });

  test('as are places', () => {
    const curves = fc.uniqueArray(
      any.filter((x) => !Object.is(x, -0)),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(curves, (given) => {
        const series = [{ name: '', values: given.map((_, i) => i), places: given.toSorted((a, b) => a - b) }];
        expect(within(curve(series))).toBe(true);
        expect(curve(series)).not.toMatch(/NaN|Infinity|∞|undefined/);
        expect(curveText(series)).not.toMatch(/NaN|Infinity|∞|undefined/);
      }),
    );
  });

  test('the largest have labels between them', () => {
    expect(ticks(-max, max)).toEqual([-1e308, 0, 1e308]);
    expect(figure(max)).toBe('1.8e308');
    expect(histogramText([-max, max], { bins: 2 }).split('\n').slice(1)).toEqual([
      expect.stringMatching(/^−1\.8e308 1 █+$/),
      expect.stringMatching(/^ {7}0 1 █+$/),
      ' 1.8e308 end',
    ]);
    expect(histogram([1], { range: [-max, max] })).toContain('most in a bin: 1');
  });
});

describe('refused', () => {
  const drawings = { heatmap, heatmapText, histogram, histogramText, curve, curveText } as const;

  test.each(Object.entries(drawings))('%s', (name, draw) => {
    const given = (value: unknown, options?: unknown) => () =>
      (draw as (a: unknown, b: unknown) => string)(value, options);
    const argument = name.startsWith('curve') ? 'values' : 'array';
    for (const value of [undefined, null, 1, 'x', {}, [1, 'x'], [[1], 'x'], () => {}]) {
      expect(given(value)).toThrow(TypeError);
      expect(given(value)).toThrow(argument);
    }
    expect(given([[1, 2], [3]])).toThrow(ShapeError);
    expect(given({ dtype: 'float32', shape: [3], data: new Float32Array(2) })).toThrow(ShapeError);
    expect(given({ dtype: 'float32', shape: [2], data: new Float64Array(2) })).toThrow(DTypeError);
    expect(given([1], { titel: 'x' })).toThrow('the nearest is title');
    expect(given([1], { title: 1 })).toThrow('title: expected a string');
    expect(() => (draw as (...all: unknown[]) => string)([1], {}, 1)).toThrow(`${name}: expected at most 2 arguments`);
  });

  test('options out of range', () => {
    expect(() => heatmap([1], { range: -1 })).toThrow(RangeError);
    expect(() => heatmap([1], { cells: 0 })).toThrow(RangeError);
    expect(() => histogram([1], { bins: 0 })).toThrow(RangeError);
    expect(() => histogram([1], { range: [1, 1] })).toThrow('range: expected two finite numbers in ascending order');
    expect(() => curve([{ name: 'a', values: [1, 2], places: [1, 1] }])).toThrow(
      'values[0].places[1]: expected more than 1, got 1',
    );
    expect(() => curve([{ name: 'a', values: [1, 2], places: [1] }])).toThrow(ShapeError);
    expect(() => curve(Array.from({ length: 5 }, () => ({ name: 'a', values: [1] })))).toThrow(
      'expected at most 4 curves',
    );
  });
});

describe('parts', () => {
  test.each([
    [[], 1, 1],
    [[5], 1, 5],
    [[130], 3, 64],
    [[1, 64], 1, 64],
    [[32, 1], 1, 32],
    [[32, 27], 32, 27],
    [[32, 3, 10], 32, 30],
    [[2, 3, 4], 6, 4],
    [[0, 4], 0, 0],
  ])('shape %j is %i by %i cells', (shape, rows, columns) => {
    expect(gridOf(shape, 4096, () => 0)).toMatchObject({ rows, columns });
  });

  test('a grid has no more cells than allowed, each of an element of its own', () => {
    for (const shape of [[1000], [7, 1001], [1024, 1024], [3, 5, 700]]) {
      const { places } = gridOf(shape, 500, (place) => -place);
      expect(places.length).toBeLessThanOrEqual(500);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  test('only zero has the colour of zero', () => {
    expect([0, -0, 1e-30, -1e-30, 1, -1, 2].map((value) => levelOf(value, 1))).toEqual([0, 0, 1, -1, 7, -7, 7]);
  });

  test('figures are short', () => {
    const figures = [0, 1, -0.5, 123456, 1e-5, 0.0001234, 1e300, Number.NaN, Number.NEGATIVE_INFINITY].map((x) =>
      figure(x),
    );
    expect(figures).toEqual(['0', '1', '−0.5', '1.23e5', '1e−5', '0.000123', '1e300', 'NaN', '−∞']);
  });

  test('ticks are round', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(1, 1)).toEqual([1]);
  });
});
