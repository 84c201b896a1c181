// The editor, in whatever room: its typing keeps to the policy of the page.

import { expect, test } from 'vitest';
import { opened } from './page.js';

const label = 'The module to be proved, in JavaScript';

test.each(['typed', 'inserted', 'composed'])(
  'what is %s over coloured text takes its place, and the policy refuses nothing',
  async (how) => {
    await opened('#/proof', async (page, context) => {
      const editor = page.getByLabel(label);
      for (const text of ['import', '// remark', 'const a = "b";']) {
        await editor.click();
        await page.keyboard.press('ControlOrMeta+a');
        if (how === 'typed') await page.keyboard.type(text);
        if (how === 'inserted') await page.keyboard.insertText(text);
        if (how === 'composed') {
          const session = await context.newCDPSession(page);
          await session.send('Input.imeSetComposition', { text: text.slice(0, 3), selectionStart: 3, selectionEnd: 3 });
          await session.send('Input.insertText', { text });
        }
        await expect.poll(() => editor.textContent()).toBe(text);
      }
      await page.keyboard.press('ControlOrMeta+z');
      await expect.poll(() => editor.textContent()).not.toBe('const a = "b";');
    });
  },
);
