// Command lines of random options, files and streams: each ends with a documented code, says why in one line where that is not 0,
// and changes no input.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Finding, type Target, type World } from './harness.js';
import { corpus } from './mutate.js';
import { commandText, type Ended, main, runProgram, wrongEnd } from './processes.js';
import type { Random } from './random.js';

export const commandsTarget: Target = {
  name: 'commands',
  runs: 300,
  quick: 4,
  together: 1,
  patience: 90,
  open: () => new Commands(),
};

const inputs = [
  'words.txt',
  'lines.txt',
  'unicode.txt',
  'model.safetensors',
  'double.safetensors',
  'checkpoint.safetensors',
];
const integers = [
  '0',
  '1',
  '2',
  '3',
  '5',
  '-1',
  '+4',
  '1.5',
  '1e3',
  '',
  ' ',
  'x',
  '9007199254740993',
  '4294967296',
  '99999999',
  '\x1b[31m',
  '٣',
];
const seeds = ['0', '42', '-1', '18446744073709551615', '18446744073709551616', '9'.repeat(100), '1.5', 'x', ''];
const decimals = ['0', '0.1', '1e-5', '1e5', '-1', 'NaN', 'Infinity', '1e999', '', 'x', '1e30', '0x10'];

/** The options of each command, with values that may be good. */
const options: Readonly<Record<string, Readonly<Record<string, readonly string[] | 'input' | 'output' | undefined>>>> =
  {
    notebook: {
      '--hidden': integers,
      '--embed': integers,
      '--block': integers,
      '--batch': integers,
      '--eps': decimals,
      '--dtype': ['float32', 'float64', 'int32', ''],
      '--seed': seeds,
      '--bn-seed': seeds,
      '--shuffle-seed': seeds,
      '--params': 'input',
      '--dump': 'output',
      '--json': undefined,
      '--relaxed': undefined,
    },
    train: {
      '--hidden': integers,
      '--embed': integers,
      '--block': integers,
      '--batch': integers,
      '--eps': decimals,
      '--lr': decimals,
      '--dtype': ['float32', 'float64', 'Float32'],
      '--backward': ['fused', 'stepwise', 'autograd', 'x'],
      '--checkpoint-every': integers,
      '--out': 'output',
      '--plot': 'output',
      '--resume': 'input',
      '--json': undefined,
      '--quiet': undefined,
      '--relaxed': undefined,
    },
    evaluate: { '--json': undefined, '--shuffle-seed': seeds },
    sample: {
      '--count': ['0', '1', '3', '-1', 'x'],
      '--seed': seeds,
      '--temperature': decimals,
      '--prompt': ['', 'a', 'e', 'zz', '.', '\x07', '\ud83d\udca1', 'e\nm'],
      '--max-length': ['0', '1', '5', '-1', 'x'],
      '--json': undefined,
    },
  };

interface Streams {
  readonly name: string;
  /** The shell's redirections around `"$@"`. */
  readonly shell: string;
  /** What must be written to stdout arrives nowhere. */
  readonly broken: 'none' | 'stdout' | 'stderr';
}

const whole: Streams = { name: '', shell: '"$@"', broken: 'none' };
const streams: readonly Streams[] = [
  { name: '>/dev/full', shell: '"$@" >/dev/full', broken: 'stdout' },
  { name: '2>/dev/full', shell: '"$@" 2>/dev/full', broken: 'stderr' },
  { name: '>&-', shell: '"$@" >&-', broken: 'stdout' },
  { name: '2>&-', shell: '"$@" 2>&-', broken: 'stderr' },
  { name: '<&-', shell: '"$@" <&-', broken: 'none' },
  { name: '| head -1', shell: 'set -o pipefail; "$@" | head -1', broken: 'stdout' },
  { name: '| true', shell: 'set -o pipefail; "$@" | true', broken: 'stdout' },
];

