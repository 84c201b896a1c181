// The page's side of a training in a worker.

import { loadWords } from 'handgrad';
import { histogram } from 'handgrad/report';
import type { Answer, Order } from './messages.js';

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const show = (id: string, text: string) => {
  element(id).textContent = text;
};
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const order = (message: Order) => worker.postMessage(message);

element('train').onclick = async () => {
  const [chosen] = element<HTMLInputElement>('file').files!;
  const file = chosen && new Uint8Array(await chosen.arrayBuffer());
  order({
    kind: 'train',
    words: await loadWords('names.txt'),
    steps: element<HTMLInputElement>('steps').valueAsNumber,
    file,
  });
};
for (const kind of ['pause', 'resume', 'step', 'save', 'stop'] as const) element(kind).onclick = () => order({ kind });

worker.onmessage = ({ data }: MessageEvent<Answer>) => {
  if (data.kind === 'ready') element<HTMLButtonElement>('train').disabled = false;
  else if (data.kind === 'ended') show('state', data.state);
  else if (data.kind === 'failed') show('state', data.message);
  else if (data.kind === 'file') download(data.bytes);
  else {
    const { progress, plots, names } = data;
    const { step, steps, meanLoss, devLoss, stepsPerSecond } = progress;
    show('state', `${step} of ${steps}, ${stepsPerSecond.toFixed()} a second`);
    show('loss', meanLoss.toFixed(3));
    if (devLoss !== undefined) show('devLoss', devLoss.toFixed(3));
    show('names', names.join('\n'));
    element('plots').innerHTML =
      histogram(plots.h, { title: 'h', range: [-1, 1] }) + histogram(plots.dhpreact, { title: 'dhpreact' });
    const ratios = Object.entries(plots.ratios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
    show(
      'updates',
      `${(100 * plots.saturated).toFixed()}% saturated, ${plots.dead} dead; log10 of updates: ${ratios.join(', ')}`,
    );
  }
};
worker.onerror = ({ message }) => show('state', message);

function download(bytes: Uint8Array<ArrayBuffer>): void {
  const href = URL.createObjectURL(new Blob([bytes]));
  Object.assign(document.createElement('a'), { href, download: 'model.safetensors' }).click();
  URL.revokeObjectURL(href);
}
