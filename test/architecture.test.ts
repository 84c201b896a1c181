// Who may import whom, as docs/architecture.md has it; and that documents name no machine and no absent file.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { browserRooms } from './support/browserRooms.js';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const filesBelow = (folder: string, ...endings: readonly string[]) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => endings.some((ending) => path.endsWith(ending)));

/** Made by the build: the modules as text. */
const generated = 'src/core/generated/';

const sources = ['src', 'assembly', 'examples', 'site']
  .flatMap((folder) => filesBelow(folder, '.ts', '.tsx', '.css'))
  .filter((path) => !path.startsWith(generated));

/** From the ground up: a file may import its own room and those before it. It belongs to the room with the longest fitting name. */
const houses: readonly (readonly string[])[] = [
  [
    'assembly/simd.ts',
    'assembly/math',
    'assembly/random',
    'assembly/kernels',
    'assembly/mlp',
    'assembly/exports.ts',
    'assembly/index.ts',
  ],
  [
    'src/base',
    'src/core',
    'src/tensor/arrays',
    'src/tensor/perturb.ts',
    'src/tensor/autograd.ts',
    'src/tensor/operate.ts',
    'src/tensor/operations',
    'src/tensor',
    'src/random',
    'src/data',
    'src/compare',
    'src/pictures',
    'src/mlp',
    'src/handgrad.ts',
    'src/index.ts',
    'src/proof',
    'src/html',
    'src/lesson',
    'src/kernels.ts',
    'src/lesson.ts',
    'src/proof.ts',
    'src/report.ts',
  ],
  ['site/policies.ts', 'site/src', 'site/plugins', 'site/vite.config.ts'],
];

/**
 * These use the public API: the file that exports it, or the package under its name. The command line shares more with the library:
 * the ground floor, where a path leads and whether it can be written, the description of a model's options, and the reading of a
 * model's file that has been parsed.
 */
const users: Readonly<Record<string, readonly string[]>> = {
  'src/vitest.ts': ['src/base', 'src/index.ts', 'src/proof.ts', 'src/report.ts'],
  'src/cli': [
    'src/index.ts',
    'src/proof.ts',
    'src/report.ts',
    'src/lesson.ts',
    'src/base',
    'src/data/destination.ts',
    'src/data/file.ts',
    'src/mlp/settings.ts',
    'src/mlp/checkpoint.ts',
    'src/proof/passes.ts',
  ],
  examples: ['handgrad', 'handgrad/report'],
  'site/plugins': ['handgrad'],
  // The build makes the virtual modules.
  'site/src': [
    'handgrad',
    'handgrad/lesson',
    'handgrad/report',
    'handgrad/kernels',
    'handgrad/proof',
    'handgrad/names.txt?url',
    'virtual:typeset/derivations',
    'virtual:typeset/fused',
    'virtual:first-minibatch',
    'virtual:proof-examples',
    'virtual:performance',
  ],
};

/** The packages that a room may import; elsewhere in src/ there are none, so that it runs wherever WebAssembly does. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'src/core': ['@assemblyscript/loader'],
  'src/lesson': ['@lezer/common', '@lezer/python'],
  'src/vitest.ts': ['vitest'],
  'src/cli': [
    'commander',
    ...[
      'child_process',
      'crypto',
      'fs',
      'fs/promises',
      'http',
      'net',
      'os',
      'path',
      'readline',
      'url',
      'module',
      'worker_threads',
    ].map((name) => `node:${name}`),
  ],
  'site/src': [
    'preact',
    'preact/hooks',
    '@preact/signals',
    'uplot',
    'uplot/dist/uPlot.min.css',
    '@dagrejs/dagre',
    ...['commands', 'lang-javascript', 'lang-python', 'language', 'state', 'view'].map((name) => `@codemirror/${name}`),
    '@lezer/common',
    '@lezer/highlight',
  ],
  'site/plugins': ['vite', 'katex', 'esbuild', 'node:crypto', 'node:fs', 'node:path', 'node:url'],
  'site/vite.config.ts': ['vite', 'node:url'],
};

interface Import {
  from: string;
  /** The path of a file, or the name of a package. */
  to: string;
}

