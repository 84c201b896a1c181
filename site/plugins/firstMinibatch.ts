// `virtual:first-minibatch`: the minibatch of the page's first view, drawn while the site is built, so that the first view need not
// wait for the word list.

import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import type { FirstMinibatch } from '../src/lab/protocol.js';
import { standard } from '../src/lab/settings.js';

const repository = new URL('../../', import.meta.url);

async function draw(): Promise<FirstMinibatch> {
  const library: typeof import('handgrad') = await import(
    pathToFileURL(fileURLToPath(new URL('dist/index.js', repository))).href
  );
  const hg = await library.init();
  const words = await library.loadWords(fileURLToPath(new URL('names.txt', repository)));
  const vocabulary = new library.Vocabulary(words);
  hg.pythonRandom(42).shuffle(words);
  const { train } = library.split(words);
  const dataset = library.buildDataset(train, vocabulary, standard.block);
  const generator = hg.generator().manualSeed(standard.seed);
  const { block: blockSize, embed, hidden, eps } = standard;
  const bnGenerator = hg.generator().manualSeed(standard.bnSeed);
  hg.createModel({ vocabSize: vocabulary.size, blockSize, embed, hidden, eps, generator, bnGenerator });
  const rows = generator.randint(0, dataset.Y.data.length, [standard.batch]).data;
  const { Xb, Yb } = library.takeBatch(dataset, rows);
  return { characters: vocabulary.itos.slice(1).join(''), Xb: [...Xb.data], Yb: [...Yb.data] };
}

/** The plugin. */
export function firstMinibatch(): Plugin {
  const name = 'virtual:first-minibatch';
  return {
    name: 'handgrad:first-minibatch',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      return id === `\0${name}` ? `export const firstMinibatch = ${JSON.stringify(await draw())};` : null;
    },
  };
}
