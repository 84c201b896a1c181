// The page of a report in a real browser: what it loads, whether everyone can read it, and the cursor over its heat maps.

import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prove } from '../../src/proof/prove.js';
import type { ProofReport } from '../../src/proof/report.js';
import { reportHtml } from '../../src/report.js';
import { findBrowser } from '../support/browser.js';
import { projectUrl } from '../support/fixture.js';
import { hg } from '../support/handgrad.js';
import { notebook, withBackward } from './functions.js';

const found = await findBrowser();
const axe = readFileSync(projectUrl('node_modules/axe-core/axe.min.js'), 'utf8');

const written = notebook({ B: 12, V: 9, E: 4, T: 3, H: 10 });
const proved = (from: string, to: string): ProofReport =>
  prove(hg, withBackward(written, written.backward.replace(from, to)));

const wrong = proved('t.counts_sum.pow(-2).neg()', 't.counts_sum.pow(-2)');
const pages = {
  right: reportHtml(proved('', '')),
  wrong: reportHtml(wrong),
  misshapen: reportHtml(proved('d.b2 = d.logits.sum(0);', 'd.b2 = d.logits;')),
  unclaimed: reportHtml(proved('d.bngain =', 't.unused =')),
};

/** Long names, and a layer of many nodes. */
const inputs = Array.from({ length: 30 }, (_, i) => `${'a_rather_long_name_of_an_input'.repeat(i % 4)}${i}`);
const broad = reportHtml({
  ...JSON.parse(JSON.stringify(wrong)),
  name: 'x'.repeat(300),
  chain: [{ name: 'loss', from: inputs, operation: 'sum' }],
  gradients: inputs.map((name, i) => ({
    ...wrong.gradients[i % 26]!,
    name,
    notes: [`${'long'.repeat(100)}`],
    diagnosis: { kind: 'sign', text: 'y'.repeat(200) },
  })),
});

