// A short run of each target that needs other processes or sockets; npm run fuzz has longer ones.

import { expect, test } from 'vitest';
import { describe, fuzz } from './harness.js';
import { targetOf } from './targets.js';

test.each(['commands', 'kills', 'servers'])('%s', async (name) => {
  const target = await targetOf(name);
  const report = await fuzz(target, { seed: 1, runs: target.quick });
  expect(report.found.length, describe(report)).toBe(0);
});
