// Whether the tests notice: changes one constant, comparison, sign or truth value of the sources at a time, in a copy of the project,
// and runs the tests of that room. `npm run mutants -- --count 300 --seed 1 --only src/tensor`; prints what no test noticed.

import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../', import.meta.url));

/** A change of one token of a file. */
interface Mutant {
  readonly file: string;
  readonly at: number;
  readonly token: string;
  readonly replacement: string;
}

/** The tests of each room, the likeliest to notice first; a file belongs to the longest name that fits. */
const tests: Readonly<Record<string, readonly string[]>> = {
  'assembly/kernels': ['kernels', 'tensor', 'mlp'],
  'assembly/math': ['kernels'],
  'assembly/mlp': ['mlp', 'train', 'browser'],
  'assembly/random': ['random'],
  'assembly/simd.ts': ['kernels', 'mlp'],
  'src/base': ['base', 'compare', 'tensor', 'data', 'core'],
  'src/cli': ['cli'],
  'src/compare': ['compare', 'cli/notebook'],
  'src/core': ['core', 'random', 'tensor'],
  'src/data': ['data', 'train'],
  'src/handgrad.ts': ['core', 'tensor', 'random'],
  'src/mlp': ['mlp', 'train', 'core'],
  'src/random': ['random', 'core'],
  'src/tensor': ['tensor', 'core', 'mlp', 'compare'],
};

const replacements: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  true: 'false',
  false: 'true',
};

/** Comments, strings, templates and regular expressions, which stay as they are; then what is changed. */
const tokens =
  /\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(,=:!&|?]\s*)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[a-z]*|(?<![\w$#.])(?:\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w$])|(?<= )(?:===|!==|==|!=|<=|>=|<|>|&&|\|\||\+|-|\*|\/)(?= )|\b(?:true|false)\b/g;

function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(tokens)].flatMap(({ 0: token, index: at }) => {
    const line = text.slice(text.lastIndexOf('\n', at) + 1, at);
    if (/^\s*(import|export \*|export \{|@)/.test(line) || /^\s*type |^\s*export type /.test(line)) return [];
    const replacement = /^\d/.test(token) ? (token === '0' ? '1' : `(${token} + 1)`) : replacements[token];
    return replacement === undefined ? [] : [{ file, at, token, replacement }];
  });
}

/** `list` in an order that depends on `seed` alone. */
function shuffled<Item>(list: readonly Item[], seed: number): Item[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
  return list
    .map((item) => ({ item, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** A copy of the project that may be broken. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'handgrad-mutants-'));
  // Some tests run programs of it as another user.
  chmodSync(copy, 0o755);
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const path of [...listed.trimEnd().split('\n'), 'build', 'dist', 'src/core/generated']) {
    if (!existsSync(join(root, path)) || path.startsWith('test/package/')) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

type Outcome = 'caught' | 'hung' | 'does not compile' | 'not noticed';

/** Breaks the copy, runs the tests of the room, and mends it again. */
async function outcomeOf({ file, at, token, replacement }: Mutant, copy: string): Promise<Outcome> {
  const path = join(copy, file);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.slice(0, at) + replacement + text.slice(at + token.length));
  try {
    return (await built(file, copy)) ? await tested(file, copy) : 'does not compile';
  } finally {
    writeFileSync(path, text);
  }
}

async function built(file: string, copy: string): Promise<boolean> {
  try {
    if (file.startsWith('src/')) {
      // The tests of the command line run dist/; a type error is left to the tests.
      await run('npx', ['tsc', '-p', 'tsconfig.build.json'], { cwd: copy }).catch(() => {});
      return true;
    }
    await run('npx', ['asc', '--target', 'strict', '-O1'], { cwd: copy });
    const wasm = deflateRawSync(readFileSync(join(copy, 'build/core.wasm'))).toString('base64');
    writeFileSync(join(copy, 'src/core/generated/strict.ts'), `export const wasm = '${wasm}';\n`);
    return true;
  } catch {
    return false;
  }
}

function testsOf(file: string): readonly string[] {
  const rooms = Object.keys(tests).filter((name) => file.startsWith(name));
  const room = rooms.sort((a, b) => b.length - a.length)[0];
  if (room === undefined) throw new Error(`${file}: expected a room of ${Object.keys(tests).join(', ')}`);
  return tests[room]!;
}

async function tested(file: string, copy: string): Promise<Outcome> {
  for (const folder of testsOf(file)) {
    try {
      await runTests(folder, copy);
    } catch (error) {
      return (error as { killed?: boolean }).killed === true ? 'hung' : 'caught';
    }
  }
  return 'not noticed';
}

async function runTests(folder: string, copy: string): Promise<void> {
  const args = ['vitest', 'run', '--project', 'node', '--bail', '1', `test/${folder}`, '--silent'];
  await run('npx', args, { cwd: copy, timeout: 600_000, maxBuffer: 2 ** 28 });
}

/** Throws where a test fails that nothing has broken: it would notice everything. */
async function expectGreen(copy: string, mutants: readonly Mutant[]): Promise<void> {
  for (const folder of new Set(mutants.flatMap(({ file }) => testsOf(file)))) {
    await runTests(folder, copy).catch((cause) => {
      throw new Error(`test/${folder}: expected green tests of the sources as they are, got red ones`, { cause });
    });
  }
}

function described({ file, at, token, replacement }: Mutant): string {
  const text = readFileSync(join(root, file), 'utf8');
  const line = text.slice(0, at).split('\n').length;
  const start = text.lastIndexOf('\n', at) + 1;
  const whole = text.slice(start, text.indexOf('\n', at)).trim();
  return `${file}:${line}  ${token} -> ${replacement}  ${whole}`;
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    at: { type: 'string', default: '2' },
  },
});
const listed = execFileSync('git', ['ls-files', 'src', 'assembly'], { cwd: root, encoding: 'utf8' });
const files = listed
  .split('\n')
  .filter((file) => file.endsWith('.ts') && values.only.split(',').some((prefix) => file.startsWith(prefix)));
const queue = shuffled(
  files.filter((file) => !['src/index.ts', 'assembly/index.ts'].includes(file)).flatMap(mutantsOf),
  Number(values.seed),
).slice(0, Number(values.count));
const count: Partial<Record<Outcome, number>> = {};
const total = queue.length;
const mutants = [...queue];
await Promise.all(
  Array.from({ length: Number(values.at) }, async (_, worker) => {
    const copy = copyOfProject();
    if (worker === 0) await expectGreen(copy, mutants);
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const outcome = await outcomeOf(mutant, copy);
      count[outcome] = (count[outcome] ?? 0) + 1;
      console.log(`${total - queue.length}/${total}  ${outcome.padEnd(16)}  ${described(mutant)}`);
    }
    rmSync(copy, { recursive: true });
  }),
);
console.log(count);
