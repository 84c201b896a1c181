// The room Understand: what one presses, types and points at, and what the address keeps of it.

import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { standard } from '../../site/src/lab/settings.js';
import { opened, scrollsSideways, settled, violations } from './page.js';

const node = (page: Page, name: string) => page.locator('.node').filter({ has: page.getByText(name, { exact: true }) });
const heading = (page: Page) => page.locator('.detail h2').first();
const readout = (page: Page) => page.locator('.readout code');
const hash = (page: Page) => page.evaluate(() => location.hash);
const loss = (page: Page) => page.locator('.minibatch summary');

/** Opens the room with the model computed. */
const understand = (query: string, use: (page: Page) => Promise<void>) =>
  opened(`#/understand${query}`, async (page) => {
    await page.waitForSelector('.node');
    await use(page);
  });

test('the first view is the notebook’s model, with every gradient exact', async () => {
  await understand('', async (page) => {
    expect(await loss(page).textContent()).toMatch(/32 examples, loss 3\.3551/);
    expect(await page.locator('.node').count()).toBe(29);
    await settled(page);
    const shapes = await page.locator('.node-shape').allTextContents();
    const verdicts = shapes.flatMap((text) => text.split(' · ').slice(1));
    expect(verdicts).toHaveLength(26);
    expect(new Set(verdicts)).toEqual(new Set(['exact']));
    expect(await page.locator('.judged').textContent()).toContain('exact: True');
  });
});

test('a node opens its tensor, and going back closes it', async () => {
  await understand('', async (page) => {
    await node(page, 'dbnvar').click();
    await expect.poll(() => page.getAttribute('.detail', 'aria-label')).toBe('bnvar');
    expect(await hash(page)).toContain('node=bnvar');
    expect(await page.locator('.detail .sides').textContent()).toContain('dbnvar is [1, 64]');
    await page.getByRole('button', { name: 'value', exact: true }).click();
    expect(await page.locator('.detail .sides').textContent()).toContain('bnvar is [1, 64]');
    expect(await hash(page)).toContain('side=value');
    await page.goBack();
    await expect.poll(() => page.getAttribute('.detail', 'aria-label')).toBe('logits');
  });
});

test('steps: back, on, to a place, and played to the end', async () => {
  await understand('?step=45', async (page) => {
    const said = () => page.locator('.stepper output').textContent();
    expect(await said()).toBe('45 of 46: demb');
    await page.getByRole('button', { name: 'One step back' }).click();
    expect(await said()).toMatch(/^44 of 46/);
    await page.getByRole('button', { name: 'One step on' }).click();
    expect(await said()).toBe('45 of 46: demb');
    await page.getByRole('slider', { name: 'Step' }).fill('1');
    expect(await said()).toBe('1 of 46: emb');
    expect(await page.getAttribute('.detail', 'aria-label')).toBe('emb');
    expect(await page.locator('.node.unknown').count()).toBe(19);
    await page.getByRole('slider', { name: 'Step' }).fill('44');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(said).toMatch(/^46 of 46/);
    await expect.poll(() => page.locator('.play').textContent()).toBe('Play');
    expect(await hash(page)).not.toContain('step=');
  });
});

