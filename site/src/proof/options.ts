// How a module is proved, as one writes it into the fields of the page, keeps it and shares it.

import { complaintOf } from '../lab/settings.js';
import type { Options } from './sandbox/protocol.js';

/** What is in the fields. */
export type Fields = { readonly [Name in keyof Options]: string };

export const standard: Fields = { dtype: 'float32', seed: '0', repeat: '1', seconds: '20' };

/** The fields that take a number, with what it may be. */
export const ranges = {
  seed: { symbol: 'seed', least: 0, most: 2 ** 32 - 1, whole: true },
  repeat: { symbol: 'repeat', least: 1, most: 1000, whole: true },
  seconds: { symbol: 'seconds at most', least: 1, most: 600, whole: true },
} as const;

/** The options that the fields say, or what is wrong with them. */
export function readFields({ dtype, ...numbers }: Fields): { options: Options } | { complaints: string[] } {
  const names = Object.keys(ranges) as (keyof typeof ranges)[];
  const complaints = names.flatMap((name) => complaintOf(ranges[name], numbers[name]) ?? []);
  if (complaints.length > 0) return { complaints };
  const [seed, repeat, seconds] = names.map((name) => Number(numbers[name])) as [number, number, number];
  return { options: { dtype: dtype === 'float64' ? 'float64' : 'float32', seed, repeat, seconds } };
}

/** A module with its fields. */
export interface Work {
  readonly code: string;
  readonly fields: Fields;
  /** A module that this one has replaced. */
  readonly before: string | null;
}

export const packedWork = ({ code, fields, before }: Work): string => JSON.stringify({ code, before, ...fields });

/** What `packedWork` has made. Throws TypeError for anything else; fields that are missing are standard. */
export function readWork(text: string): Work {
  const { code, before, ...given } = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof code !== 'string') throw new TypeError('code: expected a text, got none');
  const names = Object.keys(standard) as (keyof Fields)[];
  const entries = names.map((name) => [name, typeof given[name] === 'string' ? given[name] : standard[name]]);
  return { code, fields: Object.fromEntries(entries) as Fields, before: typeof before === 'string' ? before : null };
}
