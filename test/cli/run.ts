// Runs the command line as a user does.

import { type ChildProcess, execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export function handgrad(...args: string[]): Promise<Outcome> {
  return running(...args).outcome;
}

/** What becomes of `script`, in which "$@" is the command line with `args`, and $1 the program of Node.js. */
export function shell(script: string, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('bash', ['-c', script, 'bash', process.execPath, main, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr });
    });
  });
}

/** A process and what becomes of it; the code of one that a signal killed is NaN. */
export function running(...args: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
  let child: ChildProcess | undefined;
  const outcome = new Promise<Outcome>((resolve) => {
    child = execFile(process.execPath, [main, ...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? Number.NaN), stdout, stderr });
    });
  });
  return { child: child!, outcome };
}
