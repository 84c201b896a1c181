// The room where the model is trained: what it does is what the library does, and nothing that was trained is lost.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Download, Page } from 'playwright';
import { afterAll, describe, expect, test } from 'vitest';
import {
  buildDataset,
  init,
  loadWords,
  type ModelOptions,
  parseSafetensors,
  split,
  Vocabulary,
} from '../../src/index.js';
import { projectUrl } from '../support/fixture.js';
import { opened, scrollsSideways, violations } from './page.js';

/** A training that is quick, and one that does not end while it is looked at. */
const quick = { hidden: 8, batch: 16, steps: 1000 };
const long = { ...quick, steps: 5_000_000 };

const at = (settings: object) => `#/train?${new URLSearchParams(Object.entries(settings))}`;

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const press = (page: Page, name: string | RegExp) => button(page, name).click();
const alerts = (page: Page) => page.locator('[role=alert]').allTextContents();
const alert = (page: Page, text: RegExp) => page.locator('[role=alert]', { hasText: text }).waitFor();

/** The figure that the room shows under a name. */
async function figure(page: Page, name: string): Promise<number> {
  const text = await page
    .locator('.transport dt', { hasText: new RegExp(`^${name}$`) })
    .locator('xpath=following-sibling::dd[1]')
    .textContent();
  return Number(text!.split('/')[0]!.replaceAll(',', ''));
}

const isReady = (page: Page) => page.locator('.names li').first().waitFor();
const patience = { timeout: 20_000 };
const isAt = (page: Page, step: number) => expect.poll(() => figure(page, 'step'), patience).toBe(step);
const stepsBeyond = (page: Page, least: number) =>
  expect.poll(() => figure(page, 'step'), patience).toBeGreaterThan(least);
const isDone = (page: Page) => button(page, 'Begin anew').waitFor();

async function bytesOf(page: Page, act: () => Promise<void>): Promise<Uint8Array> {
  const download: Promise<Download> = page.waitForEvent('download');
  await act();
  return new Uint8Array(readFileSync((await (await download).path())!));
}

const savedFile = (page: Page) => bytesOf(page, () => press(page, 'Save to a file'));

/** A file with one text in it replaced by another of the same length. */
const patched = (file: Buffer, from: string, to: string) =>
  Buffer.from(file.toString('latin1').replace(from, to), 'latin1');

const fileInput = (page: Page, label: RegExp) => page.getByLabel(label);

/** The file of a training without a break, in Node, with what else the page writes into its own. */
async function inNode(file: Uint8Array, words: string[], settings: { hidden: number; batch: number; steps: number }) {
  const hg = await init();
  const { extra } = hg.loadModel(file);
  const vocabulary = new Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const parts = split(words);
  const { hidden, batch, steps } = settings;
  const generator = hg.generator().manualSeed(2147483647);
  const options: ModelOptions = { vocabSize: vocabulary.size, hidden };
  const model = hg.createModel({ ...options, generator, bnGenerator: hg.generator().manualSeed(42) });
  const dataset = buildDataset(parts.train, vocabulary, 3);
  const session = model.session({ dataset, vocabulary, generator, batch, steps });
  session.step(steps);
  return session.checkpoint({ extra });
}

const names = () => loadWords(projectUrl('names.txt'));

/** Words with letters from several scripts. */
const ownWords = Array.from(
  { length: 60 },
  (_, i) => ['Ωmέγα', 'жанна', '奈々', 'ñandú', '👩‍🚀x'][i % 5]! + 'abcdefghij'[i % 10],
);

