// The room where one proves a backward pass of one's own: a module in JavaScript, or tensors that another program has written.

import { useSignal } from '@preact/signals';
import { address, change } from '../address.js';
import { Dumps } from './dumps.js';
import { type Taken, takeFiles } from './files.js';
import { Module } from './module.js';
import './style.css';

export function OwnProof() {
  const from = address.value.query.from === 'dumps' ? 'dumps' : 'module';
  const isOver = useSignal(false);
  const taken = useSignal<Taken>({ complaint: '', isPython: false });

  async function dropped(event: DragEvent): Promise<void> {
    event.preventDefault();
    isOver.value = false;
    taken.value = await takeFiles([...(event.dataTransfer?.files ?? [])]);
  }

  function dragged(event: DragEvent): void {
    event.preventDefault();
    isOver.value = event.type === 'dragover';
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is dropped here can be chosen with a button too
    <div
      class={`own-proof ${isOver.value ? 'over' : ''}`}
      onDragOver={dragged}
      onDragLeave={dragged}
      onDrop={(event) => void dropped(event)}
    >
      <h1>Prove a backward pass of your own</h1>
      <p class="lead">
        Each gradient that you wrote gets a verdict: right but for rounding, or wrong, and then where it began and what
        the mistake looks like. This is <code>handgrad check</code> in a tab; nothing leaves it.
      </p>
      <fieldset class="group sides" aria-label="What is proved">
        <button type="button" aria-pressed={from === 'module'} onClick={() => change({ from: undefined }, 'push')}>
          A module in JavaScript
        </button>
        <button type="button" aria-pressed={from === 'dumps'} onClick={() => change({ from: 'dumps' }, 'push')}>
          Tensors in files
        </button>
      </fieldset>
      <Said taken={taken.value} />
      {from === 'dumps' ? <Dumps /> : <Module onTaken={(it) => (taken.value = it)} />}
    </div>
  );
}

function Said({ taken: { complaint, isPython } }: { taken: Taken }) {
  if (complaint === '') return null;
  return (
    <p class="complaint" role="alert">
      {complaint} {isPython && <a href="#/write">Open the room Write</a>}
    </p>
  );
}
