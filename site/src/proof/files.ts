// Files that are dropped on the room or chosen: each goes where it belongs.

import { signal } from '@preact/signals';
import { change, formatAddress } from '../address.js';
import { loaded } from '../parts/loaded.js';
import { takeFile } from './store.js';

export type Role = 'candidate' | 'reference' | 'truth';
export const roles: readonly Role[] = ['candidate', 'reference', 'truth'];

/** The files that are compared, by what they are. */
export const dumps = signal<Readonly<Partial<Record<Role, File>>>>({});

/** What a file is, where its name says so. */
const hints: Readonly<Record<Role, RegExp>> = {
  truth: /truth|f(loat)?64|double/i,
  reference: /ref|expected|torch|baseline/i,
  candidate: /cand|own|mine|got|actual/i,
};

const largestText = 2 ** 20;

/** Takes each file where it belongs; gives what is wrong with them. */
export async function takeFiles(files: readonly File[]): Promise<string> {
  const complaints = await Promise.all(files.map((file) => take(file).catch((error: Error) => error.message)));
  return complaints.flatMap((text, i) => (text === undefined ? [] : `${files[i]!.name}: ${text}`)).join(' ');
}

/** Gives what is wrong with a file that can't be taken. */
async function take(file: File): Promise<string | undefined> {
  if (/\.safetensors$/i.test(file.name)) takeDump(file);
  else if (!/\.([cm]?js|py)$/i.test(file.name)) return 'expected .mjs, .js, .py or .safetensors, got another file.';
  else if (file.size > largestText) return `expected at most a megabyte of code, got ${file.size} bytes.`;
  else if (/\.py$/i.test(file.name)) await takeCell(file);
  else {
    takeFile(await textOf(file));
    change({ from: undefined }, 'push');
  }
  return undefined;
}

async function textOf(file: File): Promise<string> {
  try {
    return await file.text();
  } catch (error) {
    throw new Error(`expected a file that can be read, got ${(error as Error).message}.`);
  }
}

/** A cell in Python runs in the notebook of another room. */
async function takeCell(file: File): Promise<void> {
  const code = await textOf(file);
  const { addCell } = await loaded(() => import('../write/notebookStore.js'));
  addCell(code);
  location.hash = formatAddress({ room: 'write', query: { exercise: 'notebook' } });
}

function takeDump(file: File): void {
  const free = roles.find((role) => dumps.peek()[role] === undefined);
  const role = roles.find((role) => hints[role].test(file.name)) ?? free ?? 'candidate';
  setDump(role, file);
  change({ from: 'dumps' }, 'push');
}

export function setDump(role: Role, file: File | undefined): void {
  const { [role]: _, ...others } = dumps.peek();
  dumps.value = file === undefined ? others : { ...others, [role]: file };
}
