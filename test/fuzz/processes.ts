// The command line as a process, and what every end of it must be like.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line. */
export const main = process.env.HANDGRAD_LIBRARY
  ? fileURLToPath(new URL('cli/main.js', process.env.HANDGRAD_LIBRARY))
  : fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  /** undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was killed for taking too long. */
  readonly late: boolean;
}

/** Runs `handgrad` with `args`; `during` is given the process. */
export function run(
  args: readonly string[],
  options: SpawnOptions = {},
  during: (child: ChildProcess) => void = () => {},
  milliseconds = 20_000,
): Promise<Ended> {
  return runProgram(process.execPath, [main, ...args], options, during, milliseconds);
}

export function runProgram(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
  during: (child: ChildProcess) => void = () => {},
  milliseconds = 20_000,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let [stdout, stderr, late] = ['', '', false];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, milliseconds);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, signal, stdout, stderr, late });
    });
    during(child);
  });
}

/** What is wrong with how a command ended: its code, and the one line on stderr that says why it is not 0. */
export function wrongEnd({ code, signal, stderr, late }: Ended, broken = false): string | undefined {
  if (late) return 'does not end';
  if (code === undefined) return `ends by ${signal}`;
  if (![0, 1, 2, 4].includes(code) && code <= 128)
    return `ends with code ${code}: ${stderr.split('\n')[0]}`.slice(0, 120);
  const control = stderr.replaceAll('\n', '').match(/[\p{Cc}\u2028\u2029]/u);
  if (control !== null) return `writes the control character ${JSON.stringify(control[0])} to stderr`;
  if (code === 0 || broken) return undefined;
  const lines = stderr.trimEnd().split('\n');
  const reasons = lines.filter((line) => /^(handgrad|error): /.test(line) && !line.startsWith('handgrad: note: '));
  if (reasons.length !== 1) return `says why it failed in ${reasons.length} lines`;
  const others = lines.filter((line) => !reasons.includes(line) && !isProgress(line));
  return others.length > 0 ? `writes more than the reason: ${others[0]}`.slice(0, 120) : undefined;
}

/** The notebook's lines of progress, and notes. */
function isProgress(line: string): boolean {
  return /^ *\d+\/ *\d+: /.test(line) || line.startsWith('handgrad: note: ');
}

/** A command line as one would type it. */
export function commandText(args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w./:=+-]+$/.test(arg) ? arg : JSON.stringify(arg)));
  return ['handgrad', ...quoted].join(' ');
}
