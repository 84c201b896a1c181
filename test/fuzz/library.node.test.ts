// A short run of each target within the process; npm run fuzz has longer ones.

import { expect, test } from 'vitest';
import { describe, fuzz } from './harness.js';
import { targetOf } from './targets.js';

test.each(['arguments', 'programs', 'graphs', 'safetensors', 'checkpoints', 'words', 'cells'])('%s', async (name) => {
  const target = await targetOf(name);
  const report = await fuzz(target, { seed: 1, runs: target.quick });
  expect(report.found.length, describe(report)).toBe(0);
});
