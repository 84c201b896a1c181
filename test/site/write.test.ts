// The room Write: right and wrong answers, what is asked for on the way, links, and cells of a notebook.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { packed } from '../../site/src/parts/packed.js';
import { init, parseWords } from '../../src/index.js';
import { batchNormInOneGo, crossEntropyInOneGo, judge, operationByOperation } from '../../src/lesson.js';
import { mistakes } from '../lesson/mistakes.js';
import { projectUrl } from '../support/fixture.js';
import { opened, scrollsSideways, violations } from './page.js';

const standing = (page: Page) => page.locator('.standing');
const cell = (page: Page, name: string) => page.locator(`#cell-${name}`);
const editor = (page: Page, name: string) => page.getByLabel(`Python for ${name}`);

/** The solutions of exercise 1, with `replaced` in place of some. */
const cells = (replaced: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  ...Object.fromEntries(operationByOperation.map(({ name, python }) => [name, python])),
  ...replaced,
});

/** Opens the room with an exercise that has been worked on before. */
async function write(
  query: string,
  progress: object | null,
  use: (page: Page) => Promise<void>,
  options: Parameters<typeof opened>[2] = {},
): Promise<void> {
  await opened(
    '#/train',
    async (page) => {
      const text = JSON.stringify({ cells: {}, skipped: [], hints: {}, ...progress });
      if (progress !== null) await page.evaluate((text) => localStorage.setItem('handgrad.write.1', text), text);
      await page.evaluate((query) => location.assign(`?again#/write${query}`), query);
      await page.waitForSelector('.write');
      await use(page);
    },
    options,
  );
}

/** Replaces the text of an editor. */
async function type(page: Page, name: string, text: string): Promise<void> {
  await editor(page, name).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

test('the solutions of all 26 gradients are right, and one that is typed too', async () => {
  await write('?cell=dC', { cells: cells({ dC: '' }) }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; next: dC');
    await editor(page, 'dC').click();
    // A key at a time, as fast as they come: nothing that is typed is lost or typed twice.
    await page.keyboard.type(
      'dC = torch.zeros_like(C)\nfor k in range(batch_size):\nfor j in range(block_size):\ndC[Xb[k, j]] += demb[k, j]',
    );
    await expect.poll(() => standing(page).textContent()).toContain('26 of 26 right; nothing is left');
    expect(await editor(page, 'dC').textContent()).toContain('dC[Xb[k, j]] += demb[k, j]');
  });
});

test('each gradient that is wrong is found, with what is wrong with it', async () => {
  const hg = await init();
  const words = parseWords(readFileSync(projectUrl('names.txt'), 'utf8'));
  const first = operationByOperation.map(({ of }) => mistakes.find((one) => one.of === of && one.root === of)!);
  await write('?cell=none', { cells: cells() }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('26 of 26 right');
    for (const { of, python } of first.filter(Boolean)) {
      const name = `d${of}`;
      const source = Object.values(cells({ [name]: python })).join('\n');
      const said = judge(hg, source, { words, eps: 1e-5 }).lines.findLast((line) => line.name === name)!;
      await page.locator(`#cell-${name} .cell-head`).click();
      await type(page, name, python);
      await expect.poll(() => cell(page, name).locator('.findings .wrong').count(), { message: name }).toBe(1);
      const text = await cell(page, name).locator('.findings').textContent();
      if (said.diagnosis !== null) expect(text, name).toContain(said.diagnosis.text);
      expect(await standing(page).textContent(), name).toContain('25 of 26 right');
      await type(page, name, cells()[name]!);
      await expect.poll(() => standing(page).textContent(), { message: name }).toContain('26 of 26 right');
      await page.locator(`#cell-${name} .cell-head`).click();
    }
  });
}, 120_000);

test('an alias that is changed later: both lines are named', async () => {
  const aliased = { dhprebn: 'dhprebn = dbndiff\ndhprebn += (1/batch_size) * torch.ones_like(hprebn) * dbnmeani' };
  await write('?cell=dhprebn', { cells: cells(aliased) }, async (page) => {
    await expect
      .poll(() => cell(page, 'dhprebn').locator('.findings').textContent())
      .toMatch(/dbndiff.*written on line \d+, and changed on line \d+/s);
  });
});