describe('a training', () => {
  test('starts, pauses, goes a single step, and is reset, with the keyboard alone', async () => {
    await opened(at(long), async (page) => {
      await isReady(page);
      await button(page, 'Start').focus();
      await page.keyboard.press('Enter');
      await stepsBeyond(page, 1000);
      await button(page, 'Pause').press('Enter');
      await page.getByText('Paused ·').waitFor();
      const step = await figure(page, 'step');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await isAt(page, step + 1);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await button(page, 'Start').waitFor();
      expect(await figure(page, 'step')).toBe(0);
      const kept = page.getByText(/8 neurons, step .* of 5,000,000/);
      await kept.waitFor();
      page.once('dialog', (dialog) => void dialog.accept());
      await button(page, /^Delete/).press('Enter');
      await kept.waitFor({ state: 'detached' });
    });
  });

  test('has the bytes of Node after 1,000 steps', async () => {
    await opened(at(quick), async (page) => {
      await press(page, 'Start');
      await isDone(page);
      const file = await savedFile(page);
      expect(Buffer.from(file).equals(Buffer.from(await inNode(file, await names(), quick)))).toBe(true);
    });
  });

  test('of one’s own words, in any alphabet, goes on to the byte after the page was loaded anew', async () => {
    const settings = { ...quick, steps: 150_000 };
    await opened(at(settings), async (page) => {
      await page.getByLabel(/Your own/).fill(ownWords.join('\n'));
      await press(page, 'Use these');
      await page.getByText('your words: 60 words').waitFor();
      await press(page, 'Start');
      await stepsBeyond(page, 0);
      await press(page, 'Pause');
      await page.getByText('open here, saved').waitFor();
      const step = await figure(page, 'step');
      expect(step).toBeLessThan(settings.steps);
      await page.reload();
      await page.getByText(`Your last training stands at step ${step.toLocaleString('en-US')} of 150,000`).waitFor();
      await press(page, 'Resume');
      await isDone(page);
      const file = await savedFile(page);
      expect(parseSafetensors(file).metadata.list).toBe('your words');
      expect(Buffer.from(file).equals(Buffer.from(await inNode(file, [...ownWords], settings)))).toBe(true);
    });
  });

  test('that two tabs open is gone on with as a copy, and both are kept', async () => {
    await opened(at(long), async (page, context) => {
      await press(page, 'Start');
      await stepsBeyond(page, 0);
      await press(page, 'Pause');
      await page.getByText('open here, saved').waitFor();
      await press(page, 'Continue');
      const other = await context.newPage();
      await other.goto(page.url());
      await other.getByText('Another tab has it open').waitFor();
      await other.getByRole('button', { name: 'Go on with a copy' }).click();
      await other.getByText('This tab has a copy').waitFor();
      await stepsBeyond(other, 0);
      await press(other, 'Pause');
      await other.getByText('open here, saved').waitFor();
      // As in a crash: nothing is saved on the way out.
      await page.close();
      await other.reload();
      await other.getByText('Your last training').waitFor();
      expect(await other.locator('.kept li').count()).toBe(2);
      await other.getByText('open in another tab').waitFor({ state: 'detached' });
    });
  });

  test('goes on while the tab is in the background, and while other rooms are open', async () => {
    await opened(
      at(long),
      async (page) => {
        await press(page, 'Start');
        await stepsBeyond(page, 0);
        await page.getByRole('link', { name: 'Understand' }).click();
        await page.locator('.node').first().waitFor();
        await page.getByRole('link', { name: 'Train' }).click();
        const step = await figure(page, 'step');
        await page.waitForURL(/hidden=8/);
        await stepsBeyond(page, step + 1000);
        const file = await savedFile(page);
        await stepsBeyond(page, await figure(page, 'step'));
        await press(page, 'Reset');
        await fileInput(page, /Load a file/).setInputFiles({
          name: 'x.safetensors',
          mimeType: '',
          buffer: Buffer.from(file),
        });
        await isAt(page, Number(parseSafetensors(file).metadata.step));
      },
      {
        before: () => {
          Object.defineProperty(document, 'hidden', { get: () => true });
        },
      },
    );
  });

  test('that diverges says so, and goes on from its last finite step with a smaller rate', async () => {
    await opened(at({ ...long, rate: 1e6 }), async (page) => {
      await press(page, 'Start');
      await alert(page, /It diverged.*expected.*got.*take a smaller rate/s);
      await page.getByText('Stopped: it diverged').waitFor();
      await page.getByLabel('learning rate').fill('0.1');
      await page.getByLabel('learning rate').blur();
      const step = await figure(page, 'step');
      await press(page, /Start|Continue/);
      await stepsBeyond(page, step + 100);
      expect(await alerts(page)).toEqual([]);
    });
  });

  test('is looked into, drawn and reported', async () => {
    await opened(at({ ...quick, steps: 3000 }), async (page) => {
      await press(page, 'Start');
      await isDone(page);
      await page.locator('.result dd').first().waitFor();
      const losses = (await page.locator('.result dd').allTextContents()).map(Number);
      expect(losses.every((loss) => loss > 2 && loss < 3)).toBe(true);
      expect(await page.locator('.point').count()).toBe(27);
      expect(await page.locator('.ratios tr').count()).toBe(7);
      expect(await page.locator('.log tr').last().locator('th').textContent()).toBe('0');
      const png = await bytesOf(page, () => press(page, 'Plot as PNG'));
      expect([...png.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
      expect(new TextDecoder().decode(await bytesOf(page, () => press(page, 'Plot as SVG')))).toMatch(/^<svg/);
      const report = new TextDecoder().decode(await bytesOf(page, () => press(page, 'Report')));
      const facts = JSON.parse(report.match(/json">(.*)<\/script>/)![1]!);
      const digest = createHash('sha256')
        .update(await savedFile(page))
        .digest('hex');
      expect(facts).toMatchObject({ step: 3000, settings: { hidden: 8 }, file: { sha256: digest } });
      const weights = await bytesOf(page, () => press(page, 'Weights'));
      expect((await init()).loadModel(weights).statistics).toBeDefined();
      await press(page, 'Measure the three passes');
      await button(page, 'Measure the three passes').waitFor();
      expect(await page.locator('.speeds tr.here').count()).toBe(3);
    });
  });
});

describe('bad input', () => {
  const large = join(mkdtempSync(join(tmpdir(), 'handgrad-')), 'large.txt');
  writeFileSync(large, Buffer.alloc(5e7, 'a\n'));
  afterAll(() => rmSync(dirname(large), { recursive: true }));

  const bad: readonly [name: string, content: Buffer, said: RegExp][] = [
    ['a.txt', Buffer.from([1, 0, 2]), /expected text, got a binary file/],
    ['c.txt', Buffer.from(''), /got an empty file/],
    ['d.txt', Buffer.from('anna\nb.b\n'.repeat(9)), /expected no "\.", the boundary of words, got "b\.b" on line 2/],
    ['e.txt', Buffer.from('anna\n'), /expected at least 10 words, got 1/],
    ['f.txt', Buffer.from([0x61, 0xff, 0x0a]), /expected UTF-8/],
  ];

  test('as a list is said to be bad, and the training stays', async () => {
    await opened(at(quick), async (page) => {
      await press(page, 'Start');
      await isDone(page);
      for (const [name, buffer, said] of bad) {
        await fileInput(page, /or a file/).setInputFiles({ name, mimeType: 'text/plain', buffer });
        await alert(page, said);
        expect(await alerts(page)).toHaveLength(1);
      }
      await fileInput(page, /or a file/).setInputFiles(large);
      await alert(page, /large\.txt: expected at most 5 MB of words, got 50.0 MB/);
      await page.getByLabel(/Your own/).evaluate((area) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text', 'a'.repeat(6e6));
        area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, cancelable: true }));
      });
      await alert(page, /The paste has 6\.0 million characters: expected at most 5 million/);
      await page.getByLabel(/Your own/).fill('');
      await press(page, 'Use these');
      await alert(page, /your words: .*got an empty file/);
      expect(await figure(page, 'step')).toBe(1000);
      await page.evaluate((text) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], 'dropped.txt'));
        dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
      }, ownWords.join('\n'));
      await page.getByText('dropped.txt: 60 words').waitFor();
      expect(await alerts(page)).toEqual([]);
    });
  });

  test('as a file is said to be bad, and the training stays', async () => {
    await opened(at(quick), async (page) => {
      await press(page, 'Step');
      await isAt(page, 1);
      const good = Buffer.from(await savedFile(page));
      const weights = Buffer.from(await bytesOf(page, () => press(page, 'Weights')));
      const files: readonly (readonly [Buffer, RegExp])[] = [
        [Buffer.from('no model'), /x\.safetensors: /],
        [good.subarray(0, good.length - 9), /x\.safetensors: /],
        [patched(good, '0.1 from 0', '0.1 frOm 0'), /rates: expected numbers of at least 0, got 0\.1 frOm 0/],
        [weights, /expected a saved training, got a model alone/],
        [patched(good, 'handgrad-model-1', 'handgrad-model-9'), /expected a model that handgrad saved/],
      ];
      for (const [buffer, said] of files) {
        await fileInput(page, /Load a file/).setInputFiles({ name: 'x.safetensors', mimeType: '', buffer });
        await alert(page, said);
        expect(await figure(page, 'step')).toBe(1);
      }
      await press(page, 'Reset');
      await button(page, 'Start').waitFor();
      await fileInput(page, /Load a file/).setInputFiles({ name: 'x.safetensors', mimeType: '', buffer: good });
      await isAt(page, 1);
      expect(Buffer.from(await savedFile(page)).equals(good)).toBe(true);
      // The same letters, so that the words alone tell the lists apart.
      await page.getByLabel(/Your own/).fill('abcdefghijklmnopqrstuvwxyz\n'.repeat(60));
      await press(page, 'Use these');
      await page.getByText('your words: 60 words').waitFor();
      await fileInput(page, /Load a file/).setInputFiles({ name: 'x.safetensors', mimeType: '', buffer: good });
      await alert(page, /expected the words it was begun with, names\.txt, got your words/);
    });
  });

  test('is none where `handgrad train` has saved it', async () => {
    const file = join(dirname(large), 'cli.safetensors');
    const main = fileURLToPath(projectUrl('dist/cli/main.js'));
    execFileSync(process.execPath, [main, 'train', '--steps', '50', '--hidden', '8', '--out', file, '--quiet']);
    await opened(at(quick), async (page) => {
      await isReady(page);
      await fileInput(page, /Load a file/).setInputFiles(file);
      await isDone(page);
      expect(await figure(page, 'step')).toBe(50);
      expect(page.url()).toContain('hidden=8&steps=50');
    });
  });

  test('in the address and in a field is said to be bad', async () => {
    await opened(at({ hidden: 0, rate: 'fast', backward: 'sideways' }), async (page) => {
      await alert(page, /H: expected a whole number from 1 to 1024, got "0"/);
      await alert(page, /rate: expected a number from 0/);
      await alert(page, /backward: expected fused, stepwise or autograd, got "sideways"/);
      await page.getByLabel('steps', { exact: true }).fill('2.5');
      await page.getByLabel('steps', { exact: true }).blur();
      await alert(page, /steps: expected a whole number from 1 to 10000000, got "2.5"/);
    });
  });
});

