// The options of a model, in one description: checks, the metadata of files and the flags of the command line come from it; and what its
// training takes where nothing is said.

import { finite, integer, oneOf } from '../base/check.js';
import { type FloatDType, floatDTypes } from '../base/ndarray.js';
import { show } from '../base/show.js';
import { byName } from './layout.js';

/** All backward passes; the module knows them by their places. */
export const passNames = ['fused', 'stepwise', 'autograd'] as const;

/** What a training takes where nothing else is said. */
export const trainingPresets = { batch: 32, backward: 'fused', rate: 0.1 } as const;

/** What a model is made of. */
export interface ModelOptions {
  /** V: characters in the vocabulary. */
  vocabSize: number;
  /** T: characters of context. Default 3. */
  blockSize?: number;
  /** E: width of the embedding. Default 10. */
  embed?: number;
  /** H: width of the hidden layer. Default 64. */
  hidden?: number;
  /** Batch norm's epsilon. Default 1e-5; the notebook has 1e5. */
  eps?: number;
  /** Element type; parameters are drawn as float32 whatever it is. Default float32. */
  dtype?: FloatDType;
}

/** The options that have a default, each with its value. */
export type Settings = Readonly<Required<Omit<ModelOptions, 'vocabSize'>>>;

/** What a setting takes, and where it is called what. */
interface Setting<Value> {
  /** Its name in a file's metadata and, behind two dashes, on the command line. */
  readonly key: string;
  /** Which values it takes: integers of at least 1, finite numbers of at least 0, or these texts. */
  readonly takes: [Value] extends [number] ? 'integer' | 'number' : readonly Value[];
  readonly preset: Value;
  /** What a file means that does not have it, where it came after the first files. Without this, a file has to have it. */
  readonly absent?: Value;
}

/**
 * The settings, in the order in which files and reports have them. A new one is a member of `ModelOptions`, a line here, with `absent`, and one
 * in `settingHelp`.
 */
export const modelSettings: { readonly [Name in keyof Settings]: Setting<Settings[Name]> } = {
  blockSize: { key: 'block', takes: 'integer', preset: 3 },
  embed: { key: 'embed', takes: 'integer', preset: 10 },
  hidden: { key: 'hidden', takes: 'integer', preset: 64 },
  eps: { key: 'eps', takes: 'number', preset: 1e-5 },
  dtype: { key: 'dtype', takes: floatDTypes, preset: 'float32' },
};

/** What the command line's help says: what stands for the value, and what it is. Apart, for bundles leave it out. */
export const settingHelp: Readonly<Record<keyof Settings, readonly [symbol: string, description: string]>> = {
  blockSize: ['T', 'characters of context'],
  embed: ['E', 'width of the embedding'],
  hidden: ['H', 'width of the hidden layer'],
  eps: ['number', "batch norm's epsilon"],
  dtype: ['dtype', 'element type'],
};

export const settingNames = Object.keys(modelSettings) as (keyof Settings)[];

/** The settings given, and the presets of the others. Throws TypeError or RangeError. */
export function checkedSettings(given: { readonly [Name in keyof Settings]?: unknown }): Settings {
  const checked = byName(settingNames, (name) => {
    const { takes, preset } = modelSettings[name] as Setting<unknown>;
    const value = given[name] === undefined ? preset : given[name];
    if (typeof takes !== 'string') return oneOf(name, value, takes as string[]);
    return takes === 'integer' ? integer(name, value, 1) : finite(name, value, 0);
  });
  return Object.freeze(checked) as Settings;
}

/** Settings as a file's metadata has them. */
export function settingTexts(settings: Settings): Record<string, string> {
  return Object.fromEntries(settingNames.map((name) => [modelSettings[name].key, String(settings[name])]));
}

/** The metadata of a file, with what it means by those settings that it does not have. */
export function withAbsent(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const absent = settingNames.flatMap((name) => {
    const { key, absent } = modelSettings[name];
    return absent === undefined ? [] : [[key, String(absent)] as const];
  });
  return { ...Object.fromEntries(absent), ...metadata };
}

/** The settings of a file, where `text` gives the metadata by key. Throws TypeError or RangeError. */
export function readSettings(text: (key: string) => string): Settings {
  const read = byName(settingNames, (name) => {
    const { key, takes } = modelSettings[name];
    return typeof takes === 'string' ? readNumber(key, text(key)) : text(key);
  });
  return checkedSettings(read);
}

/** A number as `String` writes it. Throws TypeError for other texts. */
export function readNumber(name: string, text: string): number {
  if (String(Number(text)) !== text) throw new TypeError(`${name}: expected a number, got ${show(text)}`);
  return Number(text);
}
