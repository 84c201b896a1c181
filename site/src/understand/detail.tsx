// One tensor: what it is, its values and its gradient cell by cell, and where the gradient comes from.

import type { NdArray } from 'handgrad';
import { address, change } from '../address.js';
import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';
import { HeatMap, indexOf, rangeOf } from '../parts/heatMap.js';
import { Derivation } from './derivation.js';
import { Pictures } from './pictures.js';
import { verdicts } from './store.js';
import { Terms } from './terms.js';

/** Everything about the tensor `name`. */
export function Detail({ notebook, name }: { notebook: Notebook; name: string }) {
  const value = Object.hasOwn(notebook.values, name) ? notebook.values[name] : undefined;
  if (value === undefined) return <p role="alert">There is no tensor {name} in this model.</p>;
  const gradient = notebook.gradients[name];
  const side = gradient === undefined || address.value.query.side === 'value' ? 'value' : 'gradient';
  const array = side === 'value' ? value : gradient!;
  const title = side === 'value' ? name : `d${name}`;
  const given = Number(address.value.query.cell ?? Number.NaN);
  const place = Number.isInteger(given) && given >= 0 && given < array.data.length ? given : -1;
  return (
    <article class="detail" aria-label={name}>
      <Derivation name={name} part="head" />
      <fieldset class="group sides" aria-label="What is shown">
        <button
          type="button"
          aria-pressed={side === 'value'}
          onClick={() => change({ side: 'value', cell: undefined })}
        >
          value
        </button>
        <button
          type="button"
          aria-pressed={side === 'gradient'}
          disabled={gradient === undefined}
          onClick={() => change({ side: undefined, cell: undefined })}
        >
          gradient
        </button>
        <span class="soft">
          {title} is [{array.shape.join(', ')}]
        </span>
      </fieldset>
      <HeatMap array={array} label={title} place={place} onPlace={(at) => change({ cell: String(at) })} />
      <Readout array={array} title={title} place={place} notebook={notebook} />
      {place >= 0 && <Terms notebook={notebook} title={title} index={indexOf(place, array.shape)} />}
      {side === 'gradient' && <Judged notebook={notebook} name={name} />}
      <Pictures notebook={notebook} name={name} array={array} title={title} />
      <Derivation name={name} part="body" />
    </article>
  );
}

function Readout({
  array,
  title,
  place,
  notebook,
}: {
  array: NdArray;
  title: string;
  place: number;
  notebook: Notebook;
}) {
  if (place < 0) {
    return (
      <p class="readout soft">
        largest magnitude {figure(rangeOf(array))}. Point at a cell, or use the arrow keys, for its number and the terms
        that made it.
      </p>
    );
  }
  const index = indexOf(place, array.shape);
  return (
    <p class="readout" aria-live="polite">
      <code>
        {title}[{index.join(', ')}] = {figure(array.data[place]!)}
      </code>{' '}
      <span class="soft">{meaningOf(title, index, notebook)}</span>
    </p>
  );
}

/** The characters that an element stands for. */
function meaningOf(title: string, index: readonly number[], { characters, examples, values }: Notebook): string {
  const name = title in values ? title : title.slice(1);
  const example = (row: number) => `${examples[row]!.context}→${examples[row]!.target}`;
  const [first = 0, second = 0] = index;
  const last = values[name]!.shape.at(-1);
  if (name === 'C') return `of “${characters[first]}”`;
  if (name === 'b2') return `of “${characters[first]}”`;
  if (name === 'W2') return `towards “${characters[second]}”`;
  const ofExample = values[name]!.shape[0] === examples.length && !['b1', 'W1'].includes(name);
  if (!ofExample) return '';
  return `in ${example(first)}${last === characters.length && index.length === 2 ? `, of “${characters[second]}”` : ''}`;
}

function Judged({ notebook, name }: { notebook: Notebook; name: string }) {
  const proved = verdicts.value;
  return (
    <div class="judged">
      <pre>{notebook.lines[name]}</pre>
      <p class="soft">
        {proved === null ? (
          'Proving…'
        ) : (
          <>
            <b>{proved.stepwise[name]?.verdict}</b>: {proved.stepwise[name]?.text}
          </>
        )}
      </p>
      {notebook.fusedLines[name] && (
        <>
          <pre>{notebook.fusedLines[name]}</pre>
          <p class="soft">
            by the fused pass
            {proved && (
              <>
                : <b>{proved.fused[name]?.verdict}</b>, {proved.fused[name]?.text}
              </>
            )}
          </p>
        </>
      )}
    </div>
  );
}
