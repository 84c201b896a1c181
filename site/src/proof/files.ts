// Files that are dropped on the room or chosen: each goes where it belongs.

import { signal } from '@preact/signals';
import { change } from '../address.js';
import { write } from './store.js';

/** What is to be said of files that were taken. */
export interface Taken {
  readonly complaint: string;
  /** Whether a notebook cell was among them, which another room proves. */
  readonly isPython: boolean;
}

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

const largestModule = 2 ** 20;

export async function takeFiles(files: readonly File[]): Promise<Taken> {
  const complaints: string[] = [];
  let isPython = false;
  for (const file of files) {
    if (/\.[cm]?js$/i.test(file.name)) complaints.push(await takeModule(file));
    else if (/\.safetensors$/i.test(file.name)) takeDump(file);
    else if (/\.py$/i.test(file.name)) isPython = true;
    else complaints.push(`${file.name}: expected .mjs, .js or .safetensors, got another file.`);
  }
  if (isPython) complaints.push('A cell in Python is proved in the room Write: paste it into the cells there.');
  return { complaint: complaints.filter(Boolean).join(' '), isPython };
}

/** Opens a module in the editor; gives what is wrong with it. */
async function takeModule(file: File): Promise<string> {
  if (file.size > largestModule)
    return `${file.name}: expected at most a megabyte of JavaScript, got ${file.size} bytes.`;
  write(await file.text());
  change({ from: undefined }, 'push');
  return '';
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
