// The settings of a command: the options on which its result depends, in one description. Flags, the configuration in JSON,
// checkpoints and --resume come from it. Those of the model stand in src/mlp/settings.ts.

import { type Command, Option } from 'commander';
import { type Extra, FormatError, type Vocabulary } from '../index.js';
import {
  type Settings as ModelSettings,
  modelSettings,
  passNames,
  settingHelp,
  settingNames,
  trainingPresets,
} from '../mlp/settings.js';
import { integerFrom, isSet, nonNegative, readMetadata, seed, torchSeed } from './parsers.js';

/** `takes` reads a text, or lists the texts that there are; `preset` is the default where a command has no other. */
type CommandSetting = readonly [
  flags: string,
  description: string,
  takes: ((text: string) => unknown) | readonly unknown[],
  preset?: unknown,
];

const ofTheStart = {
  shuffleSeed: ['--shuffle-seed <integer>', "seed of Python's shuffle of the words", seed, 42n],
  seed: ['--seed <integer>', "seed of PyTorch's generator for parameters and minibatches", torchSeed],
  bnSeed: ['--bn-seed <integer>', "seed of PyTorch's generator for bngain and bnbias", torchSeed],
  batch: [
    '--batch <B>',
    "examples in a minibatch (Bessel's correction divides by B - 1)",
    integerFrom(2),
    trainingPresets.batch,
  ],
  relaxed: ['--relaxed', 'use the relaxed SIMD build, whose last bits may differ between engines', isSet, false],
} as const satisfies Record<string, CommandSetting>;

const ofTheModel = Object.fromEntries(
  settingNames.map((name): [string, CommandSetting] => {
    const { key, takes, preset } = modelSettings[name];
    const [symbol, description] = settingHelp[name];
    const read = takes === 'integer' ? integerFrom(1) : takes === 'number' ? nonNegative : takes;
    return [key, [`--${key} <${symbol}>`, description, read, preset]];
  }),
);

const ofTheTraining = {
  steps: ['--steps <n>', 'steps of gradient descent', integerFrom(0), 200_000],
  lr: [
    '--lr <rate>',
    'learning rate of the first half, a tenth of it in the second',
    nonNegative,
    trainingPresets.rate,
  ],
  backward: ['--backward <pass>', 'backward pass', passNames, trainingPresets.backward],
} as const satisfies Record<string, CommandSetting>;

const settings: Readonly<Record<string, CommandSetting>> = { ...ofTheStart, ...ofTheModel, ...ofTheTraining };

type ValueOf<Takes> = Takes extends (text: string) => infer Value
  ? Value
  : Takes extends readonly (infer Text)[]
    ? Text
    : never;
type ValuesOf<Table extends Record<string, CommandSetting>> = {
  -readonly [Name in keyof Table]: ValueOf<Table[Name][2]>;
};

/** The settings of a command that draws a model, but those of the model itself, which `modelOptions` reads. */
export type StartSettings = ValuesOf<typeof ofTheStart>;
/** Those of a command that trains it, too. */
export type TrainSettings = StartSettings & ValuesOf<typeof ofTheTraining>;

/** The names of these. */
export const startSettings: readonly string[] = Object.keys({ ...ofTheStart, ...ofTheModel });
export const trainSettings: readonly string[] = Object.keys(settings);

/** Gives `command` its settings, with these defaults where they differ from the usual ones. */
export function addSettings(command: Command, names: readonly string[], presets: Record<string, unknown> = {}): void {
  for (const name of names) {
    const [flags, description, takes, usual] = settings[name]!;
    const option = new Option(flags, description);
    const preset = presets[name] ?? usual;
    // A default without a text of its own is written as JSON, which a bigint has not.
    option.default(preset, typeof preset === 'bigint' ? String(preset) : undefined);
    command.addOption(typeof takes === 'function' ? option.argParser(takes) : option.choices(takes as string[]));
  }
}

/** What `options` say about the model. */
export function modelOptions(options: object): ModelSettings {
  return Object.fromEntries(
    settingNames.map((name) => [name, valueIn(options, modelSettings[name].key)]),
  ) as unknown as ModelSettings;
}

/** The settings as reports have them in JSON, with V; a seed may be larger than JSON's numbers, and is a text. */
export function configuration(options: object, vocabulary: Vocabulary): Record<string, unknown> {
  const values = (table: object) =>
    Object.fromEntries(
      Object.keys(table).flatMap((name) => {
        const value = valueIn(options, name);
        return value === undefined ? [] : [[name, typeof value === 'bigint' ? String(value) : value]];
      }),
    );
  const { relaxed: _, ...start } = values(ofTheStart);
  const { block, ...rest } = values(ofTheModel);
  return { ...start, block, vocabulary: vocabulary.size, ...rest, ...values(ofTheTraining) };
}

/** The settings as a checkpoint's metadata has them, but those of the model, which the library writes. */
export function commandTexts(options: TrainSettings): Extra['metadata'] {
  const names = Object.keys({ ...ofTheStart, ...ofTheTraining });
  return Object.fromEntries(names.map((name) => [name, String(valueIn(options, name))]));
}

/**
 * Gives the settings that were left to their defaults the values of a checkpoint. Throws FormatError, beginning with `file`, where
 * one that was set differs.
 */
export function adoptSettings(command: Command, options: object, metadata: Extra['metadata'], file: string): void {
  for (const option of command.options) {
    const name = option.attributeName();
    if (!(name in settings)) continue;
    const text = metadataText(metadata, name, file);
    const value = readMetadata(name, text, (text) => option.parseArg!(text, undefined), file);
    const got = valueIn(options, name);
    if (command.getOptionValueSource(name) === 'default') Object.assign(options, { [name]: value });
    else if (String(got) !== text) {
      throw new FormatError(`${file}: expected ${option.long} ${text}, with which it was begun, got ${got}`);
    }
  }
}

/** A text of a checkpoint's metadata. Throws FormatError, beginning with `file`, where it has none. */
export function metadataText(metadata: Extra['metadata'], name: string, file: string): string {
  const text = metadata[name];
  if (text === undefined)
    throw new FormatError(`${file}: expected a checkpoint of handgrad train or of the lab, got no ${name}`);
  return text;
}

function valueIn(options: object, name: string): unknown {
  return (options as Record<string, unknown>)[name];
}
