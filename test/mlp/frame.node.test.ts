// The two sides of the frame.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addressFields, sizeFields } from '../../src/mlp/frame.js';
import { parameterNames } from '../../src/mlp/layout.js';

const source = readFileSync(new URL('../../assembly/mlp/frame.ts', import.meta.url), 'utf8');

/** Names and types of the fields of a class of assembly/mlp/frame.ts. */
function fieldsOf(name: string): (string | undefined)[][] {
  const body = source.match(new RegExp(`class ${name} {\n(.*?)\n}`, 's'))![1]!;
  return Array.from(body.matchAll(/^ {2}(\w+): (\w+);/gm), ([, field, type]) => [field, type]);
}

test('the fields of assembly/mlp/frame.ts are those of src/mlp/frame.ts, in the same order', () => {
  expect(fieldsOf('Frame')).toEqual([
    ...sizeFields.map((name) => [name, 'usize']),
    ['eps', 'f64'],
    ...addressFields.map((name) => [name, 'usize']),
  ]);
});

test('parameters and their gradients stand one after the other, in the order of the parameters', () => {
  expect(fieldsOf('Parameters')).toEqual(parameterNames.map((name) => [name, 'usize']));
  const names = fieldsOf('Frame').map(([name]) => name);
  const from = (first: string) => names.slice(names.indexOf(first)).slice(0, parameterNames.length);
  expect(from('C')).toEqual(parameterNames);
  expect(from('dC')).toEqual(parameterNames.map((name) => `d${name}`));
});