/** Nothing may be loaded, by policy too. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
const url = 'http://report.test/';

describe.skipIf(found === undefined)('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(found!.launchOptions);
  });
  afterAll(() => browser?.close());

  /** Opens a page, lets `use` look at it, and sees that it has loaded nothing and complained of nothing. */
  async function opened(
    html: string,
    use: (page: Page) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> {
    const context: BrowserContext = await browser.newContext(options);
    try {
      const page = await context.newPage();
      const seen: string[] = [];
      context.on('request', (request) => {
        if (request.url() !== url && !request.url().startsWith('data:')) seen.push(`a request to ${request.url()}`);
      });
      page.on('console', (message) => seen.push(message.text()));
      page.on('pageerror', ({ message }) => seen.push(message));
      await context.route('**', (route) =>
        route.fulfill({ body: html, contentType: 'text/html', headers: { 'Content-Security-Policy': policy } }),
      );
      await page.goto(url);
      await use(page);
      expect(seen).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const openAll = (page: Page) => page.click('text=Open all');
  const readout = (page: Page, section: string) =>
    page.evaluate((id) => document.querySelector(`#${id} .readout`)!.textContent!.replace(/\s+/g, ' '), section);
  const idOf = (name: string) => `g${wrong.gradients.findIndex((gradient) => gradient.name === name)}`;
  const valuesOf = (name: string, place: number) => {
    const { candidate, reference } = wrong.values.get(name)!;
    const shown = (value: number) => String(Number(value.toPrecision(7))).replaceAll('-', '−');
    return `candidate ${shown(candidate!.data[place]!)} reference ${shown(reference.data[place]!)} difference`;
  };

  test('a page that loads something is seen', async () => {
    await expect(opened('<img src="http://elsewhere.test/x.png">', async () => {})).rejects.toThrow();
  });

  test.each(
    Object.keys(pages).flatMap((name) => [
      [name, 'light'],
      [name, 'dark'],
    ]) as [keyof typeof pages, 'light' | 'dark'][],
  )('axe finds nothing in %s, %s, with all sections open', { timeout: 120_000 }, async (name, colorScheme) => {
    await opened(
      pages[name],
      async (page) => {
        await openAll(page);
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          };
          const result = await axe.run();
          return result.violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
          );
        });
        expect(violations).toEqual([]);
      },
      { colorScheme },
    );
  });

  test.each([360, 700, 1024, 1920])('does not scroll sideways at %i px', async (width) => {
    for (const html of [...Object.values(pages), broad]) {
      await opened(
        html,
        async (page) => {
          await openAll(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        },
        { viewport: { width, height: 800 } },
      );
    }
  });

  test('arrow keys move over the cells, and what is there is read out', async () => {
    await opened(pages.wrong, async (page) => {
      const id = idOf('W2');
      await page.click(`#${id} summary`);
      await page.focus(`#${id} .map-row`);
      const row = page.locator(`#${id} .map-row`);
      for (let i = 0; i < 30; i++) await row.press('ArrowLeft');
      for (let i = 0; i < 30; i++) await row.press('ArrowUp');
      expect(await readout(page, id)).toContain(`[0, 0] ${valuesOf('W2', 0)}`);
      await row.press('ArrowRight');
      await row.press('ArrowDown');
      await row.press('ArrowDown');
      expect(await readout(page, id)).toContain(`[2, 1] ${valuesOf('W2', 2 * 9 + 1)}`);
      await row.press('End');
      expect(await readout(page, id)).toContain(`[2, 8] ${valuesOf('W2', 2 * 9 + 8)}`);
      await row.press('ArrowRight');
      expect(await readout(page, id)).toContain('[2, 8]');
      await row.press('Escape');
      const { index } = wrong.gradients.find(({ name }) => name === 'W2')!.worst!;
      expect(await readout(page, id)).toContain(`[${index.join(', ')}]`);
      // One cursor in each of the three maps, and a live region that reads.
      expect(await page.locator(`#${id} .cursor[visibility=visible]`).count()).toBe(3);
      expect(await page.getAttribute(`#${id} .readout`, 'aria-live')).toBe('polite');
    });
  });

  test('so do the pointer and a finger', async () => {
    const id = idOf('W2');
    await opened(
      pages.wrong,
      async (page) => {
        await page.click(`#${id} summary`);
        const map = page.locator(`#${id} .map`).nth(1);
        const box = (await map.boundingBox())!;
        const cell = (row: number, column: number) =>
          ({ x: ((column + 0.5) * box.width) / 9, y: ((row + 0.5) * box.height) / 10 }) as const;
        await map.hover({ position: cell(3, 4) });
        expect(await readout(page, id)).toContain(`[3, 4] ${valuesOf('W2', 3 * 9 + 4)}`);
        await map.tap({ position: cell(9, 0) });
        expect(await readout(page, id)).toContain(`[9, 0] ${valuesOf('W2', 9 * 9)}`);
      },
      { hasTouch: true },
    );
  });

  test('a node of the chain opens the section of its gradient', async () => {
    await opened(pages.wrong, async (page) => {
      await page.click(`a.node[href="#${idOf('hpreact')}"]`);
      await page.waitForFunction((id) => document.querySelector<HTMLDetailsElement>(`#${id}`)!.open, idOf('hpreact'));
      await page.click('text=Close all');
      expect(await page.locator('details[open]').count()).toBe(0);
    });
  });

  test('what is open is on paper, and light', async () => {
    await opened(
      pages.wrong,
      async (page) => {
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        const isShown = (name: string) =>
          page
            .locator(`#${idOf(name)} .map`)
            .first()
            .isVisible();
        expect([await isShown('counts_sum'), await isShown('C')]).toEqual([true, false]);
        expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
        expect((await page.pdf()).length).toBeGreaterThan(10_000);
      },
      { colorScheme: 'dark' },
    );
  });

  test('without scripts the numbers and the pictures are there', async () => {
    await opened(
      pages.wrong,
      async (page) => {
        expect(await page.locator('.gradients tbody tr').count()).toBe(26);
        expect(
          await page
            .locator(`#${idOf('counts_sum')} .map`)
            .first()
            .isVisible(),
        ).toBe(true);
        expect(await page.locator('text=Open all').isVisible()).toBe(false);
      },
      { javaScriptEnabled: false },
    );
  });
});
