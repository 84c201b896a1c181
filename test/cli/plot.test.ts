// The loss curve, of whatever numbers.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossCurve } from '../../src/cli/plot.js';

/** The coordinates of a curve's points, after a look at the rest of the picture. */
function pointsOf(svg: string): [number, number][] {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(svg).toMatch(/^<svg [^>]*>\n[\s\S]*<\/svg>\n$/);
  // Every element is closed, so that it is XML.
  const open: string[] = [];
  for (const [, end, name, own] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
    if (end === '/') expect(open.pop()).toBe(name);
    else if (own !== '/') open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg.length).toBeLessThan(50_000);
  const line = /points="([^"]*)"/.exec(svg)?.[1]?.split(' ').filter(Boolean) ?? [];
  const dot = [...svg.matchAll(/cx="([^"]*)" cy="([^"]*)"/g)].map(([, cx, cy]) => `${cx},${cy}`);
  return [...line, ...dot].map((point) => point.split(',').map(Number) as [number, number]);
}

const any = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.constantFrom(0, -0, 1e18, -1e18, 1e308, -1e308, 5e-324, Number.NaN, Infinity, -Infinity),
);

test('of any numbers and steps it is a picture whose points are within the frame', () => {
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 50 }),
      fc.oneof(fc.maxSafeNat(), fc.nat(100_000)),
      fc.integer({ min: 1, max: 10_000 }),
      (curve, steps, stepsPerPoint) => {
        const points = pointsOf(lossCurve(curve, stepsPerPoint, steps));
        expect(points).toHaveLength(curve.filter(Number.isFinite).length);
        for (const [x, y] of points) expect(x >= 64 && x <= 696 && y > 24 && y < 348).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([1000, 1001, 130_001, 1_000_000])('of %i points it is as small as of a thousand', (length) => {
  const curve = Array.from({ length }, (_, i) => 1 - i / length);
  const svg = lossCurve(curve, 1000, length * 1000);
  const points = pointsOf(svg);
  expect(points.length).toBeGreaterThan(400);
  expect(points.length).toBeLessThanOrEqual(1000);
  // Falls all the way, from corner to corner.
  expect(points.every(([x, y], i) => i === 0 || (x > points[i - 1]![0] && y >= points[i - 1]![1]))).toBe(true);
  expect(points.at(-1)![0]).toBeGreaterThan(690);
  const each = Math.ceil(length / 1000) * 1000;
  expect(svg).toContain(`mean of ${each.toLocaleString('en-US')} steps`);
});

test('points that are averaged have the mean of those that are finite', () => {
  const curve = Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 1 : Number.NaN));
  const ones = Array<number>(1000).fill(1);
  const withoutText = (svg: string) => svg.replace(/mean of [\d,]+/, '');
  expect(withoutText(lossCurve(curve, 1000, 2_000_000))).toBe(withoutText(lossCurve(ones, 2000, 2_000_000)));
});

test('of two points it has these lines', () => {
  const x = (at: string, step: number) =>
    `<path class="grid" d="M${at} 24V348"/><text x="${at}" y="366" text-anchor="middle">${step}</text>`;
  const y = (at: string, loss: number) =>
    `<path class="grid" d="M64 ${at}H696"/><text x="56" y="${at}" dy="0.35em" text-anchor="end">${loss}</text>`;
  const lines = lossCurve([0.5, 0.25], 10, 20).split('\n');
  expect(lines.filter((line) => !line.startsWith('<style>'))).toEqual([
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" width="720" height="400" role="img">',
    '<title>Loss while training</title>',
    '<rect width="720" height="400" fill="#fff"/>',
    ...[x('64.00', 0), x('222.00', 5), x('380.00', 10), x('538.00', 15), x('696.00', 20)],
    // A twentieth of the losses' range is free above and below.
    ...[y('274.36', 0.3), y('156.55', 0.4), y('38.73', 0.5)],
    '<path class="axis" d="M64 24V348H696"/>',
    '<polyline class="curve" points="222.00,38.73 538.00,333.27"/>',
    '<text x="380" y="388" text-anchor="middle">step</text>',
    '<text transform="translate(16 186) rotate(-90)" text-anchor="middle">log10 loss, mean of 10 steps</text>',
    '</svg>',
    '',
  ]);
});
