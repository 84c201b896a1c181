// The loss curve, of whatever numbers.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossCurve } from '../../src/cli/plot.js';

type Dev = [step: number, loss: number][];

const of = (curve: number[], stepsPerPoint = 1, dev: Dev = []) =>
  lossCurve({ curve, stepsPerPoint, since: 0, step: curve.length * stepsPerPoint, dev });

/** The points of each curve, after a look at the rest of the picture. */
function pointsOf(svg: string): [number, number][][] {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
  expect(svg).toMatch(/^<svg [^>]*>\n[\s\S]*<\/svg>\n$/);
  return [...svg.matchAll(/stroke-linecap="round" d="([^"]*)"/g)].map(([, path]) =>
    [...path!.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]),
  );
}

const any = fc.oneof(
  fc.double(),
  fc.double({ min: -10, max: 10 }),
  fc.constantFrom(0, -0, 1e18, -1e18, 1e308, -1e308, 5e-324, Number.NaN, Infinity, -Infinity),
);

test('of any numbers it is a picture whose points are within the frame, one for each finite loss', () => {
  fc.assert(
    fc.property(
      fc.array(any, { maxLength: 50 }),
      fc.array(fc.double({ min: 5e-324, noNaN: true }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 10_000 }),
      (curve, losses, stepsPerPoint) => {
        const dev: Dev = losses.map((loss, i) => [i * 7, loss]);
        const [minibatches, measured = []] = pointsOf(of(curve, stepsPerPoint, dev));
        const isDrawn = (loss: number) => loss > 0 && loss < Infinity;
        expect(minibatches).toHaveLength(curve.filter((log) => isDrawn(10 ** log)).length);
        expect(measured).toHaveLength(losses.filter(isDrawn).length);
        for (const [x, y] of [...minibatches!, ...measured]) {
          expect(x >= 64 && x <= 664 && y >= 40 && y <= 300).toBe(true);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test.each([10, 200])('a run of %i steps has a point a step, from the first to the last', (steps) => {
  const falling = Array.from({ length: steps }, (_, i) => 0.5 - (i / steps) * 0.2);
  const [points] = pointsOf(of(falling, 1, [[steps, 2]]));
  expect(points).toHaveLength(steps);
  expect(points![0]![0]).toBe(64);
  expect(points!.every(([x, y], i) => i === 0 || (x > points![i - 1]![0] && y > points![i - 1]![1]))).toBe(true);
});

test('dev is a second curve with a name of its own, at the steps where it was measured', () => {
  const svg = of([0.5, 0.4, 0.3, 0.25, 0.2], 10, [
    [25, 3],
    [50, 2.5],
  ]);
  const [minibatches, dev] = pointsOf(svg);
  // Points stand at 4.5, 14.5, … 44.5, the last of dev at 50.
  const x = (step: number) => 64 + (600 * (step - 4.5)) / 45.5;
  expect(minibatches!.map(([at]) => at)).toEqual(
    [4.5, 14.5, 24.5, 34.5, 44.5].map((step) => expect.closeTo(x(step), 1)),
  );
  expect(dev!.map(([at]) => at)).toEqual([25, 50].map((step) => expect.closeTo(x(step), 1)));
  // 10^0.5 = 3.16 lies above 3, 10^0.2 = 1.58 below 2.5.
  expect(dev![0]![1]).toBeGreaterThan(minibatches![0]![1]);
  expect(dev![1]![1]).toBeLessThan(minibatches![4]![1]);
  expect(svg).toContain('>minibatches</text>');
  expect(svg).toContain('>dev</text>');
  expect(of([0.5, 0.4])).not.toContain('>dev</text>');
});

test('the axis says what a point averages, where that is more than a step', () => {
  expect(of([0.5, 0.4], 512)).toContain('>loss, of minibatches the geometric mean of 512 steps</text>');
  expect(of([0.5, 0.4])).toContain('>loss</text>');
});
