// A heat map of a tensor, with the number under the pointer, the finger or the keyboard's cursor.

import type { NdArray } from 'handgrad';
import { useEffect, useRef } from 'preact/hooks';
import { paint, scheme } from '../colours.js';

/** Rows and columns in which a tensor is drawn: of more than two axes the last ones are joined. */
export function gridOf(shape: readonly number[]): { rows: number; columns: number } {
  if (shape.length < 2) return { rows: 1, columns: shape[0] ?? 1 };
  return { rows: shape[0]!, columns: shape.slice(1).reduce((a, b) => a * b, 1) };
}

/** The index along each axis of the element at `place`. */
export function indexOf(place: number, shape: readonly number[]): number[] {
  let rest = place;
  return shape
    .toReversed()
    .map((length) => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    })
    .toReversed();
}

/** The largest finite magnitude. */
export function rangeOf({ data }: NdArray): number {
  let most = 0;
  for (const value of data) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

/** A picture of a tensor without any way to ask it. */
export function Thumbnail({ array }: { array: NdArray | undefined }) {
  return <Cells array={array} class="thumbnail" />;
}

function Cells({ array, class: name }: { array: NdArray | undefined; class: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = scheme.value;
  useEffect(() => {
    if (canvas.current === null || array === undefined) return;
    const { rows, columns } = gridOf(array.shape);
    const image = new ImageData(columns, rows);
    const range = rangeOf(array);
    for (let i = 0; i < array.data.length; i++) paint(image.data, 4 * i, array.data[i]!, range, colours);
    canvas.current.width = columns;
    canvas.current.height = rows;
    canvas.current.getContext('2d')!.putImageData(image, 0, 0);
  }, [array, colours]);
  return <canvas ref={canvas} class={name} width={1} height={1} />;
}

interface Props {
  readonly array: NdArray;
  /** What it shows, for screen readers. */
  readonly label: string;
  /** The place of the chosen element; -1 for none. */
  readonly place: number;
  onPlace(place: number): void;
}

const moves: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** A heat map that can be asked: `onPlace` is called with the place of the element that is pointed at. */
export function HeatMap({ array, label, place, onPlace }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const marker = useRef<HTMLDivElement>(null);
  const { rows, columns } = gridOf(array.shape);

  useEffect(() => {
    const style = marker.current!.style;
    style.display = place < 0 ? 'none' : 'block';
    style.left = `${(100 * (place % columns)) / columns}%`;
    style.top = `${(100 * Math.floor(place / columns)) / rows}%`;
    style.width = `${100 / columns}%`;
    style.height = `${100 / rows}%`;
  }, [place, columns, rows]);

  function pointed(event: PointerEvent): void {
    const box = frame.current!.getBoundingClientRect();
    const inside = (at: number, from: number, length: number, count: number) =>
      Math.min(count - 1, Math.max(0, Math.floor(((at - from) / length) * count)));
    const row = inside(event.clientY, box.top, box.height, rows);
    onPlace(row * columns + inside(event.clientX, box.left, box.width, columns));
  }

  function pressed(event: KeyboardEvent): void {
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const at = Math.max(0, place);
    const row = Math.min(rows - 1, Math.max(0, Math.floor(at / columns) + move[0]));
    const column = Math.min(columns - 1, Math.max(0, (at % columns) + move[1]));
    onPlace(place < 0 ? 0 : row * columns + column);
  }

  return (
    <div
      ref={frame}
      class={`heatmap ${rows === 1 ? 'one-row' : columns === 1 ? 'one-column' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move over its cells
      tabIndex={0}
      role="application"
      aria-label={`${label}, ${rows} by ${columns}; the arrow keys choose a cell`}
      onPointerMove={pointed}
      onPointerDown={pointed}
      onKeyDown={pressed}
    >
      <Cells array={array} class="cells" />
      <div ref={marker} class="marker" />
    </div>
  );
}
