// The proofs of a module: its default export, one or a list, now or later.

import { expect, test } from 'vitest';
import { ProofError } from '../../src/base/errors.js';
import { proofsOf, prove } from '../../src/proof.js';
import { hg } from '../support/handgrad.js';
import { notebook, withBackward } from './functions.js';

const written = notebook({ H: 4 });
const proof = withBackward(written, written.backward);

test.each<[string, unknown, number]>([
  ['a proof', proof, 1],
  ['a list', [proof, proof], 2],
  ['a promise of a list', Promise.resolve([proof]), 1],
  ['a list of promises', [Promise.resolve(proof), proof], 2],
])('%s', async (_, given, count) => {
  const proofs = await proofsOf({ default: given });
  expect(proofs).toEqual(Array.from({ length: count }, () => proof));
  expect(prove(hg, proofs[0]!).ok).toBe(true);
});

test.each<[unknown, string]>([
  [undefined, 'module: expected a default export, a proof or a list of them, got none'],
  [{}, 'module: expected a default export, a proof or a list of them, got none'],
  [{ default: [] }, 'module: expected at least one proof, got an empty list'],
  [{ default: 3 }, 'module: expected a proof, got 3'],
  [{ default: [proof, null] }, 'module: expected a proof, got null'],
  [{ default: [[proof]] }, 'module: expected a list of proofs, got a list inside of a list'],
  [
    { default: { name: 'x' } },
    'module: expected a proof, an object with inputs, forward and backward, got one without them',
  ],
])('%j has none', async (module, message) => {
  await expect(proofsOf(module as object)).rejects.toThrow(new ProofError(message));
});

test('what it throws is what it throws, and surplus arguments are refused', async () => {
  await expect(proofsOf({ default: Promise.reject(new RangeError('its own')) })).rejects.toThrow('its own');
  await expect((proofsOf as (...all: unknown[]) => unknown)({ default: proof }, 1)).rejects.toThrow(TypeError);
});
