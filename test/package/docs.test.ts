import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages, publicSymbols } from '../../scripts/docs.js';

const api = new URL('../../docs/api/', import.meta.url);

test('every public symbol and every public member has a docstring', () => {
  const symbols = publicSymbols();
  expect(symbols.length).toBeGreaterThan(60);
  expect(symbols.filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
  expect(symbols.flatMap(({ name, undocumented }) => undocumented.map((member) => `${name}.${member}`))).toEqual([]);
});

test('docs/api is what the declarations say', () => {
  const written = pages();
  expect(readdirSync(api).sort()).toEqual([...written.keys()].sort());
  for (const [name, text] of written) expect(readFileSync(new URL(name, api), 'utf8'), name).toBe(text);
});