describe('settings', () => {
  test('a change computes the model anew, and the address has it', async () => {
    await understand('', async (page) => {
      const field = page.getByLabel('B examples');
      await field.fill('8');
      await field.press('Enter');
      await expect.poll(() => loss(page).textContent()).toContain('8 examples');
      expect(await hash(page)).toContain('batch=8');
      await page.getByRole('button', { name: '1e05, the notebook’s' }).click();
      await expect.poll(() => hash(page)).toContain('eps=1e5');
      await settled(page);
      await field.fill('32');
      await field.press('Enter');
      await expect.poll(() => loss(page).textContent()).toContain('loss 3.2777');
      expect(await hash(page)).not.toContain('batch');
    });
  });

  test.each([
    ['B examples', '1', 'B: expected a whole number from 2 to 256, got "1"'],
    ['B examples', '3.5', 'B: expected a whole number from 2 to 256, got "3.5"'],
    ['H hidden width', '', 'H: expected a whole number from 1 to 256, got ""'],
    ['eps epsilon', 'much', 'eps: expected a number from 1e-12 to 1000000000000, got "much"'],
  ])('%s %s is complained of, and the model stays', async (label, text, complaint) => {
    await understand('', async (page) => {
      const before = await loss(page).textContent();
      const field = page.getByLabel(label);
      await field.fill(text);
      await field.press('Enter');
      await expect.poll(() => page.getByRole('alert').allTextContents()).toEqual([complaint]);
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await violations(page)).toEqual([]);
      expect(await loss(page).textContent()).toBe(before);
      expect(await hash(page)).not.toContain('=');
    });
  });

  test('what is refused stays in its field until something else is there, the former value too', async () => {
    await understand('?seed=x', async (page) => {
      const set = async (label: string, text: string) => {
        await page.getByLabel(label).fill(text);
        await page.getByLabel(label).blur();
      };
      const alerts = () => page.getByRole('alert').count();
      expect(await page.getByLabel('seed').inputValue()).toBe('x');
      await set('seed', String(standard.seed));
      await expect.poll(alerts).toBe(0);
      await set('B examples', '0');
      await expect.poll(alerts).toBe(1);
      expect(await page.getByLabel('B examples').inputValue()).toBe('0');
      await set('B examples', '32');
      await expect.poll(alerts).toBe(0);
      await set('eps epsilon', '-1');
      await expect.poll(alerts).toBe(1);
      await page.getByRole('button', { name: '1e-5', exact: true }).click();
      await expect.poll(alerts).toBe(0);
      expect(await page.getByLabel('eps epsilon').inputValue()).toBe('1e-5');
      await set('H hidden width', '0');
      await expect.poll(alerts).toBe(1);
      await page.evaluate(() => location.assign('#/understand?hidden=8'));
      await expect.poll(alerts).toBe(0);
      expect(await page.getByLabel('H hidden width').inputValue()).toBe('8');
    });
  });

  test('of an address that can’t be are complained of, and the standard ones taken', async () => {
    await understand('?batch=many&hidden=8', async (page) => {
      expect(await page.getByRole('alert').allTextContents()).toEqual([
        'B: expected a whole number from 2 to 256, got "many"',
      ]);
      expect(await loss(page).textContent()).toContain('32 examples');
      expect(await node(page, 'dh').locator('.node-shape').textContent()).toContain('32×8');
    });
  });
});

test.each([
  ['node=absent', 'There is no tensor absent'],
  ['node=h&cell=-1', 'largest magnitude'],
  ['node=h&cell=99999999', 'largest magnitude'],
  ['node=h&cell=x&row=x&step=x&side=x', 'largest magnitude'],
  ['row=99999', 'largest magnitude'],
  ['%', 'largest magnitude'],
  ['node=constructor', 'There is no tensor constructor'],
  ['node=__proto__', 'There is no tensor __proto__'],
])('an address with %s does no harm', async (query, text) => {
  await understand(`?${query}`, async (page) => {
    expect(await page.locator('.side').textContent()).toContain(text);
  });
});

test('a link restores what was shown', async () => {
  let link = '';
  let shown: (string | null)[] = [];
  const looked = async (page: Page) => [
    await heading(page).textContent(),
    await readout(page).textContent(),
    await page.locator('.stepper output').textContent(),
    await page.locator('.push-and-pull h2').textContent(),
    await loss(page).textContent(),
  ];
  await understand('?hidden=16&seed=7', async (page) => {
    await page.getByRole('slider', { name: 'Step' }).fill('30');
    await node(page, 'dW2').click();
    await page.getByRole('button', { name: 'value', exact: true }).click();
    await page.locator('.examples button').nth(5).click();
    await page.focus('.heatmap');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    link = await hash(page);
    shown = await looked(page);
  });
  expect(shown[1]).toMatch(/^W2\[1, 1\] = /);
  await opened(link, async (page) => {
    await page.waitForSelector('.node');
    await expect.poll(() => looked(page)).toEqual(shown);
    expect(await hash(page)).toBe(link);
  });
});

test('arrow keys move over a heat map, and the number and its terms are read out', async () => {
  await understand('?node=W2', async (page) => {
    await page.focus('.heatmap');
    await page.keyboard.press('ArrowRight');
    expect(await readout(page).textContent()).toMatch(/^dW2\[0, 0\] = /);
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowUp'])
      await page.keyboard.press(key);
    expect(await readout(page).textContent()).toMatch(/^dW2\[1, 0\] = /);
    expect(await page.locator('.readout').getAttribute('aria-live')).toBe('polite');
    const terms = page.getByRole('region', { name: 'Terms of dW2[1, 0]' });
    expect(await terms.locator('caption').textContent()).toMatch(/^32 terms/);
    // Both are written in the page’s four digits.
    const number = (text: string) => Number(text.split('= ').at(-1)!.replace('−', '-'));
    const sum = number((await terms.locator('tfoot td').last().textContent())!);
    expect(sum).toBeCloseTo(number((await readout(page).textContent())!), 4);
    expect(await violations(page)).toEqual([]);
  });
});