test('what is refused stays in its field until something else is there, the former value too', async () => {
  await opened(at({}), async (page) => {
    const [field, refused] = [
      (name: string) => page.locator(`.fields [name=${name}]`),
      page.locator('.fields .complaint'),
    ];
    const cases = { rate: 'fast', hidden: '0', eps: '-1', batch: '1', block: '999' };
    const former: string[] = [];
    for (const [name, text] of Object.entries(cases)) {
      former.push(await field(name).inputValue());
      await field(name).fill(text);
      await field(name).blur();
      expect(await field(name).inputValue()).toBe(text);
    }
    await expect.poll(() => refused.count()).toBe(5);
    for (const [i, name] of Object.keys(cases).entries()) {
      await field(name).fill(former[i]!);
      await field(name).blur();
    }
    await expect.poll(() => refused.count()).toBe(0);
  });
});

describe('a browser', () => {
  const troubles: readonly [string, () => void, RegExp][] = [
    [
      'forbids storage',
      () => {
        indexedDB.open = () => {
          throw new DOMException('', 'SecurityError');
        };
      },
      /keeps nothing here \(SecurityError\): save the training to a file/,
    ],
    [
      'is full',
      () => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('', 'QuotaExceededError');
        };
      },
      /storage is full.*delete a saved one/,
    ],
  ];
  test.each(troubles)('that %s says so, and trains all the same', async (_, before, said) => {
    await opened(
      at(quick),
      async (page) => {
        await press(page, 'Start');
        await isDone(page);
        await alert(page, said);
        expect((await savedFile(page)).length).toBeGreaterThan(1000);
      },
      { before },
    );
  });

  test('without WebAssembly says so', async () => {
    await opened(
      at(quick),
      async (page) => expect(await page.textContent('h1')).toBe("This browser can't run the lab"),
      {
        before: () => {
          Reflect.deleteProperty(globalThis, 'WebAssembly');
        },
      },
    );
  });

  test.each(['light', 'dark'] as const)(
    'that is narrow and %s shows a training that everyone can read',
    async (colorScheme) => {
      await opened(
        at({ ...quick, steps: 3000 }),
        async (page) => {
          await press(page, 'Start');
          await isDone(page);
          await page.locator('.uplot').waitFor();
          await page.getByText('How they became names').waitFor();
          expect(await violations(page)).toEqual([]);
          expect(await scrollsSideways(page)).toBe(false);
        },
        { colorScheme, viewport: { width: 360, height: 740 } },
      );
    },
  );
});
