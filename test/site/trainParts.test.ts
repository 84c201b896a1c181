// The pieces of the room where the model is trained that need no browser.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { performanceOf } from '../../site/plugins/performance.js';
import { Losses, noPoints, type Points, withPoint } from '../../site/src/lab/series.js';
import { readTraining } from '../../site/src/lab/trainSettings.js';
import { eigen, principal } from '../../site/src/train/principal.js';
import { projectUrl } from '../support/fixture.js';

const values = (length: number) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });

describe('principal components', () => {
  test('are eigenvectors: A v = λ v, to 1e-9 of the largest element', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }).chain((n) => values(n * n).map((list) => [n, list] as const)),
        ([n, list]) => {
          const symmetric = () =>
            Array.from({ length: n }, (_, i) =>
              Float64Array.from({ length: n }, (_, j) => list[i * n + j]! + list[j * n + i]!),
            );
          const A = symmetric();
          const { values, vectors } = eigen(symmetric());
          vectors.forEach((v, k) => {
            A.forEach((row, i) => {
              const product = row.reduce((sum, value, j) => sum + value * v[j]!, 0);
              expect(Math.abs(product - values[k]! * v[i]!)).toBeLessThan(2e-8);
            });
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  test('lie along the directions in which points differ most', () => {
    const C = [3, 0, 0, -3, 0, 0, 0, 1, 0, 0, -1, 0];
    const { points, shares } = principal(C, 3);
    expect(points.map(({ x, y }) => [Math.abs(x), Math.abs(y)])).toEqual([
      [3, 0],
      [3, 0],
      [0, 1],
      [0, 1],
    ]);
    expect(shares).toEqual([0.9, 0.1]);
  });

  test('keep order and signs from one picture to the next', () => {
    const angle = (degrees: number, longer: number) => {
      const turn = (degrees * Math.PI) / 180;
      const [c, s] = [Math.cos(turn), Math.sin(turn)];
      return [longer * c, longer * s, -longer * c, -longer * s, -s, c, s, -c];
    };
    let before = principal(angle(0, 1.5), 2);
    // A full turn, while the longer axis becomes the shorter one.
    for (let degrees = 1; degrees <= 360; degrees++) {
      const next = principal(angle(degrees, 1.5 - degrees / 399.5), 2, before);
      next.points.forEach(({ x, y }, i) => {
        expect(Math.hypot(x - before.points[i]!.x, y - before.points[i]!.y)).toBeLessThan(0.1);
      });
      before = next;
    }
  });

  test('of a single column are that column', () => {
    expect(principal([1, 2, 3], 1).points.map(({ x, y }) => [Math.abs(x), y])).toEqual([
      [1, 0],
      [0, 0],
      [1, 0],
    ]);
  });
});

describe('losses', () => {
  test('are the same whatever slices they come in, and after a break', () => {
    const losses = Array.from({ length: 5000 }, (_, i) => Math.sin(i) + 2);
    const whole = new Losses();
    whole.add(losses);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4999 }), { maxLength: 6 }), (cuts) => {
        let sliced = new Losses();
        const ends = [...cuts.sort((a, b) => a - b), 5000];
        ends.forEach((end, i) => {
          sliced.add(losses.slice(ends[i - 1] ?? 0, end));
          sliced = Losses.from(sliced.sums, sliced.every, sliced.steps);
        });
        expect([sliced.sums, sliced.every]).toEqual([whole.sums, whole.every]);
      }),
      { numRuns: 30 },
    );
    expect(whole.every).toBe(8);
    expect(whole.means[0]).toBeCloseTo(losses.slice(0, 8).reduce((a, b) => a + b) / 8, 12);
    expect(whole.means).toHaveLength(625);
  });

  test('that do not fit their steps are refused, and unknown ones leave a gap', () => {
    expect(() => Losses.from([1, 2], 1, 3)).toThrow('losses: expected those of 3 steps, got 2 sums of 1 steps');
    const { means, every, steps } = Losses.unknown(5000);
    expect([means.length, every, steps]).toEqual([625, 8, 5000]);
    expect(means.every(Number.isNaN)).toBe(true);
  });
});

test('points stay few, in order, from the first to near the last', () => {
  let points: Points = noPoints;
  for (let step = 10; step <= 100_000; step += 10) points = withPoint(points, step, [step, -step]);
  const { steps, values } = points;
  expect(steps.length).toBeGreaterThan(200);
  expect(steps.length).toBeLessThanOrEqual(512);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect([steps[0], values[0], values[1]]).toEqual([10, steps, steps.map((step) => -step)]);
  expect(steps.at(-1)).toBeGreaterThan(99_000);
});

test('figures of PyTorch are those of the document', () => {
  const text = readFileSync(projectUrl('docs/performance.md'), 'utf8');
  const { machine, sizes, rows } = performanceOf(text);
  expect(machine).toMatch(/cores/);
  expect(sizes).toEqual(['32×64', '32×200', '256×512', '1024×1024']);
  expect(rows.map(({ name }) => name.match(/autograd|manual|compile/)?.[0])).toEqual(['autograd', 'manual', 'compile']);
  for (const { name, microseconds } of rows) {
    const line = text.split('\n').find((line) => line.startsWith(`| ${name} |`))!;
    expect(microseconds.every((value) => value > 0 && line.replaceAll(',', '').includes(` ${value}`))).toBe(true);
  }
  expect(() => performanceOf('nothing')).toThrow('expected the training steps, got none');
});

test('settings are read from texts, and what can’t be taken keeps its preset', () => {
  const { settings, complaints } = readTraining({ hidden: '64', batch: '1', backward: 'stepwise' });
  expect(settings).toMatchObject({ hidden: 64, batch: 32, steps: 200_000, backward: 'stepwise' });
  expect(complaints).toEqual(['B: expected a whole number from 2 to 1024, got "1"']);
});
