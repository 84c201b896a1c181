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

test('each has one section, which says every entry that exports it, as does the title of its page', () => {
  for (const [page, text] of pages()) {
    const sections = [...text.matchAll(/^## (.*)$/gm)].map(([, name]) => name);
    expect(sections, page).toEqual([...new Set(sections)]);
  }
  const proofs = pages().get('proof.md')!;
  expect(proofs).toMatch(
    /^# Proofs of gradients: handgrad\/kernels, handgrad\/lesson, handgrad\/proof, handgrad\/report\n/,
  );
  expect(proofs).toContain('## Kernel\n\nExported by `handgrad/kernels` and `handgrad/proof`.\n');
  expect(proofs).toContain('## provePasses\n\nExported by `handgrad/lesson`.\n');
});

test('docs/api is what the declarations say', () => {
  const written = pages();
  expect(readdirSync(api).sort()).toEqual([...written.keys()].sort());
  for (const [name, text] of written) expect(readFileSync(new URL(name, api), 'utf8'), name).toBe(text);
});
