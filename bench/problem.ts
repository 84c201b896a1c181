// The training problem that all contestants are given, and the file that hands it to them.

import {
  buildDataset,
  type Dataset,
  formatSafetensors,
  init,
  loadWords,
  Vocabulary,
  writeFileAtomic,
} from '../src/index.js';

/** Batch and hidden width. */
export interface Size {
  B: number;
  H: number;
}

export const sizes: readonly Size[] = [
  { B: 32, H: 64 },
  { B: 32, H: 200 },
  { B: 256, H: 512 },
  { B: 1024, H: 1024 },
];
export const [T, V, E] = [3, 27, 10];
export const title = ({ B, H }: Size) => `${B}×${H}`;

/** Steps whose losses are compared before anything is measured. */
const checkedSteps = 5;
/** Seed of the generator that draws the batches; peers/handgrad.mjs has it too. */
const batchSeed = 0;

/** All examples of the bundled word list. */
export async function examples(): Promise<Dataset> {
  const words = await loadWords(new URL('../names.txt', import.meta.url));
  return buildDataset(words, new Vocabulary(words), T);
}

/** Writes parameters by name, examples X and Y, and the indices [5, B] of the first batches, as safetensors. */
export async function writeProblem(path: string, { B, H }: Size, { X, Y }: Dataset): Promise<void> {
  const hg = await init();
  const [generator, bnGenerator] = [hg.generator().manualSeed(2147483647), hg.generator().manualSeed(42)];
  const { parameters } = hg.createModel({ vocabSize: V, embed: E, hidden: H, generator, bnGenerator });
  const indices = hg.generator().manualSeed(batchSeed).randint(0, Y.data.length, [checkedSteps, B]);
  await writeFileAtomic(path, formatSafetensors({ ...parameters, X, Y, indices }));
}
