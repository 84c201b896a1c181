// Exercise 4: the same model trained twice, by a program that somebody has written and by the fused pass.

import { buildDataset, type Trainer, Vocabulary } from 'handgrad';
import { CellTraining } from 'handgrad/lesson';
import { core } from './core.js';
import { type Begun, drawModel, partsOf } from './drawing.js';
import { bundledWords } from './model.js';
import type { OwnOrder, OwnSteps } from './protocol.js';
import { type Settings, standard } from './settings.js';
import { exercise4 } from './trainSettings.js';

const rate = 0.1;
const { seed, bnSeed } = exercise4;
const settings: Settings = { ...standard, seed, bnSeed };

interface Both {
  readonly own: CellTraining;
  readonly fused: Trainer;
}

let both: Both | undefined;

/** Carries out some steps of both; from the beginning where a program is given. */
export async function trainOwn({ source, steps }: OwnOrder): Promise<OwnSteps> {
  if (source !== null) {
    const next = await begun(source);
    both?.fused.dispose();
    both = next;
  }
  if (both === undefined) throw new Error('There is no training to go on with.');
  const { own, fused } = both;
  const [ownLosses, ownTime] = timed(() => Array.from({ length: steps }, () => own.step(rate)));
  const [fusedLosses, fusedTime] = timed(() => Array.from(fused.run(new Float64Array(steps).fill(rate))));
  return { own: ownLosses, fused: fusedLosses, ownTime, fusedTime };
}

function timed<T>(run: () => T): [T, number] {
  const start = performance.now();
  const result = run();
  return [result, performance.now() - start];
}

async function begun(source: string): Promise<Both> {
  const [hg, words] = [await core(), await bundledWords()];
  const vocabulary = new Vocabulary(words);
  const dataset = buildDataset(partsOf(hg, words).train, vocabulary, settings.block);
  const [one, other] = [0, 1].map(() => drawModel(hg, vocabulary.size, settings)) as [Begun, Begun];
  const { batch } = settings;
  return {
    own: new CellTraining(hg, source, { ...one, dataset, vocabulary, batch }),
    fused: hg.trainer(other.model, { generator: other.generator, dataset, batch }),
  };
}
