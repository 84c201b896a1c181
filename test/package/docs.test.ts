import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { entries, pages, publicSymbols } from '../../scripts/docs.js';

const api = new URL('../../docs/api/', import.meta.url);
const run = promisify(execFile);

/** The declarations of docs/api as a module. */
const reference = publicSymbols()
  .map(({ declaration }) => `export declare ${declaration}`)
  .join('\n');

/** What a reader knows from elsewhere, beside the language: types of the host. */
const host = `declare global {
  type BufferSource = ArrayBuffer | ArrayBufferView;
  class AbortSignal { readonly aborted: boolean }
  class Response { readonly ok: boolean }
  class URL { readonly href: string }
  namespace WebAssembly { class Module { #module } class Memory { readonly buffer: ArrayBuffer } }
}`;

/** What TypeScript says of these files. */
async function checked(files: Readonly<Record<string, string>>, options: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [], ...options };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
  return run(process.execPath, [tsc, '-p', folder]).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

test('every entry that has types is in docs/api, with symbols', () => {
  const { exports } = JSON.parse(readFileSync(new URL('../../package.json', api), 'utf8'));
  const typed = Object.keys(exports).filter((path) => exports[path].types !== undefined);
  expect([...entries]).toEqual(typed.map((path) => path.replace('.', 'handgrad')));
  expect(new Set(publicSymbols().flatMap((symbol) => symbol.entries))).toEqual(new Set(entries));
});

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

test('every name in a signature of docs/api stands there itself, or is known from the language or its host', async () => {
  const lib = ['es2023', 'esnext.disposable'];
  expect(await checked({ 'reference.ts': `${reference}\n${host}` }, { lib })).toBe('');
});

test('every symbol is what docs/api says of it, with the same members', async () => {
  const claims = publicSymbols().flatMap(({ name, entries, declaration }) => {
    if (/^\w+ \w+</.test(declaration)) return []; // It has parameters.
    const file = fileURLToPath(new URL(`../../dist/${entries[0]!.replace(/^handgrad\/?/, '') || 'index'}.js`, api));
    const value = /^(?:const|function) /.test(declaration) ? 'typeof ' : '';
    const real = `${value}import(${JSON.stringify(file)}).${name}`;
    return `export const ${name}: As<${value}said.${name}, ${real}> = null! as ${real};`;
  });
  const code = `import type * as said from './reference.js';
type Parts<T> = keyof T | Extract<T, string>;
type Difference<A, B> = Exclude<Parts<A>, Parts<B>> | Exclude<Parts<B>, Parts<A>>;
type As<Said, Real> = [Difference<Said, Real>] extends [never] ? Said : { differ: Difference<Said, Real> };
${claims.join('\n')}`;
  // A class with private members takes nothing but itself, so arguments are compared in one direction.
  const options = { strictFunctionTypes: false, lib: ['es2023', 'esnext.disposable', 'dom'] };
  expect(await checked({ 'reference.ts': reference, 'claims.ts': code }, options)).toBe('');
});
