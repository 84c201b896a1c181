// The README's pictures of the lab: one of each of its three rooms. `npm run screenshots`, which needs a browser.

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import { findBrowser } from '../test/support/browser.js';

/** What is done in a room before its picture is taken. */
const rooms: Readonly<Record<string, { address: string; prepare(page: Page): Promise<void> }>> = {
  understand: {
    address: '#/understand?node=W2&cell=130',
    prepare: async (page) => {
      await page.getByText('exact: the same bits').waitFor();
    },
  },
  write: {
    address: '#/write',
    prepare: async (page) => {
      await page.getByLabel('Python for dlogprobs').click();
      const typed = 'dlogprobs = torch.zeros_like(logprobs)\ndlogprobs[range(batch_size), Yb] = 1.0/batch_size';
      await page.keyboard.insertText(typed);
      await page.getByText('has the opposite sign').waitFor();
    },
  },
  train: {
    address: '#/train',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Start' }).click();
      await page.waitForTimeout(8000);
      await page.getByRole('button', { name: 'Pause' }).click();
    },
  },
};

const browser = await findBrowser();
if (browser === undefined) throw new Error('expected a browser, got none');
const server = await preview({ configFile: fileURLToPath(new URL('../site/vite.config.ts', import.meta.url)) });
const running = await chromium.launch(browser.launchOptions);
try {
  for (const [name, { address, prepare }] of Object.entries(rooms)) {
    const context = await running.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]}${address}`);
    await prepare(page);
    const path = fileURLToPath(new URL(`../docs/lab-${name}.png`, import.meta.url));
    writeFileSync(path, await page.screenshot());
    await context.close();
  }
} finally {
  await running.close();
  await server.close();
}
