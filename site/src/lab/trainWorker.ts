// The worker that trains. It goes on by itself, and answers between the slices of the training.

import { parseWords } from 'handgrad';
import { loaded } from '../parts/loaded.js';
import { core } from './core.js';
import { bundledWords } from './model.js';
import { serve } from './serve.js';
import { sha256 } from './sha256.js';
import { Training } from './training.js';
import type { List } from './trainingFile.js';
import type { OwnList, TrainEvent, TrainRequests } from './trainProtocol.js';

/** How often there is something to be kept, in milliseconds. */
const keepEvery = 3000;

let list: Promise<List> | undefined;
let training: Training | undefined;
let keptAt = 0;

function current(): Training {
  if (training === undefined) throw new Error('training: expected one that was prepared, got none');
  return training;
}

/** Reads a list; the one before stays where it can't be. */
async function readList(own: OwnList | null): Promise<List> {
  const words = own === null ? await bundledWords() : parseWords(own.text, own.name);
  const next = {
    name: own?.name ?? 'names.txt',
    isOwn: own !== null,
    count: words.length,
    digest: await sha256(new TextEncoder().encode(words.map((word) => `${word}\n`).join(''))),
    words,
  };
  list = Promise.resolve(next);
  return next;
}

/** Another training instead of the one before, which stays where the new one can't be made. */
async function begin(from: ConstructorParameters<typeof Training>[2]) {
  const hg = await core();
  list ??= readList(null);
  const next = new Training(hg, await list, from);
  training?.dispose();
  training = next;
  return next.prepared;
}

function tell(event: TrainEvent): void {
  postMessage({ event });
}

/** Tells how far the training has come; the file goes along when it is time to keep it. */
function told(from: Training): void {
  if (from !== training) return;
  const { progress } = from;
  const isDue = performance.now() - keptAt >= keepEvery || progress.state !== 'running';
  if (isDue) keptAt = performance.now();
  tell(isDue ? { progress, bytes: from.reportedFile() } : { progress });
}

function run(from: Training): void {
  // The first steps are worth keeping once there are some seconds of them.
  keptAt = performance.now();
  from
    .run(() => told(from))
    .catch((error: Error) => {
      if (from === training) tell({ progress: { ...from.progress, state: 'paused', failure: error.message } });
    });
}

await serve<TrainRequests>(
  {
    list: async (own) => {
      const { words: _, ...head } = await readList(own);
      return head;
    },
    prepare: (settings) => begin({ settings }),
    resume: (saved) => begin({ saved }),
    run: () => {
      run(current());
      return current().progress;
    },
    pause: async () => {
      await current().pause();
      told(current());
      return current().progress;
    },
    step: (count) => {
      current().step(count);
      told(current());
      return current().progress;
    },
    rate: (rate) => {
      current().rate = rate;
      return current().progress;
    },
    look: () => current().look(),
    evaluate: () => current().evaluate(),
    measure: (backward) => current().measure(backward),
    file: () => current().file(),
    weights: () => current().weights(),
  },
  () => loaded(core),
);
