// Writes test/browser/digests.json: what the tests expect every engine to compute. `npm run digests`, where results are meant to
// change; it prints what did.

import { readFileSync, writeFileSync } from 'node:fs';
import * as handgrad from '../src/index.js';
import { digests } from '../test/browser/digests.js';

const file = new URL('../test/browser/digests.json', import.meta.url);
const before = JSON.parse(readFileSync(file, 'utf8'));
const now = await digests(handgrad, await handgrad.loadWords(new URL('../names.txt', import.meta.url)));
writeFileSync(file, `${JSON.stringify(now, undefined, 2)}\n`);
for (const [name, digest] of Object.entries(now)) {
  console.log(`${name}: ${before[name] === digest ? 'as before' : 'changed'}`);
}
