// Several tabs that have the same thing open: whatever is written in one of them is lost in none.

import fc from 'fast-check';
import type { BrowserContext, Page } from 'playwright';
import { afterEach, expect, test, vi } from 'vitest';
import { readJson, readOthers, recordOf, SharedTexts } from '../../site/src/sharedTexts.js';
import { opened } from './page.js';

afterEach(() => vi.unstubAllGlobals());

const names = ['a', 'b'];

/** Tabs that share a storage, each of which hears of changes when it is told to. */
function tabs(count: number): { shared: SharedTexts<readonly string[]>; hear(): void }[] {
  const storage = new Map<string, string>();
  const listeners: ((event: object) => void)[] = [];
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, text: string) => storage.set(key, text),
  });
  vi.stubGlobal('addEventListener', (_: string, listener: (event: object) => void) => listeners.push(listener));
  const format = {
    read(text: string | null) {
      const { texts, others, rest } = recordOf(readJson(text));
      const given = recordOf(texts);
      return {
        texts: Object.fromEntries(names.map((name) => [name, String(given[name] ?? '')])),
        others: readOthers(others, names),
        rest: (rest ?? []) as readonly string[],
      };
    },
    write: JSON.stringify,
  };
  return Array.from({ length: count }, (_, i) => {
    const shared = new SharedTexts('test', format);
    return { shared, hear: () => listeners[i]!({ key: 'handgrad.test' }) };
  });
}

const tab = fc.nat(2);
const action = fc.oneof(
  fc.record({ tab, name: fc.constantFrom(...names), rest: fc.boolean() }),
  fc.record({ tab, hears: fc.constant(true) }),
);

test('what a tab has written last is kept, whatever the others write and whenever they hear of it', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      const all = tabs(3);
      const written = new Map<string, string>();
      const rests: string[] = [];
      for (const [i, act] of actions.entries()) {
        const { shared, hear } = all[act.tab]!;
        if ('hears' in act) {
          hear();
          continue;
        }
        written.set(`${act.tab} ${act.name}`, `text ${i}`);
        if (act.rest) rests.push(`rest ${i}`);
        shared.write({ [act.name]: `text ${i}` }, (rest) => (act.rest ? [...rest, `rest ${i}`] : rest));
      }
      for (const { hear } of [...all, ...all]) hear();
      for (const [place, text] of written) {
        const [writer, name] = place.split(' ') as [string, string];
        for (const [i, { shared }] of all.entries()) {
          const { texts, others } = shared.shown.value;
          if (String(i) === writer) expect(texts[name]).toBe(text);
          expect([texts[name], ...others[name]!]).toContain(text);
        }
      }
      for (const { shared } of all) expect(shared.shown.value.rest).toEqual(rests);
    }),
  );
});

test('what a tab has written that was closed since is kept where another had not heard of it', () => {
  const [a, b] = tabs(2) as [ReturnType<typeof tabs>[0], ReturnType<typeof tabs>[0]];
  a.shared.write({ a: 'of a' });
  b.shared.write({ a: 'of b' });
  expect(b.shared.shown.value).toMatchObject({ texts: { a: 'of b' }, others: { a: ['of a'] } });
});

test('what is dropped is gone, and what is taken is no longer offered', () => {
  const [a, b] = tabs(2) as [ReturnType<typeof tabs>[0], ReturnType<typeof tabs>[0]];
  const hear = () => {
    for (const one of [a, b, a, b]) one.hear();
  };
  a.shared.write({ a: 'of a' });
  b.shared.write({ a: 'of b' });
  hear();
  expect(a.shared.shown.value).toMatchObject({ texts: { a: 'of a' }, others: { a: ['of b'] } });
  expect(b.shared.shown.value).toMatchObject({ texts: { a: 'of b' }, others: { a: ['of a'] } });
  a.shared.drop('a', 'of b');
  expect(a.shared.shown.value).toMatchObject({ texts: { a: 'of a' }, others: { a: [] } });
  hear();
  expect(a.shared.shown.value.others.a).toEqual([]);
  b.shared.write({ a: 'of a' });
  hear();
  for (const { shared } of [a, b])
    expect(shared.shown.value).toMatchObject({ texts: { a: 'of a' }, others: { a: [] } });
});

