// The training of the lab's worker, driven without a page.

import { create, type Handgrad } from 'handgrad';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Training } from '../../site/src/lab/training.js';
import { exercise4 } from '../../site/src/lab/trainSettings.js';

const words = Array.from({ length: 60 }, (_, i) => `${'abcdef'[i % 6]}n${'aeiou'[i % 5]}${'klm'[i % 3]}`);
const list = { name: 'words.txt', isOwn: true, count: words.length, digest: '', words };
const settings = { ...exercise4, hidden: 8, embed: 3, batch: 8, steps: 1_000_000 };

let hg: Handgrad;
beforeAll(async () => {
  hg = await create();
});
afterAll(() => hg.dispose());

/** How many steps have been reported: each of them has its loss in the curve. */
const reportedBy = (training: Training): number => {
  const { means, every } = training.progress.curve;
  return means.length * every;
};

test('pausing ends with a report of every step, for all who wait, and a second pause at once', async () => {
  const training = new Training(hg, list, { settings });
  const running = training.run(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  await Promise.all([training.pause(), training.pause()]);
  const { step, state } = training.progress;
  expect(state).toBe('paused');
  expect(step).toBeGreaterThan(0);
  expect(Math.abs(reportedBy(training) - step)).toBeLessThan(training.progress.curve.every);
  await training.pause();
  const file = await training.file();
  expect(training.progress).toMatchObject({ state: 'paused', step });
  training.dispose();
  await running;
  const again = new Training(hg, list, { saved: { name: 'training', bytes: file } });
  expect(again.progress).toMatchObject({ step, rates: training.progress.rates });
  expect(again.progress.curve).toEqual(training.progress.curve);
  again.dispose();
});

test('a file is written while it trains, which goes on', async () => {
  const training = new Training(hg, list, { settings });
  const running = training.run(() => {});
  for (let i = 0; i < 5; i++) expect((await training.file()).length).toBeGreaterThan(1000);
  expect(training.progress.state).toBe('running');
  await training.pause();
  training.dispose();
  await running;
});

test('pausing ends where the training diverges', async () => {
  const training = new Training(hg, list, { settings: { ...settings, rate: 1e30 } });
  const running = training.run(() => {});
  await training.pause();
  await training.pause();
  training.dispose();
  await running;
  expect(training.progress.step).toBe(0);
});