/** The imports of a file: of values and of types, in statements and in expressions; `typeof import('…')` is none. */
function importsOf(from: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|typeof import\([^)]*\)/gm, '');
  const statement = /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  return [...code.matchAll(statement)].map(([, named, computed]) => {
    const specifier = (named ?? computed)!;
    if (!specifier.startsWith('.')) return { from, to: specifier };
    const path = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
    // AssemblyScript's imports have no ending, and may name a folder.
    const candidates = [path, path.replace(/\.ts$/, '.tsx'), `${path}.ts`, `${path}/index.ts`];
    return { from, to: candidates.find((candidate) => sources.includes(candidate)) ?? path };
  });
}

function roomOf(path: string): string | undefined {
  const rooms = [...houses.flat(), ...Object.keys(users)];
  const fitting = rooms.filter((room) => path === room || path.startsWith(`${room}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, to }: Import): boolean {
  const [room, target] = [roomOf(from), roomOf(to)];
  if (room === undefined) return false;
  if (packages[room]?.includes(to) || users[room]?.some((path) => path === to || path === target)) return true;
  if (to.startsWith(generated)) return from === 'src/core/module.ts';
  if (target === room) return sources.includes(to);
  const house = houses.find((rooms) => rooms.includes(room));
  return house?.slice(0, house.indexOf(room)).includes(target!) === true && sources.includes(to);
}

/** The files of a circle, the first one again at its end; none where there is no circle. */
function circle(imports: readonly Import[]): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    done.add(file);
    const targets = imports.filter(({ from }) => from === file);
    return targets.map(({ to }) => visit(to, [...path, file])).find((found) => found.length > 0) ?? [];
  };
  return imports.map(({ from }) => visit(from, [])).find((found) => found.length > 0) ?? [];
}

const imports = sources.flatMap((path) => importsOf(path, read(path)));

describe('imports', () => {
  test('point downwards, and leave the library without packages and without Node', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.filter((line) => !isAllowed(line))).toEqual([]);
  });

  test('of tests and benchmarks meet in the references, which know neither', () => {
    const outside = (folder: string, refused: readonly string[]) =>
      filesBelow(folder, '.ts')
        .filter((path) => !path.includes('node_modules'))
        .flatMap((path) => importsOf(path, read(path)))
        .filter(({ to }) => refused.some((other) => to.startsWith(`${other}/`)));
    expect(outside('test', ['bench'])).toEqual([]);
    expect(outside('bench', ['test'])).toEqual([]);
    expect(outside('reference', ['bench', 'test', 'src'])).toEqual([]);
  });

  test("of tests that run in a browser too are none of Node's", () => {
    const inBrowser = browserRooms
      .flatMap((room) => filesBelow(`test/${room}`, '.ts'))
      .filter((path) => !path.endsWith('.node.test.ts'))
      .flatMap((path) => importsOf(path, read(path)));
    expect(inBrowser.length).toBeGreaterThan(100);
    expect(inBrowser.filter(({ to }) => to.startsWith('node:'))).toEqual([]);
  });

  test('of the lab lead from its rooms to what they share, and from none to another', () => {
    const rooms = ['understand', 'write', 'train', 'proof'];
    const roomIn = (path: string) => rooms.find((room) => path.startsWith(`site/src/${room}/`));
    const across = imports.filter(({ to }) => roomIn(to)).filter(({ from, to }) => roomIn(from) !== roomIn(to));
    const besideFrame = across.filter(({ from }) => from !== 'site/src/app.tsx');
    expect(besideFrame.sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : a.from < b.from ? -1 : 1))).toEqual([
      // A plugin gives data of this shape.
      { from: 'site/plugins/performance.ts', to: 'site/src/train/performance.ts' },
      { from: 'site/src/virtual.d.ts', to: 'site/src/train/performance.ts' },
      // A cell of Python that is dropped on the proof goes into the notebook.
      { from: 'site/src/proof/files.ts', to: 'site/src/write/notebookStore.ts' },
    ]);
  });

  test('make no circle', () => {
    expect(circle(imports)).toEqual([]);
  });

  test.each<[string, string]>([
    ['src/core/memory.ts', 'src/tensor/tensor.ts'],
    ['src/tensor/arrays/reduce.ts', 'src/tensor/autograd.ts'],
    ['src/tensor/operations/reduce.ts', 'src/tensor/tensor.ts'],
    ['src/mlp/model.ts', 'src/index.ts'],
    ['src/mlp/model.ts', 'reference/ulp.ts'],
    ['src/data/file.ts', 'node:fs'],
    ['src/data/words.ts', 'commander'],
    ['src/cli/notebook.ts', 'src/mlp/model.ts'],
    ['src/cli/notebook.ts', 'bench/accuracy.ts'],
    ['src/index.ts', 'src/cli/main.ts'],
    ['src/index.ts', 'src/report.ts'],
    ['src/index.ts', 'src/lesson.ts'],
    ['src/index.ts', 'src/proof.ts'],
    ['src/index.ts', 'src/proof/prove.ts'],
    ['src/proof/prove.ts', 'src/lesson/judge.ts'],
    ['src/proof/prove.ts', 'src/html/page.ts'],
    ['src/handgrad.ts', 'src/core/generated/strict.ts'],
    ['src/core/core.ts', 'src/core/absent.ts'],
    ['src/absent/room.ts', 'src/core/core.ts'],
    ['examples/notebook.ts', 'src/index.ts'],
    ['site/src/lab/core.ts', 'src/index.ts'],
    ['site/src/lab/core.ts', 'site/plugins/policies.ts'],
    ['site/src/lab/core.ts', 'node:fs'],
    ['site/src/lab/core.ts', 'handgrad/vitest'],
    ['site/plugins/policies.ts', 'src/cli/site.ts'],
    ['src/cli/lab.ts', 'site/policies.ts'],
    ['assembly/kernels/reduce.ts', 'assembly/mlp/frame.ts'],
    ['assembly/simd.ts', 'src/core/core.ts'],
  ])('from %s to %s are refused', (from, to) => {
    expect(isAllowed({ from, to })).toBe(false);
  });

  test('are found in every form', () => {
    const text = `
      // import './comment.js'
      type Fs = typeof import('node:fs');
      const { wasm } = await import('./generated/strict.js');
import { a } from '../core/core.js';
import type {
  B,
} from './tensor.js';
export * from './create.js';
import 'package';
`;
    expect(importsOf('src/tensor/new.ts', text).map(({ to }) => to)).toEqual([
      'src/tensor/generated/strict.ts',
      'src/core/core.ts',
      'src/tensor/tensor.ts',
      'src/tensor/create.ts',
      'package',
    ]);
  });

  test('that make a circle are found', () => {
    const chain = (...files: string[]) => files.slice(1).map((to, i) => ({ from: files[i]!, to }));
    expect(circle(chain('a', 'b', 'c'))).toEqual([]);
    expect(circle([...chain('a', 'b', 'c', 'd'), ...chain('d', 'b')])).toEqual(['b', 'c', 'd', 'b']);
  });
});

describe('documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesBelow('docs', '.md')];
  /** Paths of one machine, and hosts that packages are fetched from. */
  const forbidden =
    /(?<![\w.])\/(?:home|root|tmp|work|mnt|opt|var|Users)\/|[A-Z]:\\|localhost|127\.0\.0\.1|\bregistry\.|\bmirror\b/;

  test.each(documents)('%s names no machine', (path) => {
    expect(read(path).match(forbidden)?.[0]).toBeUndefined();
  });

  test.each(documents)('%s links to files that are there', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link]) => link!);
    expect(links.filter((link) => !existsSync(new URL(posix.join(posix.dirname(path), link), root)))).toEqual([]);
  });

  test.each(['see /home/someone/handgrad', 'in /tmp/x', 'C:\\Users', 'https://registry.example.org'])(
    'the check refuses "%s"',
    (text) => {
      expect(text).toMatch(forbidden);
    },
  );
});
