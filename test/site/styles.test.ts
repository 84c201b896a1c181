// A room looks the same whatever rooms were open before it.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';
import { opened, rooms, scrollsSideways, settled } from './page.js';

const ready: Readonly<Record<(typeof rooms)[number], string>> = {
  understand: '.detail .heatmap',
  write: '.write .editor',
  train: '.train .names li',
  proof: '.report .chain',
};

async function enter(page: Page, room: (typeof rooms)[number]): Promise<void> {
  await page.evaluate((room) => location.assign(`#/${room}`), room);
  await page.waitForSelector(ready[room]);
  await settled(page);
}

/** The layouts that elements have, by their tags and classes and those around them. */
const layouts = (page: Page): Promise<Record<string, string[]>> =>
  page.evaluate(() => {
    const found: Record<string, string[]> = {};
    for (const element of document.querySelectorAll('main, main *:not(svg *, math *, canvas)')) {
      const style = getComputedStyle(element);
      const layout = [
        style.display,
        style.flexDirection,
        style.gap,
        style.margin,
        style.padding,
        style.fontSize,
        style.fontFamily,
        style.textAlign,
        style.listStyleType,
        style.columnCount,
      ].join('; ');
      const kind = [element.parentElement!, element]
        .map((one) => `${one.tagName}.${one.getAttribute('class')}`)
        .join(' > ');
      found[kind] = [...new Set([...(found[kind] ?? []), layout])];
    }
    return found;
  });

test.each(rooms)('%s, after all others', async (room) => {
  await opened(
    `#/${room}`,
    async (page) => {
      await enter(page, room);
      const fresh = await layouts(page);
      for (const other of rooms) await enter(page, other);
      await enter(page, room);
      const later = await layouts(page);
      for (const [kind, of] of Object.entries(later)) {
        if (fresh[kind] !== undefined) expect(fresh[kind], kind).toEqual(expect.arrayContaining(of));
      }
      expect(await scrollsSideways(page)).toBe(false);
    },
    { viewport: { width: 360, height: 800 } },
  );
});

test.each([
  ['train/train.css', 'train'],
  ['proof/style.css', 'own-proof'],
])('every selector of %s is of its room alone', (path, root) => {
  const sheet = readFileSync(projectUrl(`site/src/${path}`), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
  const selectors = [...sheet.matchAll(/([^{};]+)\{/g)].flatMap(([, list]) => list!.trim().split(/,\s*/));
  const foreign = selectors.filter(
    (one) => !one.startsWith('@') && !new RegExp(`^(:where\\()?\\.${root}\\b`).test(one),
  );
  // The frame in which modules run hangs on the body.
  expect(foreign.filter((one) => one !== 'iframe.sandbox')).toEqual([]);
});
