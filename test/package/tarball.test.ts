// What is in the package.

import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { expect, inject, test } from 'vitest';
import { projectUrl } from '../support/fixture.js';

const run = promisify(execFile);
const folder = join(inject('project'), 'node_modules/handgrad');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const filesOf = (room: string) =>
  readdirSync(projectUrl(room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(fileURLToPath(projectUrl('.')), join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
const sources = filesOf('src').map((name) => name.slice('src/'.length));
const packed = execFileSync('tar', ['-tzf', inject('tarball')], { encoding: 'utf8' })
  .trimEnd()
  .split('\n')
  .map((name) => name.replace('package/', ''));

test('it holds the compiled sources, the lab, the modules, the word list, the documents and the examples, and nothing else', () => {
  const compiled = sources.filter((name) => name.endsWith('.ts')).map((name) => `dist/${name.slice(0, -3)}`);
  const expected = [
    ...compiled.flatMap((name) => [`${name}.js`, `${name}.d.ts`]),
    ...['build/core.wasm', 'build/core.relaxed.wasm'],
    ...['dist-site', 'docs', 'examples'].flatMap(filesOf),
    ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'names.txt', 'package.json'],
  ];
  expect(packed.toSorted()).toEqual(expected.sort());
  // Without the lab it is below 640 KiB. The lab is bundled for browsers, with the core, the word list and two editors inside, and has
  // the library once more in the page where code of one's own runs, which can load nothing. Its pictures in the README are 320 KiB.
  expect(statSync(inject('tarball')).size).toBeLessThan(1700 * 1024);
});

test.each(packed.filter((name) => name.endsWith('.md')))('every relative link of %s leads to a packed file', (name) => {
  const links = [...readFileSync(join(folder, name), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  const paths = links
    .map((link) => new URL(link, `file:///${name}`))
    .filter(({ protocol }) => protocol === 'file:')
    .map(({ pathname }) => pathname.slice(1));
  if (name === 'README.md') expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !packed.includes(path))).toEqual([]);
});

test('what is packed is built just before, without what an earlier build left', () => {
  const place = mkdtempSync(join(tmpdir(), 'handgrad-pack-'));
  mkdirSync(join(place, 'dist'));
  writeFileSync(join(place, 'dist/earlier.js'), '');
  const building = `node -e "fs.mkdirSync('dist');fs.writeFileSync('dist/built.js','')"`;
  const scripts = { prepack: manifest.scripts.prepack, 'site:build': building };
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', files: ['dist'], scripts }));
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--foreground-scripts=false'], {
    cwd: place,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  rmSync(place, { recursive: true });
  const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).sort()).toEqual(['dist/built.js', 'package.json']);
});

test('installing it runs nothing', () => {
  const { scripts } = manifest;
  const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish', 'preprepare', 'postprepare'];
  expect(atInstall.filter((name) => name in scripts)).toEqual([]);
});

test('the library imports the loader, the lesson a parser, the command line commander and Node too', () => {
  const statement = /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
  const imported = (files: string[]) => {
    const specifiers = files.flatMap((name) => {
      const code = readFileSync(join(folder, 'dist', name), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      return [...code.matchAll(statement)].map(([, name]) => name!).filter((name) => !name.startsWith('.'));
    });
    return [...new Set(specifiers)].sort();
  };
  const modules = sources.filter((name) => name.endsWith('.ts')).map((name) => name.replace(/ts$/, 'js'));
  const library = modules.filter((name) => !name.startsWith('cli/') && name !== 'vitest.js');
  const [reader, others] = [
    library.filter((name) => name.startsWith('lesson')),
    library.filter((name) => !name.startsWith('lesson')),
  ];
  expect(imported(others)).toEqual(['@assemblyscript/loader']);
  expect(imported(reader)).toEqual(['@lezer/python']);
  // Its types are those of the parser's trees.
  expect(imported(reader.map((name) => name.replace(/js$/, 'd.ts')))).toEqual(['@lezer/common']);
  expect(imported(['vitest.js'])).toEqual(['vitest']);
  const commandLine = imported(modules.filter((name) => name.startsWith('cli/')));
  expect(commandLine.filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
  expect(Object.keys(manifest.dependencies)).toEqual([
    '@assemblyscript/loader',
    '@lezer/common',
    '@lezer/python',
    'commander',
  ]);
});

test('publint finds nothing', async () => {
  expect((await publint({ pkgDir: folder, level: 'suggestion', pack: false })).messages).toEqual([]);
});

test('attw finds nothing in what has types', async () => {
  const attw = fileURLToPath(projectUrl('node_modules/@arethetypeswrong/cli/dist/index.js'));
  const { stdout } = await run(process.execPath, [
    attw,
    inject('tarball'),
    '--profile',
    'esm-only',
    // Else the form depends on the environment.
    '--format',
    'ascii',
    '--entrypoints',
    '.',
    'lesson',
    'report',
    'package.json',
  ]);
  expect(stdout).toMatch(/node16 \(from ESM\).*🟢 \(ESM\)/);
});
