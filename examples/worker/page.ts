// The page's side of a training in a worker.

import { loadWords } from 'handgrad';
import type { Answer, Order } from './messages.js';

const words = await loadWords('/names.txt');
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

worker.onmessage = ({ data }: MessageEvent<Answer>) => {
  if (data.kind === 'ready') worker.postMessage({ words, steps: 5000 } satisfies Order);
  else if (data.kind === 'progress') document.title = `${data.step}: ${data.meanLoss.toFixed(3)}`;
  else document.body.textContent = `${data.words.join('\n')}\nC is [${data.C.shape.join(', ')}]`;
};
