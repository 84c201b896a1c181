// The loss drawn on a canvas by uPlot. What is here is loaded when there is something to draw.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Curves } from './curves.js';

export interface LossCanvas {
  draw(curves: Curves): void;
  /** The picture with its ground, as PNG. */
  png(): Promise<Blob>;
  close(): void;
}

const height = 280;

/** A plot that fills the width of `place`, in the page's colours. */
export function lossCanvas(place: HTMLElement): LossCanvas {
  const colour = (name: string) => getComputedStyle(place).getPropertyValue(name).trim();
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height,
      scales: { x: { time: false } },
      axes: [axis, axis],
      series: [
        { label: 'step', value: (_, step) => (step === null ? '–' : step.toLocaleString('en-US')) },
        { label: 'minibatch', stroke: colour('--below'), width: 1.5, spanGaps: true, value: lossValue },
        { label: 'dev', stroke: colour('--above'), width: 2, dash: [8, 4], spanGaps: true, value: lossValue },
      ],
    },
    [[], [], []],
    place,
  );
  const observer = new ResizeObserver(() => {
    plot.setSize({ width: Math.max(200, place.clientWidth), height });
  });
  observer.observe(place);
  return {
    draw({ minibatch, dev }) {
      plot.setData(uPlot.join([minibatch, dev].map(([x, y]) => [[...x], [...y]] as uPlot.AlignedData)));
    },
    png: () =>
      pictureOf(
        plot.ctx.canvas,
        [
          ['mean of minibatches', colour('--below'), []],
          ['dev', colour('--above'), [8, 4]],
        ],
        { ground: colour('--card'), ink: colour('--ink') },
      ),
    close() {
      observer.disconnect();
      plot.destroy();
    },
  };
}

const lossValue = (_: uPlot, loss: number | null): string => loss?.toFixed(4) ?? '–';

type Entry = readonly [name: string, colour: string, dash: readonly number[]];

/** What a canvas shows, with a legend below, as PNG. */
function pictureOf(
  canvas: HTMLCanvasElement,
  legend: readonly Entry[],
  { ground, ink }: { readonly ground: string; readonly ink: string },
): Promise<Blob> {
  const scale = devicePixelRatio;
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [canvas.width, canvas.height + 32 * scale];
  const context = copy.getContext('2d')!;
  context.fillStyle = ground;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  context.scale(scale, scale);
  context.translate(60, canvas.height / scale + 14);
  context.font = '13px system-ui, sans-serif';
  context.lineWidth = 2;
  for (const [name, colour, dash] of legend) {
    context.strokeStyle = colour;
    context.setLineDash([...dash]);
    context.stroke(new Path2D('M0 -4h32'));
    context.fillStyle = ink;
    context.fillText(name, 40, 0);
    context.translate(190, 0);
  }
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) => (blob === null ? reject(new Error('The picture could not be made.')) : resolve(blob)));
  });
}
