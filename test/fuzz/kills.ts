// Trainings that are killed at random moments and resumed until they are done: the model has the bytes of an unbroken run, and
// nothing else is left.

import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Finding, type Target, type World } from './harness.js';
import { library } from './library.js';
import { commandText, type Ended, run } from './processes.js';
import { derive, Random } from './random.js';

export const killsTarget: Target = {
  name: 'kills',
  runs: 20,
  quick: 1,
  together: 1000,
  patience: 120,
  open: () => new Kills(),
  summary: () =>
    Object.entries(kills)
      .map(([signal, times]) => `${times} by ${signal}`)
      .join(', '),
};

const words = fileURLToPath(new URL('./corpus/words.txt', import.meta.url));
/** Two at once, for there is more than one processor. */
const atOnce = 2;
/** Kills of one training before it is let go to its end. */
const mostKills = 3;

/** Trainings that take some tenths of a second and write a checkpoint every few milliseconds. */
const trainings: readonly (readonly string[])[] = [
  ['--hidden', '8', '--embed', '3', '--batch', '8', '--steps', '20000', '--checkpoint-every', '300'],
  [
    '--hidden',
    '5',
    '--embed',
    '2',
    '--batch',
    '4',
    '--steps',
    '15000',
    '--checkpoint-every',
    '100',
    '--dtype',
    'float64',
  ],
  [
    '--hidden',
    '4',
    '--embed',
    '2',
    '--batch',
    '4',
    '--steps',
    '1200',
    '--checkpoint-every',
    '7',
    '--backward',
    'autograd',
  ],
];

const unbroken = new Map<readonly string[], Promise<Uint8Array>>();
/** Kills so far. */
const kills = { SIGKILL: 0, SIGTERM: 0, SIGINT: 0 };
class Kills implements World {
  async run(random: Random): Promise<void> {
    const seed = random.bits();
    await Promise.all(Array.from({ length: atOnce }, (_, i) => survive(new Random(derive(seed, i)))));
  }
}

/** Kills one training until it is done. */
async function survive(random: Random): Promise<void> {
  const options = random.pick(trainings);
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-fuzz-'));
  try {
    const want = await (unbroken.get(options) ?? begin(options));
    const path = join(folder, 'm');
    const text: string[] = [];
    for (let kill = 0; ; kill++) {
      const start = existsSync(path) ? ['--resume', path] : ['--out', path, ...options];
      // The width of a checkpoint's steps is no part of the model: a resumed run may have others.
      if (start[0] === '--resume') start.push('--checkpoint-every', String(random.between(3, 400)));
      const args = ['train', '--names', words, '--quiet', ...start];
      const signal = random.pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT'] as const);
      const moment = kill < mostKills ? momentOf(random) : undefined;
      const before = readdirSync(folder);
      const ended = await run(args, {}, (child) => moment?.kill(child, signal, folder), 60_000);
      const how = moment === undefined ? 'to its end' : `${signal} ${moment.text}`;
      text.push(`${commandText(args)}  # ${how}, code ${ended.code}`);
      const done = check(ended, signal, folder, before, text);
      if (done) break;
    }
    if (Buffer.compare(readFileSync(path), want) !== 0)
      throw new Finding('a resumed training ends in other bytes', text.join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Moment {
  readonly text: string;
  kill(child: ChildProcess, signal: NodeJS.Signals, folder: string): void;
}

/** When to kill: some time after the start, or at one of the changes to the folder, between which the training goes on. */
function momentOf(random: Random): Moment {
  if (random.chance(0.25)) {
    const after = random.between(20, 900);
    return {
      text: `after ${after} ms`,
      kill: (child, signal) => {
        const timer = setTimeout(() => child.kill(signal), after);
        child.on('exit', () => clearTimeout(timer));
      },
    };
  }
  const change = Math.floor(2 ** random.real(0, 7));
  const after = random.chance(0.5) ? 0 : random.below(20);
  return {
    text: `${after} ms after change ${change} of the folder`,
    kill: (child, signal, folder) => {
      let changes = 0;
      const watcher = watch(folder, () => {
        if (++changes === change) setTimeout(() => child.kill(signal), after);
      });
      child.on('exit', () => watcher.close());
    },
  };
}

async function begin(options: readonly string[]): Promise<Uint8Array> {
  const made = (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handgrad-fuzz-'));
    try {
      const ended = await run(
        ['train', '--names', words, '--quiet', '--out', join(folder, 'm'), ...options],
        {},
        undefined,
        60_000,
      );
      if (ended.code !== 0) throw new Finding('an unbroken training fails', `${commandText(options)}\n${ended.stderr}`);
      return new Uint8Array(readFileSync(join(folder, 'm')));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  })();
  unbroken.set(options, made);
  return made;
}

/** Whether the training is done. Throws a Finding where it ended or left its folder in a way that it should not. */
function check(
  ended: Ended,
  signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT',
  folder: string,
  before: readonly string[],
  text: readonly string[],
): boolean {
  const fail = (what: string) => new Finding(what, `${text.join('\n')}\n${ended.stderr}`);
  if (ended.late) throw fail('a training does not end');
  const done = ended.code === 0;
  if (!done) kills[signal]++;
  const code = { SIGKILL: undefined, SIGTERM: 143, SIGINT: 130 }[signal];
  // A signal that comes before the training begins ends the process as it ends any other.
  if (!done && ended.signal !== signal && ended.code !== code)
    throw fail(`${signal} ends a training with code ${ended.code}`);
  // What an earlier SIGKILL has left stays: no process removes what may be another's.
  const left = readdirSync(folder).filter((name) => name !== 'm' && !before.includes(name));
  const other = left.find((name) => done || signal !== 'SIGKILL' || !/^m\..*\.tmp$/.test(name));
  if (other !== undefined)
    throw fail(`${done ? 'a training that is done' : signal} leaves ${other.replace(/[\da-f-]{36}/, '…')}`);
  if (existsSync(join(folder, 'm'))) {
    try {
      library.parseSafetensors(new Uint8Array(readFileSync(join(folder, 'm'))));
    } catch (error) {
      throw fail(`a checkpoint can't be read: ${error}`.slice(0, 120));
    }
  }
  return done;
}