test('a sum that drops its axis is blamed where a later gradient takes its shape from it, and nowhere else', async () => {
  const dropped = { dcounts_sum_inv: 'dcounts_sum_inv = (counts * dprobs).sum(1)' };
  await write('?cell=dcounts_sum_inv', { cells: cells(dropped) }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; next: dcounts_sum_inv');
    const said = await cell(page, 'dcounts_sum_inv').locator('.findings').textContent();
    expect(said).toMatch(/shape \[32\], expected \[32, 1\], so that dcounts_sum gets a wrong shape; keepdim=True/);
    expect(await cell(page, 'dcounts_sum').textContent()).toContain('exact');
  });
  const apart = { db2: 'db2 = dlogits.sum(0, keepdim=True)', dbngain: 'dbngain = bnraw * dhpreact' };
  await write('?cell=dbngain', { cells: cells(apart) }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; next: dbngain');
    expect(await cell(page, 'db2').textContent()).toContain('exact: the same bits as autograd; but see');
  });
});

test('a number in place of a tensor is said in its own cell, and nothing stands before the word error', async () => {
  await write('?cell=dlogit_maxes', { cells: cells({ dlogit_maxes: 'dlogit_maxes = 0' }) }, async (page) => {
    await expect
      .poll(() => cell(page, 'dlogit_maxes').locator('.findings').textContent())
      .toMatch(/^error: expected dlogit_maxes to be a tensor of floats/);
    expect(await standing(page).textContent()).toContain('25 of 26 right; next: dlogit_maxes');
  });
});

test('a cell that writes another name says so, and one that writes many stands for them all', async () => {
  await write('', { cells: { dlogprobs: 'dlogprob = torch.zeros_like(logprobs)' } }, async (page) => {
    expect(await cell(page, 'dlogprobs').textContent()).toContain('no line of this writes dlogprobs yet');
    await type(page, 'dlogprobs', 'dlogprobs = logprobs.grad');
    await expect
      .poll(() => cell(page, 'dlogprobs').locator('.findings').textContent())
      .toMatch(/^dlogprobs, undecided: taken from \.grad/);
    await type(page, 'dlogprobs', Object.values(cells()).join('\n'));
    await expect.poll(() => standing(page).textContent()).toContain('26 of 26 right; nothing is left');
    expect(await cell(page, 'dC').textContent()).toContain('exact');
    await cell(page, 'dlogprobs').getByRole('link', { name: 'Where it comes from' }).click();
    await page.getByRole('heading', { name: /^logprobs/ }).waitFor();
  });
});

test('the gradient that is next is opened from the standing, and the forward pass is there to be read', async () => {
  await write('?cell=none', { cells: cells({ dbnraw: '' }) }, async (page) => {
    await standing(page).getByRole('button', { name: 'dbnraw' }).click();
    await page.waitForFunction(() => document.activeElement?.closest('#cell-dbnraw') !== null);
    expect(await cell(page, 'dbnraw').textContent()).toContain('shape [32, 64]');
    await page.getByText('The forward pass').click();
    expect(await page.locator('.forward').innerText()).toMatch(/n_hidden = 64.*h = torch\.tanh\(hpreact\)/s);
  });
});

test('hints come one at a time, then the solution', async () => {
  await write('', {}, async (page) => {
    for (const ask of [/which rule/, /which shapes/, /with a hole/, /Show the solution/]) {
      await cell(page, 'dlogprobs').getByRole('button', { name: ask }).click();
    }
    const help = await cell(page, 'dlogprobs').locator('.help').textContent();
    for (const hint of operationByOperation[0]!.hints) expect(help).toContain(hint);
    await page.getByRole('button', { name: 'Put it into the cell' }).click();
    await expect.poll(() => standing(page).textContent()).toContain('1 of 26 right; next: dprobs');
  });
});

test('one goes on with the true value, and what can not run says why', async () => {
  await write('?cell=dcounts_sum_inv', { cells: { dcounts_sum_inv: cells().dcounts_sum_inv } }, async (page) => {
    await expect.poll(() => cell(page, 'dcounts_sum_inv').locator('.findings').textContent()).toContain('dprobs');
    await page.locator('#cell-dprobs .cell-head').click();
    await cell(page, 'dprobs').getByRole('button', { name: 'Go on with the true value' }).click();
    await expect.poll(() => standing(page).textContent()).toContain('1 of 26 right');
    expect(await cell(page, 'dprobs').textContent()).toContain('the true value is used');
  });
});

test('one that is stuck goes on with the true value too, and what was begun stays', async () => {
  await write('?cell=dprobs', { cells: cells({ dprobs: 'dprobs = probs' }) }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; next: dprobs');
    await cell(page, 'dprobs').getByRole('button', { name: 'Go on with the true value' }).click();
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; nothing is left');
    expect(await cell(page, 'dprobs').textContent()).toContain('the true value is used');
    expect(await editor(page, 'dprobs').textContent()).toContain('dprobs = probs');
  });
});

