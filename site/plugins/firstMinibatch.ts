// `virtual:first-minibatch`: the minibatch of the page's first view, drawn while the site is built, so that the first view need not
// wait for the word list.

import { fileURLToPath } from 'node:url';
import { buildDataset, init, loadWords, Vocabulary } from 'handgrad';
import type { Plugin } from 'vite';
import { drawBatch, drawModel, partsOf } from '../src/lab/drawing.js';
import type { FirstMinibatch } from '../src/lab/protocol.js';
import { standard } from '../src/lab/settings.js';

async function draw(): Promise<FirstMinibatch> {
  const hg = await init();
  const words = await loadWords(fileURLToPath(new URL('../../names.txt', import.meta.url)));
  const vocabulary = new Vocabulary(words);
  const dataset = buildDataset(partsOf(hg, words).train, vocabulary, standard.block);
  const { generator } = drawModel(hg, vocabulary.size, standard);
  const { Xb, Yb } = drawBatch(dataset, generator, standard.batch);
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
