// `handgrad evaluate`: the losses of a trained model over the parts of a word list.

import type { Command } from 'commander';
import { DatasetError, init, readFile, type Vocabulary } from '../index.js';
import { losses, lossLines, sizes } from './figures.js';
import { readMetadata, seed } from './parsers.js';
import { addSettings } from './settings.js';
import { printJson, printLines, say } from './streams.js';
import type { Examples, WordList, WordOptions } from './wordList.js';
import { addNamesOption, examplesOf, loadWordList } from './wordList.js';

/** Adds the command to `program`. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('print the losses of a trained model over train, dev and test')
    .argument('<model.safetensors>', 'what handgrad train wrote');
  addNamesOption(command);
  addSettings(command, ['shuffleSeed']);
  command.option('--json', 'print one JSON object', false).action(evaluate);
}

async function evaluate(path: string, options: WordOptions & { json: boolean }, command: Command): Promise<void> {
  const hg = await init();
  const loaded = hg.loadModel(await readFile(path), path);
  const { model, vocabulary } = loaded;
  const { shuffleSeed, words } = loaded.extra.metadata;
  // The parts of the training, unless others are asked for.
  if (shuffleSeed !== undefined && command.getOptionValueSource('shuffleSeed') === 'default') {
    options.shuffleSeed = readMetadata('shuffleSeed', shuffleSeed, seed, path);
  }
  const list = await loadWordList(hg, options);
  const examples = knownExamples(list, model.sizes.T, vocabulary, path);
  if (words !== undefined && words !== list.digest) {
    say(
      'handgrad: note: this is not the word list of the training (--names takes that), so dev and test may hold words of it',
    );
  }
  const loss = losses(model, examples, loaded.statistics ?? model.calibrate(examples.datasets.train));
  if (!options.json) return printLines(lossLines(loss));
  const calibrated = loaded.statistics !== undefined;
  await printJson({ loss, sizes: sizes(examples), parameterCount: model.parameterCount, calibrated });
}

/** The examples of a word list. Throws DatasetError, about the file `path` of the model, where that does not know a character. */
function knownExamples(list: WordList, blockSize: number, vocabulary: Vocabulary, path: string): Examples {
  try {
    return examplesOf(list, blockSize, vocabulary);
  } catch (cause) {
    const expected = `${path}: expected --names with the words of its training, got others`;
    throw new DatasetError(`${expected}: ${(cause as Error).message}`, { cause });
  }
}