class Commands implements World {
  async run(random: Random): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'handgrad-fuzz-'));
    try {
      await this.#inside(folder, random);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #inside(folder: string, random: Random): Promise<void> {
    for (const name of inputs) writeFileSync(join(folder, name), corpus(name));
    mkdirSync(join(folder, 'folder'));
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'binary'), Uint8Array.of(0, 255, 10, 13, 27));
    symlinkSync('nowhere', join(folder, 'dangling'));
    const args = commandLine(random);
    const stream = random.chance(0.35) ? random.pick(streams) : whole;
    // A file that an option names as its output may be an input of another; then it may be replaced.
    const outputs = ['--out', '--plot', '--dump', '--resume'].flatMap((name) => valuesOf(args, name));
    const before = listing(folder);
    const ended = await runProgram(
      'bash',
      ['-c', stream.shell, 'fuzz', process.execPath, main, ...args],
      { cwd: folder },
      undefined,
      40_000,
    );
    const call = `${commandText(args)} ${stream.name}\ncode ${ended.code}\n${ended.stderr.slice(0, 1000)}`;
    const wrong = wrongOf(ended, stream) ?? changed(before, listing(folder), outputs);
    if (wrong !== undefined)
      throw new Finding(`handgrad ${args[0] ?? 'without a command'} ${stream.name} ${wrong}`.slice(0, 160), call);
  }
}

function wrongOf(ended: Ended, { broken }: Streams): string | undefined {
  // 141 is bash's word for a process that wrote to a pipe without a reader, and 0 what `head` makes of it.
  if (broken === 'stdout' && ended.code === 141) return 'is killed by a pipe that is closed';
  return wrongEnd(ended, broken === 'stderr');
}

function valuesOf(args: readonly string[], option: string): string[] {
  return args.flatMap((arg, i) => (arg === option && args[i + 1] !== undefined ? [args[i + 1]!] : []));
}

function commandLine(random: Random): string[] {
  const command = random.pick(Object.keys(options));
  const known = options[command]!;
  const input = () =>
    random.pick([
      ...inputs,
      ...inputs,
      'absent',
      'folder',
      'empty',
      'binary',
      'dangling',
      '',
      '/dev/null',
      'a\nb',
      '\x1b[2J',
    ]);
  const args = [command];
  if (command === 'evaluate' || command === 'sample') args.push(random.chance(0.7) ? 'model.safetensors' : input());
  if (command !== 'sample') args.push('--names', random.chance(0.7) ? 'words.txt' : input());
  // What is not said here is small, so that each takes a moment.
  if (command === 'train')
    args.push('--steps', random.pick(['0', '1', '3', '20', '200', '-1']), '--hidden', '3', '--embed', '2');
  for (let i = random.below(4); i > 0; i--) {
    const name = random.pick(Object.keys(known));
    const kind = known[name];
    if (kind === undefined) args.push(name);
    else if (kind === 'input') args.push(name, input());
    else if (kind === 'output')
      args.push(
        name,
        random.pick(['out', 'out2', 'folder/out', 'folder', 'absent/out', 'dangling', '', '/dev/full', 'words.txt']),
      );
    else args.push(name, random.pick(kind));
  }
  if (random.chance(0.08))
    args.splice(
      random.below(args.length + 1),
      0,
      random.pick(['--help', '--version', '--hiden', '-x', 'surplus', '--', '', '\x1b[31m']),
    );
  if (random.chance(0.03)) args.length = random.below(2);
  return args;
}

/** The files of a folder, with what they hold. */
function listing(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    names.map((name) => {
      try {
        return [name, readFileSync(join(folder, name)).toString('base64')];
      } catch {
        return [name, 'no file'];
      }
    }),
  );
}

/** What a command has done to files that are not its outputs. */
function changed(
  before: Map<string, string>,
  after: Map<string, string>,
  outputs: readonly string[],
): string | undefined {
  for (const [name, content] of before) {
    if (!outputs.includes(name) && after.get(name) !== content) return `changes ${name}`;
  }
  const targets = [...outputs, 'nowhere'];
  const left = [...after.keys()].filter((name) => !before.has(name) && !targets.includes(name));
  return left.length > 0 ? `leaves ${left[0]!.replace(/[\da-f-]{36}/, '…')}` : undefined;
}