test('the pointer reads a cell too', async () => {
  await understand('?node=emb', async (page) => {
    const box = (await page.locator('.heatmap').boundingBox())!;
    await page.mouse.move(box.x + box.width - 2, box.y + box.height - 2);
    await expect.poll(() => readout(page).textContent()).toMatch(/^demb\[31, 2, 9\] = /);
  });
});

test('the keyboard alone reaches everything', async () => {
  await understand('', async (page) => {
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement!;
        const label = element.closest('label')?.textContent ?? element.getAttribute('aria-label');
        return (label ?? element.textContent ?? '').trim();
      });
    const reached: string[] = [];
    for (let i = 0; i < 120 && !reached.includes('Skip to the room', 1); i++) {
      await page.keyboard.press('Tab');
      reached.push(await focused());
    }
    const said = reached.join('\n');
    for (const text of ['Understand', 'Write', 'B examples', 'seed', 'Play', 'One step back', 'Step', 'dlogits', 'dC'])
      expect(said).toContain(text);
    for (const text of ['value', 'gradient', 'the arrow keys choose a cell', 'Minibatch']) expect(said).toContain(text);

    await page.locator('.node', { hasText: 'dprobs' }).first().focus();
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('.detail', 'aria-label')).toBe('probs');
    await page.getByRole('slider', { name: 'Step' }).focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.stepper output').textContent()).toMatch(/^45 of 46/);
    await page.keyboard.press('Home');
    expect(await page.locator('.stepper output').textContent()).toBe('before the first step');
  });
});

test('a thumb opens a node on a small screen, and its text comes into view', async () => {
  await opened(
    '#/understand',
    async (page) => {
      await page.waitForSelector('.node');
      await node(page, 'dh').tap();
      await expect.poll(() => page.getAttribute('.detail', 'aria-label')).toBe('h');
      await expect
        .poll(() => page.locator('.detail').evaluate((element) => Math.round(element.getBoundingClientRect().top)))
        .toBeLessThan(200);
    },
    { viewport: { width: 360, height: 740 }, hasTouch: true },
  );
});

test.each(['C', 'hprebn', 'bnvar', 'loss'])('on a phone, everyone can read the text on %s', async (name) => {
  await opened(
    `#/understand?node=${name}&cell=0`,
    async (page) => {
      await page.waitForSelector('.derivation .formula');
      await settled(page);
      expect(await violations(page)).toEqual([]);
      expect(await scrollsSideways(page)).toBe(false);
    },
    { viewport: { width: 360, height: 740 } },
  );
});

test.each(['batch=2&hidden=1&embed=1&block=1', 'batch=256&hidden=256&embed=32&block=8', 'eps=1e12'])(
  'the smallest, the largest and the strangest model: %s',
  async (query) => {
    await understand(`?${query}`, async (page) => {
      await settled(page);
      for (const name of ['C', 'bnvar_inv', 'W1', 'probs', 'loss', 'Xb']) {
        for (const side of ['value', 'gradient']) {
          await page.evaluate((hash) => {
            location.hash = hash;
          }, `#/understand?${query}&node=${name}&side=${side}&cell=0`);
          await expect.poll(() => page.getAttribute('.detail', 'aria-label')).toBe(name);
          await expect.poll(() => readout(page).textContent()).toContain(name);
          expect(await page.locator('.side').innerText()).not.toMatch(/NaN|undefined|\[object|∞/);
          expect(await page.getByRole('alert').count()).toBe(0);
        }
      }
    });
  },
);

test('of settings that follow each other quickly the last one counts', async () => {
  await understand('', async (page) => {
    await page.evaluate(() => {
      for (const batch of [200, 100, 50, 9]) {
        history.replaceState(null, '', `#/understand?batch=${batch}`);
        dispatchEvent(new HashChangeEvent('hashchange'));
      }
    });
    await expect.poll(() => loss(page).textContent()).toContain('9 examples');
    await settled(page);
    expect(await loss(page).textContent()).toContain(': 9 examples');
    expect(await page.locator('.judged').textContent()).toContain('exact');
  });
});

test('where the worker can’t be loaded, the page says so', async () => {
  await opened(
    '#/write',
    async (page) => {
      await page.route('**/assets/worker-*.js', (route) => route.abort());
      await page.click('nav a[href^="#/understand"]');
      await page.reload();
      await expect.poll(() => page.getByRole('alert').allTextContents()).toEqual([expect.stringMatching(/worker/)]);
      expect(await page.locator('.understand').textContent()).not.toContain('Computing…');
    },
    { offline: true },
  );
});
