// `handgrad evaluate`: the losses of a trained model over the parts of a word list.

import type { Command } from 'commander';
import { init, readFile } from '../index.js';
import { addDataOptions, type DataOptions, loadData } from './common.js';
import { readMetadata, seed } from './options.js';
import { losses, lossLines, sizes } from './report.js';
import { printJson, printLines, say } from './streams.js';

/** Adds the command to `program`. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('print the losses of a trained model over train, dev and test')
    .argument('<model.safetensors>', 'what handgrad train wrote');
  addDataOptions(command);
  command.option('--json', 'print one JSON object', false).action(evaluate);
}

async function evaluate(path: string, options: DataOptions & { json: boolean }, command: Command): Promise<void> {
  const hg = await init();
  const loaded = hg.loadModel(await readFile(path), path);
  const { model, vocabulary } = loaded;
  const { shuffleSeed, words } = loaded.extra.metadata;
  // The parts of the training, unless others are asked for.
  if (shuffleSeed !== undefined && command.getOptionValueSource('shuffleSeed') === 'default') {
    options.shuffleSeed = readMetadata('shuffleSeed', shuffleSeed, seed, path);
  }
  const data = await loadData(hg, options, model.sizes.T, vocabulary);
  if (words !== undefined && words !== data.digest) {
    say('handgrad: note: this is not the word list of the training, so dev and test may hold words of it');
  }
  const loss = losses(model, data, loaded.statistics ?? model.calibrate(data.datasets.train));
  if (!options.json) await printLines(lossLines(loss));
  else {
    await printJson({
      loss,
      sizes: sizes(data),
      parameterCount: model.parameterCount,
      calibrated: loaded.statistics !== undefined,
    });
  }
}
