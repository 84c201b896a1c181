// What a saved training has beside the model: settings, rates, losses, and the words that it is of. The settings are those of
// `handgrad train`, by its names, so that `--resume` goes on with a file of the page.

import { type Extra, type Generator, type LoadedModel, type Model, Vocabulary } from 'handgrad';
import { shuffleSeed } from './drawing.js';
import { Losses } from './series.js';
import type { ListHead, RateFrom } from './trainProtocol.js';
import { readTraining, type TrainSettings } from './trainSettings.js';

/** Words with what is known of them. */
export interface List extends ListHead {
  readonly words: readonly string[];
}

/** What is written beside the model. */
export function extraOf(
  { batch, seed, bnSeed, steps, backward }: TrainSettings,
  list: List,
  rates: readonly RateFrom[],
  { sums, every }: Losses,
): Extra {
  const lr = rates.at(-1)!.rate;
  const settings = { batch, seed, bnSeed, steps, backward, lr, shuffleSeed, relaxed: false };
  return {
    tensors: { lossSums: { dtype: 'float64', shape: [sums.length], data: sums } },
    metadata: {
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
      rates: rates.map(({ step, rate }) => `${rate} from ${step}`).join(', '),
      lossEvery: String(every),
      list: list.name,
      words: list.digest,
    },
  };
}

/** What a training goes on with. */
export interface SavedTraining {
  readonly settings: TrainSettings;
  readonly model: Model;
  readonly generator: Generator;
  readonly firstStep: number;
  readonly losses: Losses;
  readonly rates: readonly RateFrom[];
}

/** What the file `name` has. Throws RangeError unless it is of a training with these words. */
export function savedTraining(loaded: LoadedModel, list: List, name: string): SavedTraining {
  const settings = settingsOf(loaded, list, name);
  const { step: firstStep, generator } = loaded.training!;
  const { lossSums } = loaded.extra.tensors;
  const { lossEvery, rates: text } = loaded.extra.metadata;
  const rates = readRates(text) ?? [{ step: 0, rate: settings.rate }];
  return {
    settings: { ...settings, rate: rates[0]!.rate },
    model: loaded.model,
    generator,
    firstStep,
    losses:
      lossSums === undefined ? Losses.unknown(firstStep) : Losses.from(lossSums.data, Number(lossEvery), firstStep),
    rates,
  };
}

/** The settings of a file, which has to be of a training with these words. */
function settingsOf({ model, vocabulary, training, extra }: LoadedModel, list: List, name: string): TrainSettings {
  if (training === undefined) {
    throw new RangeError(`${name}: expected a saved training, got a model alone, from which no training can go on`);
  }
  const { words = '', list: listName = 'another list' } = extra.metadata;
  const isOther = words !== '' && list.digest !== '' && words !== list.digest;
  if (isOther || vocabulary.itos.join('') !== new Vocabulary(list.words).itos.join('')) {
    throw new RangeError(
      `${name}: expected the words it was begun with, ${listName}, got ${list.name}: put them in first`,
    );
  }
  const { T: block, E: embed, H: hidden } = model.sizes;
  const { shuffleSeed: seed = String(shuffleSeed), relaxed } = extra.metadata;
  if (relaxed === 'true') {
    throw new RangeError(
      `${name}: expected a training by the strict build, got one by the relaxed build, which the page does not run`,
    );
  }
  if (seed !== String(shuffleSeed)) {
    throw new RangeError(`${name}: expected words that were shuffled with seed ${shuffleSeed}, got ${seed}`);
  }
  // Files that the page wrote before have their rate under its own name.
  const { rate: own = '', lr: rate = own, ...others } = extra.metadata;
  const sizes = Object.entries({ block, embed, hidden, eps: model.eps }).map(([key, value]) => [key, `${value}`]);
  const { settings, complaints } = readTraining({ ...others, rate, ...Object.fromEntries(sizes) });
  if (complaints.length > 0) throw new RangeError(`${name}: ${complaints[0]}`);
  if (training.step > settings.steps) {
    throw new RangeError(`${name}: expected a step from 0 to ${settings.steps}, got ${training.step}`);
  }
  return settings;
}

/** The rates of a file: `0.1 from 0, 0.05 from 1500`. */
function readRates(text: string | undefined): RateFrom[] | undefined {
  return text?.split(', ').map((part) => {
    const [rate, step] = part.split(' from ').map(Number);
    if (!(rate! >= 0 && step! >= 0)) throw new RangeError(`rates: expected numbers of at least 0, got ${part}`);
    return { step: step!, rate: rate! };
  });
}
