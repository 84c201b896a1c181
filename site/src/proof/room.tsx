// The room where one proves a backward pass of one's own: a module in JavaScript, or tensors that another program has written.

import { useSignal } from '@preact/signals';
import { address, change } from '../address.js';
import { AddressComplaints, any, oneOf } from '../parts/addressComplaints.js';
import { Dumps } from './dumps.js';
import { takeFiles } from './files.js';
import { Module } from './module.js';
import './style.css';

/** What this room's address may have; what can't be read of a module is said where it would stand. */
const members = { from: oneOf(['module', 'dumps']), code: any };

export function OwnProof() {
  const from = address.value.query.from === 'dumps' ? 'dumps' : 'module';
  const isOver = useSignal(false);
  const complaint = useSignal('');

  async function dropped(event: DragEvent): Promise<void> {
    isOver.value = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    // The editor would write the file into what is there.
    event.stopPropagation();
    complaint.value = await takeFiles(files);
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
      onDropCapture={(event) => void dropped(event)}
    >
      <h1>Prove a backward pass of your own</h1>
      <p class="lead">
        Each gradient that you wrote gets a verdict: right but for rounding, or wrong, and then where it began and what
        the mistake looks like. This is <code>handgrad check</code> in a tab; nothing leaves it.
      </p>
      <AddressComplaints members={members} />
      <fieldset class="group sides" aria-label="What is proved">
        <button type="button" aria-pressed={from === 'module'} onClick={() => change({ from: undefined }, 'push')}>
          A module in JavaScript
        </button>
        <button type="button" aria-pressed={from === 'dumps'} onClick={() => change({ from: 'dumps' }, 'push')}>
          Tensors in files
        </button>
      </fieldset>
      {complaint.value && (
        <p class="complaint" role="alert">
          {complaint.value}
        </p>
      )}
      {from === 'dumps' ? <Dumps /> : <Module onComplaint={(text) => (complaint.value = text)} />}
    </div>
  );
}
