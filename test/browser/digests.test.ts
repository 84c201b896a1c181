// The same bytes in Node and in a browser. `npm run digests` writes digests.json anew.

import { expect, test } from 'vitest';
import * as handgrad from '../../src/index.js';
import { projectFile } from '../support/fixture.js';
import { digests } from './digests.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('the notebook, training, exp, tanh and log give the pinned bytes', async () => {
  const pinned = JSON.parse(text(await projectFile('test/browser/digests.json')));
  expect(await digests(handgrad, handgrad.parseWords(await projectFile('names.txt')))).toEqual(pinned);
});