test.each([
  ['a loop without an end', 'while True:\n    pass', /ends within/],
  ['a shape that does not fit', 'dprobs = 1.0/probs * dlogprobs.sum(1)', /shape/],
  ['an unknown name', 'dprobs = 1.0/prob * dlogprobs', /nearest is probs/],
  ['what is no Python', 'dprobs = = 1', /line|expected/],
  ['a huge paste', `dprobs = ${'1.0 + '.repeat(20_000)}1.0/probs`, /expected/],
])('%s is said in its cell', async (_, code, message) => {
  await write('?cell=dprobs', { cells: cells({ dprobs: code }) }, async (page) => {
    await expect.poll(() => cell(page, 'dprobs').locator('.findings .error').textContent()).toMatch(message);
  });
});

test('exercises 2 and 3 take what they begin with from exercise 1', async () => {
  for (const [exercise, { name, python }] of [
    ['2', crossEntropyInOneGo],
    ['3', batchNormInOneGo],
  ] as const) {
    await write(`?exercise=${exercise}`, null, async (page) => {
      expect(await page.getByRole('button', { name: 'Go on with the true value' }).count()).toBe(0);
      await type(page, name, python);
      await expect.poll(() => standing(page).textContent()).toContain('1 of 1 right');
      expect(await cell(page, name).textContent()).toContain('right: what differs is rounding');
    });
  }
});

test('a link carries what was written; one that is damaged says so', async () => {
  let link = '';
  await write('', { cells: { dlogprobs: cells().dlogprobs } }, async (page) => {
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: { writeText: async (text: string) => Object.assign(globalThis, { text }) },
      });
    });
    await page.getByRole('button', { name: 'Copy a link' }).click();
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as { text?: string }).text)).toMatch(/work=/);
    await page.getByText('The link is in the clipboard').waitFor();
    link = new URL((await page.evaluate(() => (globalThis as unknown as { text: string }).text))!).hash;
  });
  await opened(link, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('1 of 26 right');
    expect(await page.evaluate(() => location.hash)).not.toContain('work=');
  });
  const damaged = [link.slice(0, -5).replace(/^.*work=/, ''), 'abc', '***', '%', await packed('3')];
  for (const letters of damaged) {
    await opened(`#/write?work=${letters}`, async (page) => {
      await expect
        .poll(() => standing(page).textContent(), { message: letters })
        .toContain('The link could not be read: it is incomplete or damaged: copy the whole of it');
    });
  }
});

test('of what is kept or comes by a link, what is unknown is left out', async () => {
  const damaged = {
    cells: { dlogprobs: cells().dlogprobs, nope: 'x', dprobs: 3 },
    skipped: ['nope', 'dcounts', 4],
    hints: { dprobs: 'many', dlogprobs: -1, nope: 1 },
    others: { dlogprobs: 'x', nope: ['y'] },
  };
  await write('', damaged, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('1 of 26 right; next: dprobs');
    await page.getByRole('button', { name: 'which rule' }).waitFor();
    expect(await page.locator('#cell-dcounts').textContent()).toContain('the true value is used');
    expect(await page.getByRole('alert').count()).toBe(0);
  });
  const link = await packed(JSON.stringify(damaged));
  await opened(`#/write?work=${link}`, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('1 of 26 right; next: dprobs');
  });
  for (const nothing of ['null', '3', '[]', '{"cells":null}', '{']) {
    await opened('#/train', async (page) => {
      await page.evaluate((text) => localStorage.setItem('handgrad.write.1', text), nothing);
      await page.evaluate(() => location.assign('?again#/write'));
      await expect.poll(() => standing(page).textContent()).toContain('0 of 26 right');
    });
  }
  await notebook(['x = 1', 3 as unknown as string], async (page) => {
    await expect.poll(() => page.locator('.notebook .cm-content').allTextContents()).toEqual(['x = 1']);
  });
});

test('a notebook runs cell after cell, and says where one fails', async () => {
  await write('?exercise=notebook', null, async (page) => {
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect
      .poll(async () => (await page.locator('.notebook pre').allTextContents()).join('\n'))
      .toMatch(/dhprebn +\| exact: (True|False)/);
    const printed = (await page.locator('.notebook pre').allTextContents()).join('\n');
    expect(printed.match(/exact: True /g)).toHaveLength(26);
    expect(printed.match(/approximate: True/g)).toHaveLength(28);
    await page.getByLabel('Cell 2', { exact: true }).click();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText('X = 1\nclass A: pass');
    await page.keyboard.press('ControlOrMeta+Enter');
    await expect.poll(() => page.locator('.notebook .cell-to-write').nth(1).textContent()).toMatch(/line 2: .*class/);
  });
});

