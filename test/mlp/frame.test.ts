// The two sides of the frame.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addressFields, sizeFields } from '../../src/mlp/frame.js';

test('the fields of assembly/mlp/frame.ts are those of src/mlp/frame.ts, in the same order', () => {
  const source = readFileSync(new URL('../../assembly/mlp/frame.ts', import.meta.url), 'utf8');
  const fields = Array.from(source.matchAll(/^ {2}(\w+): (\w+);/gm), ([, name, type]) => [name, type]);
  expect(fields).toEqual([
    ...sizeFields.map((name) => [name, 'u32']),
    ['eps', 'f64'],
    ...addressFields.map((name) => [name, 'usize']),
  ]);
});
