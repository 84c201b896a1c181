// How fast a backward pass trains here.

import type { Backward, Dataset, Handgrad, Vocabulary } from 'handgrad';
import { drawModel } from './drawing.js';
import type { Speed } from './trainProtocol.js';
import type { TrainSettings } from './trainSettings.js';

/** Trains a model of `settings` for a moment. */
export function measured(
  hg: Handgrad,
  dataset: Dataset,
  vocabulary: Vocabulary,
  settings: TrainSettings,
  backward: Backward,
): Speed {
  const { batch } = settings;
  const { model, generator } = drawModel(hg, vocabulary.size, settings);
  const steps = Number.MAX_SAFE_INTEGER;
  const session = model.session({ dataset, vocabulary, generator, batch, backward, steps, rate: 0.01 });
  try {
    // The first steps run in the engine's baseline compiler.
    let report = session.step(3);
    for (let count = 4; count / report.stepsPerSecond < 0.06; count *= 2) report = session.step(count);
    return { backward, stepsPerSecond: report.stepsPerSecond };
  } finally {
    session.stop();
    model.dispose();
  }
}
