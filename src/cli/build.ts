// The core of a command, and what is said where the engine lacks what its build needs.

import { type Handgrad, init, UnsupportedError } from '../index.js';

/**
 * The relaxed core, or the strict one. Throws UnsupportedError where the engine has no relaxed SIMD: about the checkpoint `resume`,
 * where that asks for it, and about the option otherwise.
 */
export async function coreOf(relaxed: boolean, resume?: string): Promise<Handgrad> {
  const hg = await init({ build: relaxed ? 'auto' : 'strict' });
  if (!relaxed || hg.build === 'relaxed') return hg;
  const got = `got Node.js ${process.version.slice(1)}; Node.js 22 or later has it`;
  throw new UnsupportedError(
    resume === undefined
      ? `--relaxed: expected an engine with relaxed SIMD, ${got}, or leave out --relaxed`
      : `${resume}: expected an engine with relaxed SIMD, with which it was begun, ${got}`,
  );
}
