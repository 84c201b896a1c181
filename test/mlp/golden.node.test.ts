import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';
import { files } from '../support/golden.js';

test("every size that PyTorch was run in is among the tests'", () => {
  expect(readdirSync(projectUrl('test/golden/fixtures/passes')).sort()).toEqual(files.toSorted());
});
