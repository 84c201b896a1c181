// The training of the lab's worker, driven without a page.

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, formatSafetensors, type Handgrad, parameterNames, parseSafetensors } from 'handgrad';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Training } from '../../site/src/lab/training.js';
import { exercise4 } from '../../site/src/lab/trainSettings.js';
import { handgrad } from '../cli/run.js';

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

test('handgrad train goes on with a file of the page, and the page with one of handgrad train, to the same bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-page-'));
  const [words_, page, model, curve] = ['words.txt', 'page.safetensors', 'model.safetensors', 'curve.svg'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  const text = words.map((word) => `${word}\n`).join('');
  const own = { ...list, digest: createHash('sha256').update(text).digest('hex') };
  const training = new Training(hg, own, { settings: { ...settings, steps: 1000 } });
  try {
    writeFileSync(words_, text);
    training.step(150);
    training.rate = 0.05;
    training.step(150);
    writeFileSync(page, await training.file());
    training.step(100);
    const middle = await training.file();
    training.step(600);
    const want = parseSafetensors(await training.file()).tensors;

    const { code, stdout, stderr } = await handgrad(
      ...['train', '--resume', page, '--names', words_, '--out', model, '--plot', curve, '--json', '--quiet'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ lossesFrom: 300, firstLosses: [], every10k: [], configuration: { lr: 0.05 } });
    expect(readFileSync(curve, 'utf8')).not.toMatch(/NaN/);
    const got = parseSafetensors(readFileSync(model)).tensors;
    for (const name of [...parameterNames, 'generator']) expect(got.get(name), name).toEqual(want.get(name));

    // The page opens what has become of it, with the rates that it set; its own file, which has the losses, is never replaced.
    const back = new Training(hg, own, { saved: { name: 'model', bytes: readFileSync(model) } });
    expect(back.progress).toMatchObject({ step: 1000, rates: training.progress.rates });
    back.dispose();
    const before = readFileSync(page);
    const resume = ['train', '--resume', page, '--names', words_, '--quiet'];
    expect(await handgrad(...resume, '--out', page)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one in use'),
    });
    expect(await handgrad(...resume)).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(page)).toEqual(before);

    const stopped = parseSafetensors(middle);
    const of = (shuffleSeed: string, relaxed = 'false') => {
      const { lossSums: _, ...tensors } = Object.fromEntries(stopped.tensors);
      const { rates: __, lossEvery: ___, list: ____, ...metadata } = stopped.metadata;
      return { name: 'x', bytes: formatSafetensors(tensors, { ...metadata, shuffleSeed, relaxed }) };
    };
    const again = new Training(hg, own, { saved: of('42') });
    again.step(600);
    expect(parseSafetensors(await again.file()).tensors.get('W1')).toEqual(want.get('W1'));
    again.dispose();
    expect(() => new Training(hg, own, { saved: of('7') })).toThrow(
      'x: expected words that were shuffled with seed 42, got 7',
    );
    expect(() => new Training(hg, own, { saved: of('42', 'true') })).toThrow(
      'x: expected a training by the strict build',
    );
  } finally {
    training.dispose();
    rmSync(folder, { recursive: true });
  }
});
