// Runs in every environment: the digests and the time of a training step, in each build that the engine has, as a line of JSON.

import * as handgrad from 'handgrad';
import type * as Sources from '../../src/index.js';
import { digests, microsecondsPerStep } from '../browser/digests.js';
import type { Measured, Report } from './environment.js';

const library = handgrad as unknown as typeof Sources;

async function measured(words: string[], build: handgrad.Build): Promise<Measured> {
  return {
    digests: await digests(library, words, build),
    microseconds: await microsecondsPerStep(library, words, build),
  };
}

const words = await handgrad.loadWords(new URL('names.txt', globalThis.location?.href ?? import.meta.url));
const report: Report = { strict: await measured(words, 'strict') };
try {
  report.relaxed = await measured(words, 'relaxed');
} catch (error) {
  if (!(error instanceof handgrad.CoreError)) throw error;
}
console.log(JSON.stringify(report));
