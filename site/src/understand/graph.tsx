// The notebook's graph: a button for each tensor, with a picture of its values or of its gradient.

import { change } from '../address.js';
import type { Notebook } from '../lab/protocol.js';
import { Thumbnail } from '../parts/heatMap.js';
import { inputsOf, type Place, places, rowCount } from './layout.js';
import { node, step, steps, verdicts } from './store.js';

/** Height of a row and width of the three columns, in the units of the drawing. */
const cell = { width: 100, height: 56 };
const box = { width: 92, height: 40 };

const middle = ({ column, row }: Place) => ({ x: (column + 0.5) * cell.width, y: (row + 0.5) * cell.height });

/** The line from an input to what is computed from it: down within a column, sideways where they stand side by side. */
function pathOf(from: Place, to: Place): string {
  const [a, b] = [middle(from), middle(to)];
  if (from.column === to.column) return `M${a.x} ${a.y + box.height / 2}V${b.y - box.height / 2 - 3}`;
  const side = Math.sign(to.column - from.column);
  if (from.row === to.row) return `M${a.x + (side * box.width) / 2} ${a.y}H${b.x - side * (box.width / 2 + 3)}`;
  const endX = b.x - side * (box.width / 2 + 3);
  if (Math.abs(to.column - from.column) === 1) {
    const startX = a.x + side * 18;
    return `M${startX} ${a.y + box.height / 2}C${startX} ${b.y} ${endX - side * 20} ${b.y} ${endX} ${b.y}`;
  }
  const startX = a.x - box.width / 2;
  return `M${startX} ${a.y}C${startX - 30} ${a.y} ${endX + 30} ${b.y} ${endX} ${b.y}`;
}

const edges = Object.entries(inputsOf).flatMap(([to, inputs]) =>
  inputs.map((from) => ({ from, to, path: pathOf(places.get(from)!, places.get(to)!) })),
);

/** The names in the order in which they are computed, for the keyboard and for screen readers. */
const names = [...places.keys()].sort((a, b) => {
  const [p, q] = [places.get(a)!, places.get(b)!];
  return p.row - q.row || p.column - q.column;
});

/** The whole graph of a model. */
export function Graph({ notebook }: { notebook: Notebook }) {
  const done = steps.slice(0, step.value);
  const computed = new Set(done.filter(({ pass }) => pass === 'forward').map(({ name }) => name));
  const derived = new Set(done.filter(({ pass }) => pass === 'backward').map(({ name }) => name));
  const now = done.at(-1);
  const backwards = now?.pass === 'backward';
  return (
    <div class={`graph ${backwards ? 'backwards' : ''}`}>
      <svg viewBox={`0 0 ${3 * cell.width} ${rowCount * cell.height}`} aria-hidden="true">
        <defs>
          <marker
            id="tip"
            viewBox="0 0 6 6"
            refX="4"
            refY="3"
            markerWidth="6"
            markerHeight="6"
            orient="auto-start-reverse"
          >
            <path class="tip" d="M0 0 6 3 0 6z" />
          </marker>
        </defs>
        {edges.map(({ from, to, path }) => (
          <path
            key={`${from} ${to}`}
            d={path}
            class={`edge ${node.value === from || node.value === to ? 'near' : ''} ${backwards && derived.has(from) ? 'flowing' : ''}`}
            {...(backwards && derived.has(from) ? { 'marker-start': 'url(#tip)' } : { 'marker-end': 'url(#tip)' })}
          />
        ))}
      </svg>
      <ol class="nodes" aria-label="Tensors of the model">
        {names.map((name) => (
          <NodeButton
            key={name}
            name={name}
            notebook={notebook}
            known={inputsOf[name] === undefined || computed.has(name)}
            derived={derived.has(name)}
            now={now?.name === name}
          />
        ))}
      </ol>
    </div>
  );
}

interface NodeProps {
  readonly name: string;
  readonly notebook: Notebook;
  readonly known: boolean;
  readonly derived: boolean;
  readonly now: boolean;
}

const isNarrow = matchMedia('(max-width: 62rem)');

/** Goes to the text of the open node, where it stands below the graph. */
export function showText(): void {
  if (isNarrow.matches)
    requestAnimationFrame(() => document.querySelector('.detail')?.scrollIntoView({ block: 'start' }));
}

function open(name: string): void {
  change({ node: name, cell: undefined }, 'push');
  showText();
}

function NodeButton({ name, notebook, known, derived, now }: NodeProps) {
  const { column, row } = places.get(name)!;
  const shown = derived ? notebook.gradients[name] : known ? notebook.values[name] : undefined;
  const verdict = derived ? verdicts.value?.stepwise[name]?.verdict : undefined;
  const state = [known ? '' : 'unknown', derived ? 'derived' : '', now ? 'now' : '', inputsOf[name] ? '' : 'leaf'];
  const shape = notebook.values[name]!.shape.join('×') || 'scalar';
  return (
    <li style={{ gridColumn: column + 1, gridRow: row + 1 }}>
      <button
        type="button"
        class={`node ${state.join(' ')}`}
        aria-pressed={node.value === name}
        onClick={() => open(name)}
      >
        <span class="node-name">
          {derived ? 'd' : ''}
          {name}
        </span>
        <Thumbnail array={shown} />
        <span class="node-shape">
          {shape}
          {verdict === undefined ? '' : ` · ${verdict}`}
        </span>
      </button>
    </li>
  );
}