const notebookCell = (page: Page, number: number) => page.locator('.notebook .cell-to-write').nth(number - 1);

/** Replaces the text of a cell of the notebook. */
async function typeCell(page: Page, number: number, text: string): Promise<void> {
  await page.getByLabel(`Cell ${number}`, { exact: true }).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** Opens the notebook with these cells. */
const notebook = (texts: readonly string[], use: (page: Page) => Promise<void>) =>
  opened('#/train', async (page) => {
    await page.evaluate((text) => localStorage.setItem('handgrad.write.notebook', text), JSON.stringify(texts));
    await page.evaluate(() => location.assign('?again#/write?exercise=notebook'));
    await page.waitForSelector('.notebook');
    await use(page);
  });

test('one cell of the notebook runs by its button or by Shift+Enter, with what has run before', async () => {
  await notebook(['x = 1', 'x += 1\nprint(x)', 'print(x * 10)'], async (page) => {
    await page.getByRole('button', { name: 'Run cell 2' }).click();
    await expect.poll(() => notebookCell(page, 2).textContent()).toContain('line 1: ');
    await page.getByRole('button', { name: 'Run cell 1' }).click();
    // Pressed twice while the first may still run, it runs twice.
    await page.getByLabel('Cell 2', { exact: true }).click();
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Shift+Enter');
    await page.getByRole('button', { name: 'Run cell 3' }).click();
    await expect.poll(() => notebookCell(page, 3).locator('pre').allTextContents()).toEqual(['30']);
    expect(await notebookCell(page, 2).locator('pre').allTextContents()).toEqual(['3']);
    expect(await page.getByLabel('Cell 2', { exact: true }).locator('.cm-line').count()).toBe(2);
    await page.getByRole('button', { name: 'Run all' }).click();
    await expect.poll(() => notebookCell(page, 3).locator('pre').allTextContents()).toEqual(['20']);
  });
});

test('a cell that does not end is stopped, with the variables', async () => {
  await notebook(['x = 1', 'while x: pass', 'x'], async (page) => {
    for (const number of [1, 2, 3]) await page.getByRole('button', { name: `Run cell ${number}` }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => page.locator('.notebook [role=alert]').textContent()).toContain('the variables are gone');
    await expect.poll(() => page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    expect(await notebookCell(page, 3).locator('pre').count()).toBe(0);
    await page.getByRole('button', { name: 'Run cell 3' }).click();
    await expect.poll(() => notebookCell(page, 3).textContent()).toContain('expected a name that is defined, got x');
  });
});

test('a cell that was removed is put back where it was, until another is removed', async () => {
  await notebook(['first = 1', 'second = 2', 'third = 3'], async (page) => {
    const texts = () => page.locator('.notebook .cm-content').allTextContents();
    await page.getByRole('button', { name: 'Remove cell 2' }).click();
    await page.getByRole('button', { name: 'Add a cell' }).click();
    await typeCell(page, 1, 'first = 10');
    await page.getByRole('button', { name: 'Restore it' }).click();
    await expect.poll(texts).toEqual(['first = 10', 'second = 2', 'third = 3', '']);
    expect(await page.getByRole('button', { name: 'Restore it' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Remove cell 1' }).click();
    await page.getByRole('button', { name: 'Remove cell 2' }).click();
    await page.getByRole('button', { name: 'Restore it' }).click();
    await expect.poll(texts).toEqual(['second = 2', 'third = 3', '']);
    await page.getByRole('button', { name: 'Remove cell 3' }).click();
    expect(await violations(page)).toEqual([]);
  });
});

test('what was pasted along with a cell is said to be that', async () => {
  const line = 'logprobs        | exact: True  | approximate: True  | maxdiff: 0.0';
  await notebook([`x = 1\n${line}`, 'In [5]: x = 3\nOut[3]: 2\nprint(x)'], async (page) => {
    await page.getByRole('button', { name: 'Run cell 1' }).click();
    await expect.poll(() => notebookCell(page, 1).textContent()).toMatch(/line 2: .*which a cell has printed: remove/);
    await page.getByRole('button', { name: 'Run cell 2' }).click();
    await expect.poll(() => notebookCell(page, 2).locator('pre').allTextContents()).toEqual(['3']);
  });
});

test('what a gradient prints stands below its cell', async () => {
  const printing = cells({
    dlogprobs: `${cells().dlogprobs}\nprint('one', end='')\nprint(' more')`,
    dprobs: `${cells().dprobs}\nprint(2)`,
  });
  await write('?cell=none', { cells: printing }, async (page) => {
    await expect.poll(() => cell(page, 'dlogprobs').locator('.printed pre').allTextContents()).toEqual(['one more']);
    expect(await cell(page, 'dprobs').locator('.printed pre').allTextContents()).toEqual(['2']);
    expect(await page.locator('.write pre').filter({ hasText: 'one more' }).count()).toBe(1);
  });
  const failing = cells({ dprobs: "print('before')\ndprobs = boom" });
  await write('?cell=none', { cells: failing }, async (page) => {
    await expect.poll(() => standing(page).textContent()).toContain('25 of 26 right; next: dprobs');
    expect(await cell(page, 'dprobs').locator('.printed pre').allTextContents()).toEqual(['before']);
  });
});

test('on a narrow page a link leads to the text of the tensor, and the way back to the cell', async () => {
  const top = (page: Page, selector: string) =>
    page.locator(selector).evaluate((element) => element.getBoundingClientRect().top);
  await write(
    '?cell=dhpreact',
    { cells: cells() },
    async (page) => {
      await cell(page, 'dhpreact').getByRole('link', { name: 'Where it comes from' }).click();
      await page.locator('.detail').waitFor();
      await expect.poll(() => top(page, '.detail')).toBeLessThan(100);
      await page.goBack();
      await cell(page, 'dhpreact').waitFor();
      await expect.poll(() => top(page, '#cell-dhpreact')).toBeLessThan(740);
    },
    { viewport: { width: 360, height: 740 } },
  );
});

test('a cell that is added to the notebook comes into view, with the keyboard in it', async () => {
  await write('?exercise=notebook', null, async (page) => {
    await page.getByRole('button', { name: 'Add a cell' }).click();
    await page.getByLabel('Cell 9', { exact: true }).waitFor();
    await page.keyboard.insertText('print(1)');
    await expect.poll(() => page.getByLabel('Cell 9', { exact: true }).textContent()).toBe('print(1)');
    const isInView = await page
      .locator('.notebook .editor')
      .last()
      .evaluate((editor) => editor.getBoundingClientRect().bottom <= innerHeight);
    expect(isInView).toBe(true);
    await page.getByRole('button', { name: 'Remove cell 1' }).click();
    expect(await page.evaluate(() => document.activeElement?.className)).not.toContain('editor');
  });
});

test('exercise 4 trains with what was written, beside the fused pass', async () => {
  await write('?exercise=4', { cells: cells() }, async (page) => {
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => page.locator('.own-training dd').first().textContent()).toMatch(/\d0/);
    await page.getByRole('button', { name: 'Stop' }).click();
    const [, own, fused, apart] = await page.locator('.own-training dd').allTextContents();
    expect(Number(own)).toBeCloseTo(Number(fused), 4);
    expect(apart).not.toBe('NaN');
  });
  await write('?exercise=4', { cells: cells({ dC: '' }) }, async (page) => {
    expect(await page.locator('.own-training').textContent()).toContain('1 of its gradients are missing, dC first');
    expect(await page.getByRole('button', { name: 'Train' }).isDisabled()).toBe(true);
  });
  const pasted = operationByOperation.map(({ python }) => python).join('\n');
  await write('?exercise=4', { cells: { dlogprobs: pasted } }, async (page) => {
    await page.getByRole('button', { name: 'Train' }).click();
    await expect.poll(() => page.locator('.own-training dd').first().textContent()).toMatch(/\d0/);
  });
});

test('the keyboard alone opens a cell, writes and goes on to the next; a narrow page does not scroll sideways', async () => {
  await write(
    '?cell=none',
    {},
    async (page) => {
      await page.locator('#cell-dlogprobs .cell-head').focus();
      await page.keyboard.press('Enter');
      await editor(page, 'dlogprobs').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.insertText(cells().dlogprobs!);
      await page.keyboard.press('ControlOrMeta+Enter');
      await expect.poll(() => cell(page, 'dprobs').locator('.editor').count()).toBe(1);
      await page.waitForFunction(() => document.activeElement?.closest('#cell-dprobs') !== null);
      await page.keyboard.insertText(cells().dprobs!);
      await expect.poll(() => standing(page).textContent()).toContain('2 of 26 right');
      expect(await scrollsSideways(page)).toBe(false);
      expect(await violations(page)).toEqual([]);
    },
    { viewport: { width: 360, height: 740 } },
  );
});
