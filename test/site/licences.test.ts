// What the built lab says of the packages of which it has code.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { licencesOf, packagesOf } from '../../site/plugins/licences.js';
import { projectUrl } from '../support/fixture.js';

test('packages are found by the paths of their modules', () => {
  const paths = [
    '/a/node_modules/b/c.js',
    '/a/node_modules/@d/e/dist/f.js',
    '/a/node_modules/b/g.js',
    '/a/site/src/h.ts',
  ];
  expect(packagesOf(paths)).toEqual(['@d/e', 'b']);
  expect(packagesOf(['/a/node_modules/b/node_modules/i/j.js'])).toEqual(['i']);
});

test('every package has its licence in the build, those of the sandbox and the workers too', () => {
  const text = readFileSync(projectUrl('dist-site/licences.txt'), 'utf8');
  const packages = ['@assemblyscript/loader', '@codemirror/view', '@dagrejs/dagre', '@lezer/python', 'preact', 'uplot'];
  for (const name of packages) expect(text).toContain(`\n\n${name}\n\n`);
  for (const part of ['handgrad authors', 'Apache License', 'Leon Sorokin']) expect(text).toContain(part);
});

test('a package without a licence is refused', () => {
  expect(() => licencesOf(['@types'])).toThrow('@types: expected a licence in its folder, got none');
});
