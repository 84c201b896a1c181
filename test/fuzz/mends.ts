// Whether the fuzz finds what it should: each mend is taken out of a copy of the build, and the fuzz must notice.

import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Something that the library does right, and the edits of files of dist/ that make it wrong. Each must apply. */
interface Mend {
  readonly name: string;
  readonly target: string;
  /** What a finding must be called to count. */
  readonly finds: RegExp;
  /** Runs within which it must be found. */
  readonly runs: number;
  readonly edits: readonly (readonly [file: string, pattern: RegExp, replacement: string])[];
}

const mends: readonly Mend[] = [
  {
    name: 'tensors of one operation share a core',
    target: 'arguments',
    finds: /another core/,
    runs: 200_000,
    edits: [['tensor/arrays/strided.js', /this\.core !== core/, 'false']],
  },
  {
    name: 'a generator and what draws from it share a core',
    target: 'arguments',
    finds: /another core/,
    runs: 200_000,
    edits: [['random/mt19937.js', /this\.core !== core/, 'false']],
  },
  {
    name: 'a model and what trains it share a core',
    target: 'arguments',
    finds: /another core/,
    runs: 200_000,
    edits: [['mlp/model.js', /value\.core !== core/, 'false']],
  },
  {
    name: 'lists with holes and what is no number of bytes do not reach the allocator',
    target: 'arguments',
    finds: /unsound/,
    runs: 200_000,
    edits: [
      [
        'base/shape.js',
        /return list\(name, shape, .*\);/,
        'return shape.map((size, axis) => integer(name + axis, size, 0));',
      ],
      ['core/memory.js', /!Number\.isInteger\(value\) \|\| value < 0/, 'false'],
    ],
  },
  {
    name: 'a generator is one of its kind, and no address below the first block is written',
    target: 'arguments',
    finds: /unsound/,
    runs: 200_000,
    edits: [
      ['random/generator.js', /static checked\(name, value, core\) \{/, '$& return value;'],
      ['mlp/trainer.js', /core\.memory\.address\(pointer\)/, 'pointer'],
    ],
  },
  {
    name: 'unequal tensors do not compare as equal',
    target: 'arguments',
    finds: /for equal/,
    runs: 200_000,
    edits: [['base/identified.js', /id = \+\+last/, 'id = 0']],
  },
  {
    name: 'an operation in place copies what shares its memory',
    target: 'programs',
    finds: /expected/,
    runs: 20_000,
    edits: [['tensor/arrays/binary.js', /b\.sharesMemoryWith\(a\) \? b\.clone\(\) : null/, 'false ? b : null']],
  },
  {
    name: 'the gradient of a mean is divided',
    target: 'graphs',
    finds: /is off/,
    runs: 5000,
    edits: [['tensor/operations/reduce.js', /=> \[binary\('div', (spread\(.*?\)), n\)\]/, '=> [$1]']],
  },
  {
    name: 'the bytes of a tensor are as many as its shape says',
    target: 'safetensors',
    finds: /throws|number of values/,
    runs: 50_000,
    edits: [['data/safetensors.js', /entry\.end - entry\.begin !== length/, 'false']],
  },
  {
    name: 'what is wrong in a model file is a FormatError',
    target: 'checkpoints',
    finds: /throws/,
    runs: 20_000,
    edits: [
      ['mlp/checkpoint.js', /throw new FormatError\(`\$\{name\}: \$\{cause\.message\}`, \{ cause \}\)/, 'throw cause'],
    ],
  },
  {
    name: 'lines end where those of Python end',
    target: 'words',
    finds: /parseWords/,
    runs: 50_000,
    edits: [['data/words.js', /\\x1c-\\x1e/, '']],
  },
  {
    name: 'a bad option ends with code 2',
    target: 'commands',
    finds: /code 3/,
    runs: 60,
    edits: [['cli/main.js', /: badInput;/, ': 3;']],
  },
  {
    name: 'a resumed training has its generator again',
    target: 'kills',
    finds: /other bytes/,
    runs: 4,
    edits: [['mlp/checkpoint.js', /generator\.setState\(.*\)\);/, '{});']],
  },
  {
    name: 'only text gives a list',
    target: 'servers',
    finds: /another type/,
    runs: 100,
    edits: [['data/download.js', /!isText\(type\)/, 'false']],
  },
];

const root = fileURLToPath(new URL('../../', import.meta.url));
const seed = 1;

/** Prints, for each mend of the targets (all, where none is named), after how many runs the fuzz found that it was gone; returns 1 where it did not. */
export async function checkMends(targets: readonly string[]): Promise<number> {
  let missed = 0;
  for (const mend of mends.filter(({ target }) => targets.length === 0 || targets.includes(target))) {
    const outcome = await without(mend);
    if (outcome === undefined) missed++;
    console.log(`${mend.name}: ${outcome ?? `not found in ${mend.runs} runs`}`);
  }
  return missed === 0 ? 0 : 1;
}

/** What a run against a copy without the mend says; undefined where it finds nothing. */
async function without(mend: Mend): Promise<string | undefined> {
  const { name, edits } = mend;
  // Beside the project's own dist/, so that packages and package.json are found from it.
  const folder = mkdtempSync(join(root, 'build', 'fuzz-'));
  try {
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const file of ['package.json', 'names.txt', 'node_modules']) symlinkSync(join(root, file), join(folder, file));
    for (const [file, pattern, replacement] of edits) {
      const path = join(folder, 'dist', file);
      const text = readFileSync(path, 'utf8');
      if (!pattern.test(text)) throw new Error(`${name}: expected ${pattern} in dist/${file}, got none`);
      writeFileSync(path, text.replace(pattern, replacement));
    }
    return await found(pathToFileURL(join(folder, 'dist', 'index.js')).href, mend);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function found(copy: string, { target, finds, runs }: Mend): Promise<string | undefined> {
  const args = ['--import', 'tsx', fileURLToPath(new URL('./main.ts', import.meta.url)), target];
  args.push('--seed', String(seed), '--runs', String(runs), '--first', '--only', finds.source);
  const env = { ...process.env, HANDGRAD_LIBRARY: copy };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error === null) resolve(undefined);
      // A process that breaks down ends with 1 too, but has found nothing.
      else if (error.code === 1 && stdout.trim() !== '') resolve(stdout.trim());
      else reject(new Error(`the fuzz ended with ${error.code ?? error.signal}: ${stderr}`));
    });
  });
}