const type = async (page: Page, label: string, text: string): Promise<void> => {
  await page.getByLabel(label, { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
};

/** Opens the same room in two tabs. */
const twice = (hash: string, use: (a: Page, b: Page, context: BrowserContext) => Promise<void>) =>
  opened(hash, async (a, context) => {
    const b = await context.newPage();
    await b.goto(a.url());
    await b.waitForSelector('.editor .cm-content');
    await use(a, b, context);
  });

const other = (page: Page) => page.getByRole('region', { name: 'Written in another tab' }).locator('pre');

test('cells of an exercise that two tabs write are all kept, and of one that both write each tab offers the other’s', async () => {
  await twice('#/write', async (a, b) => {
    await type(a, 'Python for dlogprobs', 'dlogprobs = 1');
    await expect.poll(() => b.getByLabel('Python for dlogprobs').textContent()).toBe('dlogprobs = 1');
    await b.locator('#cell-dprobs .cell-head').click();
    await type(b, 'Python for dprobs', 'dprobs = 2');
    const kept = () => a.evaluate(() => JSON.parse(localStorage.getItem('handgrad.write.1')!).cells);
    await expect.poll(kept).toMatchObject({ dlogprobs: 'dlogprobs = 1', dprobs: 'dprobs = 2' });
    await b.locator('#cell-dlogprobs .cell-head').click();
    await type(b, 'Python for dlogprobs', 'dlogprobs = 3');
    await expect.poll(() => other(a).allTextContents()).toEqual(['dlogprobs = 3']);
    await expect.poll(() => other(b).allTextContents()).toEqual(['dlogprobs = 1']);
    expect(await a.getByLabel('Python for dlogprobs').textContent()).toBe('dlogprobs = 1');
    await a.reload();
    await expect.poll(() => other(a).allTextContents()).toEqual(['dlogprobs = 1']);
    await a.getByRole('button', { name: 'Take this instead' }).click();
    await expect.poll(() => a.getByLabel('Python for dlogprobs').textContent()).toBe('dlogprobs = 1');
  });
});

test('cells of the notebook that two tabs add, write and remove', async () => {
  await twice('#/write?exercise=notebook', async (a, b) => {
    const texts = (page: Page) => page.locator('.notebook .cm-content').allTextContents();
    for (const [page, text] of [
      [a, 'of_a = 1'],
      [b, 'of_b = 1'],
    ] as const) {
      await page.getByRole('button', { name: 'Add a cell' }).click();
      await page.waitForFunction(() => document.activeElement?.classList.contains('editor'));
      await page.keyboard.insertText(text);
    }
    for (const page of [a, b])
      await expect.poll(async () => (await texts(page)).slice(-2)).toEqual(['of_a = 1', 'of_b = 1']);
    await b.getByRole('button', { name: 'Remove cell 9' }).click();
    await expect.poll(async () => (await texts(a)).at(-1)).toBe('of_b = 1');
    await expect.poll(async () => (await texts(a)).length).toBe(9);
    await a.getByRole('button', { name: 'Restore it' }).click();
    await expect.poll(async () => (await texts(b)).slice(-2)).toEqual(['of_a = 1', 'of_b = 1']);
  });
});

test('the modules that two tabs write are both kept', async () => {
  await twice('#/proof', async (a, b) => {
    const opens = (page: Page, code: string) =>
      page
        .getByLabel('Open a file')
        .setInputFiles({ name: 'own.mjs', mimeType: 'text/javascript', buffer: Buffer.from(code) });
    const label = 'The module to be proved, in JavaScript';
    await opens(a, 'export default 1');
    await expect.poll(() => b.getByLabel(label).textContent()).toBe('export default 1');
    await opens(b, 'export default 2');
    await expect.poll(() => other(a).allTextContents()).toEqual(['export default 2']);
    expect(await a.getByLabel(label).textContent()).toBe('export default 1');
    await a.getByRole('button', { name: 'Take this instead' }).click();
    await expect.poll(() => a.getByLabel(label).textContent()).toBe('export default 2');
    await expect.poll(() => other(a).count()).toBe(0);
    await a.getByRole('button', { name: 'Put back what was here' }).click();
    await expect.poll(() => a.getByLabel(label).textContent()).toBe('export default 1');
  });
});
