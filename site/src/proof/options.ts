// How a module is proved, as one writes it into the fields of the page, keeps it and shares it.

import { complaintOf } from '../lab/settings.js';
import { type Format, readJson, readOthers, recordOf } from '../sharedTexts.js';
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

/** How the module is kept: it and the one that it has replaced are texts, of which none is lost. */
export const format = (first: string): Format<Fields> => ({
  read(text) {
    const given = readJson(text);
    const { code, fields, before } = workOf(recordOf(given));
    const texts = { code: code ?? first, before: before ?? '' };
    return { texts, others: readOthers(recordOf(given).others, Object.keys(texts)), rest: fields };
  },
  write: ({ texts, others, rest }) => JSON.stringify({ ...texts, ...rest, others }),
});

export const packedWork = ({ code, fields, before }: Work): string => JSON.stringify({ code, before, ...fields });

/** What `packedWork` has made. Throws TypeError for anything else; fields that are missing are standard. */
export function readWork(text: string): Work {
  const { code, ...rest } = workOf(recordOf(JSON.parse(text)));
  if (code === null) throw new TypeError('code: expected a text, got none');
  return { code, ...rest };
}

function workOf({ code, before, ...given }: Readonly<Record<string, unknown>>): Omit<Work, 'code'> & {
  readonly code: string | null;
} {
  const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
  const names = Object.keys(standard) as (keyof Fields)[];
  const entries = names.map((name) => [name, textOf(given[name]) ?? standard[name]]);
  const fields = Object.fromEntries(entries) as Fields;
  const dtype = ['float32', 'float64'].includes(fields.dtype) ? fields.dtype : standard.dtype;
  return { code: textOf(code), fields: { ...fields, dtype }, before: textOf(before) };
}
