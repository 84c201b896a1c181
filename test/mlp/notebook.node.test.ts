// The notebook's losses on makemore's own list, which is not part of the project.

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ulpError32 } from '../../reference/ulp.js';
import { loadWords } from '../../src/data/words.js';
import { init } from '../../src/index.js';
import { projectUrl } from '../support/fixture.js';
import { notebook, shapes } from '../support/notebook.js';

const hg = await init();
const makemore = projectUrl('../shared/data/names-makemore.txt');
const missing = existsSync(makemore) ? '' : ' (skipped: there is no ../shared/data/names-makemore.txt)';

for (const [eps, loss] of [
  [1e5, 3.27938],
  [1e-5, 3.337148],
] as const) {
  test.skipIf(missing !== '')(`makemore's names.txt, eps ${eps}: loss ${loss} to 2e-6${missing}`, async () => {
    const { datasets, indices, firstOfC, losses } = notebook(hg, await loadWords(makemore), eps);
    expect(shapes(datasets)).toEqual([
      [182625, 3],
      [22655, 3],
      [22866, 3],
    ]);
    expect(indices.slice(0, 8)).toEqual([18767, 120572, 160700, 59099, 59177, 167235, 97673, 90231]);
    // Within 3 ULP of PyTorch's draws.
    [1.759729027748108, 0.5955276489257812, -0.22128167748451233].forEach((value, i) => {
      expect(ulpError32(firstOfC[i]!, value)).toBeLessThanOrEqual(3);
    });
    for (const got of losses) expect(Math.abs(got - loss)).toBeLessThanOrEqual(2e-6);
  });
}
