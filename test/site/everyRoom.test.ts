// What holds in every room: everyone can read it, on any screen, without the network and without vectors.

import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { labAddress, opened, rooms, scrollsSideways, settled, site, violations } from './page.js';

describe('a page that', () => {
  const fails = (before: () => void) =>
    expect(opened('#/understand', (page) => page.waitForTimeout(200), { before })).rejects.toThrow();

  test('complains is seen', () => fails(() => console.error('a complaint')));
  test('throws is seen', () =>
    fails(() => {
      setTimeout(() => {
        throw new Error('thrown');
      });
    }));
  test('asks another host is seen', () => fails(() => void fetch('http://elsewhere.test/').catch(() => {})));
  test('runs what its policy refuses is seen', () =>
    fails(() => {
      addEventListener('DOMContentLoaded', () => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.ran = true';
        document.body.append(script);
      });
    }));
});

describe.each(rooms)('%s', (room) => {
  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('axe finds nothing, %s, at %i px', async (colorScheme, width) => {
    await opened(
      `#/${room}`,
      async (page) => {
        await settled(page);
        expect(await violations(page)).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 800 } },
    );
  });

  test('does not scroll sideways, from a phone to a wide screen', async () => {
    await opened(
      `#/${room}`,
      async (page) => {
        await settled(page);
        for (const width of [360, 768, 1440]) {
          await page.setViewportSize({ width, height: 800 });
          expect(await scrollsSideways(page), `${width} px`).toBe(false);
        }
      },
      { viewport: { width: 360, height: 800 } },
    );
  });

  test('stands still for those who ask for that', async () => {
    await opened(
      `#/${room}`,
      async (page) => {
        await settled(page);
        const moving = await page.evaluate(() => {
          const durations = (style: CSSStyleDeclaration) =>
            `${style.transitionDuration},${style.animationName === 'none' ? '0s' : style.animationDuration}`.split(',');
          return [...document.querySelectorAll('*')]
            .filter((element) =>
              durations(getComputedStyle(element)).some((duration) => Number.parseFloat(duration) > 0),
            )
            .map((element) => element.outerHTML.slice(0, 80));
        });
        expect(moving).toEqual([]);
      },
      { reducedMotion: 'reduce' },
    );
  });

  test('says its name, and its link is marked', async () => {
    await opened(`#/${room}`, async (page) => {
      const current = page.locator('nav [aria-current=page]');
      expect(await page.title()).toBe(`${await current.textContent()} · handgrad lab`);
      expect(await page.locator('h1').count()).toBe(1);
    });
  });
});

/** The files that a page has asked for, without what the browser asks for by itself. */
async function loadedBy(page: Page): Promise<string[]> {
  const asked = new Set<string>();
  const base = labAddress();
  page.context().on('request', (request) => asked.add(request.url().replace(base, '/').replace(/#.*/, '')));
  await page.reload();
  await settled(page);
  return [...asked].filter((path) => path !== '/icon.svg');
}

test('the first view loads at most 120 KB, gzipped, its worker included, and no word list', async () => {
  await opened('#/understand', async (page) => {
    await page.waitForSelector('.node');
    const paths = await loadedBy(page);
    expect(paths).toContainEqual(expect.stringMatching(/\/worker-.*\.js/));
    expect(paths).toContainEqual(expect.stringMatching(/\/strict-.*\.js/));
    expect(paths.filter((path) => path.includes('names'))).toEqual([]);
    const sizes = paths.map((path) => [path, gzipSync(site.get(path)!.bytes).length] as const);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(120_000);
  });
});

test('without vectors the page says so, and everyone can read it', async () => {
  await opened(
    '',
    async (page) => {
      expect(await page.textContent('main')).toMatch(/128-bit vectors \(SIMD\).*Chrome.*Firefox.*Safari/s);
      expect(await violations(page)).toEqual([]);
    },
    {
      before: () => {
        WebAssembly.validate = () => false;
      },
    },
  );
});

test('without scripts the page says so', () => {
  const noscript = new TextDecoder().decode(site.get('/')!.bytes);
  expect(noscript).toMatch(/<noscript>.*needs JavaScript/s);
});

test('the skip link is the first stop and leads to the room', async () => {
  await opened('#/understand', async (page) => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement!.textContent!.trim())).toBe('Skip to the room');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement!.id)).toBe('main');
  });
});

describe('what can not be taken of an address is said, and the nearest that can is shown', () => {
  test.each([
    ['#/nowhere', ['room: expected understand, write, train or proof, got "nowhere"'], '.detail'],
    ['#/understand?node=W2&cell=999999', ['cell: expected a whole number from 0 to 1727, got "999999"'], '.detail'],
    ['#/understand?cell=-1', ['cell: expected a whole number from 0 to 863, got "-1"'], '.detail'],
    ['#/understand?row=32', ['row: expected a whole number from 0 to 31, got "32"'], '.detail'],
    ['#/understand?step=x&side=left', ['side: expected value or gradient', 'step: expected a whole number'], '.detail'],
    ['#/understand?bnSeed=x', ['bn-seed: expected a whole number'], '.detail'],
    ['#/write?exercise=9', ['exercise: expected 1, 2, 3, 4 or notebook, got "9"'], '#cell-dlogprobs .editor'],
    ['#/write?cell=dfoo', ['cell: expected none, dlogprobs, '], '#cell-dlogprobs .editor'],
    ['#/write?eps=1', ['eps: expected 1e-5 or 1e5, got "1"'], '#cell-dlogprobs .editor'],
    ['#/train?words=mine', ['words: expected own, got "mine"'], '.names'],
    ['#/train?backward=up&speed=3', ['backward: expected fused', 'got "speed"'], '.names'],
    ['#/proof?from=x', ['from: expected module or dumps, got "x"'], '.module .editor'],
    [
      '#/proof?seed=x&dtype=float16',
      ['address: expected from or code, got "seed"', 'address: expected from or code, got "dtype"'],
      '.module .editor',
    ],
  ])('%s', async (hash, said, shown) => {
    await opened(hash, async (page) => {
      await page.waitForSelector(shown);
      await settled(page);
      const alerts = await page.getByRole('alert').allTextContents();
      const order = said.map((text) => expect.stringContaining(text));
      expect(alerts).toHaveLength(said.length);
      expect(alerts).toEqual(expect.arrayContaining(order));
      await page.locator('nav a').nth(1).click();
      await page.waitForSelector('.write');
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    });
  });

  test.each([
    '#/understand?node=W2&cell=130&eps=1e5&side=value&row=3&step=5',
    '#/write?exercise=3&eps=1e5',
    '#/write?cell=none',
    '#/train?hidden=64&steps=20000&rate=0.2&backward=stepwise',
    '#/proof?from=dumps',
  ])('%s can be taken', async (hash) => {
    await opened(hash, async (page) => {
      await settled(page);
      expect(await page.getByRole('alert').allTextContents()).toEqual([]);
    });
  });
});
