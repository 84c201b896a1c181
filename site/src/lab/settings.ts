// What the model of the page is made of, and how its address says so.

/** Sizes, seeds and batch norm's epsilon. */
export interface Settings {
  /** B: examples in the minibatch. */
  readonly batch: number;
  /** H: width of the hidden layer. */
  readonly hidden: number;
  /** E: width of the embedding. */
  readonly embed: number;
  /** T: characters of context. */
  readonly block: number;
  readonly eps: number;
  /** Draws the parameters and the minibatch. */
  readonly seed: number;
  /** Draws bngain and bnbias. */
  readonly bnSeed: number;
}

/** The notebook's, but for epsilon: its 1e05 all but switches batch norm off. */
export const standard: Settings = {
  batch: 32,
  hidden: 64,
  embed: 10,
  block: 3,
  eps: 1e-5,
  seed: 456789096543,
  bnSeed: 0,
};

/** What a setting may be, and what it is called. */
export interface Range {
  readonly label: string;
  readonly symbol: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

export const ranges: { readonly [Name in keyof Settings]: Range } = {
  batch: { label: 'examples', symbol: 'B', least: 2, most: 256, whole: true },
  hidden: { label: 'hidden width', symbol: 'H', least: 1, most: 256, whole: true },
  embed: { label: 'embedding width', symbol: 'E', least: 1, most: 32, whole: true },
  block: { label: 'context length', symbol: 'T', least: 1, most: 8, whole: true },
  eps: { label: 'epsilon', symbol: 'eps', least: 1e-12, most: 1e12, whole: false },
  seed: { label: 'seed', symbol: 'seed', least: 0, most: Number.MAX_SAFE_INTEGER, whole: true },
  bnSeed: {
    label: 'seed of bngain and bnbias',
    symbol: 'bn-seed',
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    whole: true,
  },
};

export const settingNames = Object.keys(standard) as (keyof Settings)[];

/** What is wrong with `text` as a value of `range`; null where nothing is. */
export function complaintOf({ symbol, least, most, whole }: Omit<Range, 'label'>, text: string): string | null {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return null;
  return `${symbol}: expected ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}, got ${JSON.stringify(text)}`;
}

/** What is wrong with `text` as the value of a setting; null where nothing is. */
export const complaint = (name: keyof Settings, text: string): string | null => complaintOf(ranges[name], text);

/** Numbers from the members of an address; what can't be taken keeps its value of `presets`, and is complained of. */
export function readNumbers<Name extends string>(
  ranges: Readonly<Record<Name, Range>>,
  presets: Readonly<Record<Name, number>>,
  query: Readonly<Record<string, string>>,
): { numbers: Record<Name, number>; complaints: string[] } {
  const given = (Object.keys(ranges) as Name[]).filter((name) => query[name] !== undefined);
  const complaints = given.flatMap((name) => complaintOf(ranges[name], query[name]!) ?? []);
  const taken = given.filter((name) => complaintOf(ranges[name], query[name]!) === null);
  return {
    numbers: { ...presets, ...Object.fromEntries(taken.map((name) => [name, Number(query[name])])) },
    complaints,
  };
}

/** Settings from the members of an address; what can't be taken is standard, and is complained of. */
export function readSettings(query: Readonly<Record<string, string>>): { settings: Settings; complaints: string[] } {
  const { numbers, complaints } = readNumbers<keyof Settings>(ranges, { ...standard }, query);
  return { settings: numbers, complaints };
}

/** A setting as one would type it. */
export const typed = (value: number): string => (value > 0 && value < 1e-3 ? value.toExponential() : String(value));

export const isStandard = (settings: Settings): boolean =>
  settingNames.every((name) => settings[name] === standard[name]);
