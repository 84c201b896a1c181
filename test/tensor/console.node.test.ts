// What console.log makes of tensors, alone and inside of objects.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { hg } from '../support/handgrad.js';

test('console.log prints values, not the insides, and indents them in objects and arrays', () => {
  const x = hg.tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(inspect(x)).toBe('tensor([[1., 2.],\n        [3., 4.]])');
  expect(inspect({ x, list: [x] })).toBe(
    '{\n  x: tensor([[1., 2.],\n          [3., 4.]]),\n  list: [\n    tensor([[1., 2.],\n            [3., 4.]])\n  ]\n}',
  );
  expect(inspect(x, { showHidden: true, depth: 10 })).toBe(String(x));
  x.dispose();
  expect(inspect([x])).toBe('[ tensor(..., size=(2, 2), released) ]');
});
