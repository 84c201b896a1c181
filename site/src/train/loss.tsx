// The loss as it falls: of the minibatches, and on a sample of the words held back.

import { useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { scheme } from '../colours.js';
import type { Progress } from '../lab/trainProtocol.js';
import { save } from '../parts/save.js';
import { useLoaded } from '../parts/useLoaded.js';
import { curvesOf } from './curves.js';
import { nameLanguage } from './language.js';
import type { LossCanvas } from './lossCanvas.js';
import { downloadReport, lossSvg } from './report.js';
import { attempt, progress, result } from './store.js';
import { count, lossText } from './texts.js';

export function Loss() {
  const now = progress.value;
  const hasLosses = useComputed(() => (progress.value?.step ?? 0) > 0);
  const canvas = useRef<LossCanvas | null>(null);
  const every = now?.curve.every ?? 1;

  const png = () => attempt(async () => save('loss.png', await canvas.current!.png(), 'image/png'));
  const svg = () => attempt(async () => save('loss.svg', await lossSvg(progress.value!), 'image/svg+xml'));

  return (
    <section class="card wide" aria-labelledby="loss">
      <h2 id="loss">
        Loss{' '}
        <span class="soft">
          {every === 1 ? 'of each minibatch' : `mean of ${every} minibatches a point`}; dashed: on 1,000 examples of dev
        </span>
      </h2>
      {hasLosses.value ? <Plot canvas={canvas} /> : <p class="empty soft">The curve begins with the first step.</p>}
      {result.value && (
        <dl class="result" aria-label="Loss on all examples">
          {(['train', 'dev', 'test'] as const).map((part) => (
            <div key={part}>
              <dt>{part}</dt>
              <dd>{lossText(result.value![part])}</dd>
            </div>
          ))}
        </dl>
      )}
      {hasLosses.value && now && (
        <>
          <div class="actions">
            <button type="button" onClick={() => void png()}>
              Plot as PNG
            </button>
            <button type="button" onClick={() => void svg()}>
              Plot as SVG
            </button>
            <button type="button" onClick={() => void attempt(downloadReport)}>
              Report
            </button>
          </div>
          <Numbers now={now} />
        </>
      )}
    </section>
  );
}

function Plot({ canvas }: { canvas: { current: LossCanvas | null } }) {
  const place = useRef<HTMLDivElement>(null);
  const { value: loaded, trouble } = useLoaded(loadCanvas);
  const colours = scheme.value;
  const now = progress.value!;
  useEffect(() => {
    if (loaded === null) return;
    const drawn = loaded.lossCanvas(place.current!);
    canvas.current = drawn;
    return () => {
      canvas.current = null;
      drawn.close();
    };
  }, [loaded, colours]);
  useEffect(() => canvas.current?.draw(curvesOf(now)), [now, loaded, colours]);
  return (
    <>
      {trouble}
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in */}
      <div
        class="loss-plot"
        ref={place}
        role="group"
        aria-label="Curve of the loss; its numbers are in the table below"
      />
    </>
  );
}

async function loadCanvas() {
  nameLanguage();
  return await import('./lossCanvas.js');
}

const rowsShown = 10;

function Numbers({ now }: { now: Progress }) {
  const { minibatch, dev } = curvesOf(now);
  const rows = (at: number) =>
    Array.from({ length: Math.min(rowsShown, at) }, (_, i) => Math.floor(((i + 1) * at) / Math.min(rowsShown, at)) - 1);
  const devAt = (step: number) => dev[1][dev[0].findLastIndex((at) => at <= step)] ?? Number.NaN;
  return (
    <details>
      <summary>The numbers</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">minibatch</th>
            <th scope="col">dev</th>
          </tr>
        </thead>
        <tbody>
          {rows(minibatch[0].length).map((i) => (
            <tr key={i}>
              <td>{count(minibatch[0][i]!)}</td>
              <td>{lossText(minibatch[1][i]!)}</td>
              <td>{lossText(devAt(minibatch[0][i]!))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
