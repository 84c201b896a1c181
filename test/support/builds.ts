// Suites that run once for every build that the engine can run.

import { describe, test } from 'vitest';
import type { Build } from '../../src/core/core.js';
import { CoreError } from '../../src/core/errors.js';

/** What `create` makes of each build; null for the relaxed one where the engine has no relaxed SIMD. */
export async function perBuild<Made>(create: (build: Build) => Promise<Made>): Promise<Record<Build, Made | null>> {
  const relaxed = create('relaxed').catch((error: unknown) => {
    if (error instanceof CoreError) return null;
    throw error;
  });
  return { strict: await create('strict'), relaxed: await relaxed };
}

/** Describes `name` for each build; a skipped test stands for one that the engine can't run. */
export function describeBuilds<Made>(
  name: string,
  made: Record<Build, Made | null>,
  body: (made: Made, build: Build) => void,
): void {
  for (const build of ['strict', 'relaxed'] as const) {
    const own = made[build];
    if (own === null) test.skip(`${name}, ${build} build: this engine has no relaxed SIMD`);
    else describe(`${name}, ${build} build`, () => body(own, build));
  }
}
