// What is kept: by this browser as the training goes on, and in files.

import { save } from '../parts/save.js';
import { remove, saved } from './keeping.js';
import type { Kept as KeptTraining } from './shelf.js';
import {
  failure,
  hasBegun,
  id,
  isElsewhere,
  prepared,
  resume,
  takeTraining,
  trainingFile,
  weightsFile,
} from './store.js';
import { ago, count, lossText } from './texts.js';

export function Kept() {
  return (
    <section class="card" aria-labelledby="kept">
      <h2 id="kept">Saved</h2>
      <p class="soft">Every three seconds and at each pause, in this browser.</p>
      {saved.value.length > 0 && (
        <ul class="kept">
          {saved.value.map((kept) => (
            <Line kept={kept} key={kept.id} />
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" disabled={!hasBegun.value} onClick={() => void saveFile('training', trainingFile)}>
          Save to a file
        </button>
        <button type="button" disabled={prepared.value === null} onClick={() => void saveFile('weights', weightsFile)}>
          Weights
        </button>
        <label class="file">
          <span>Load a file</span>
          <input
            type="file"
            accept=".safetensors"
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              currentTarget.value = '';
              if (file !== undefined) void takeTraining(file);
            }}
          />
        </label>
      </div>
    </section>
  );
}

async function saveFile(name: string, make: () => Promise<Uint8Array<ArrayBuffer>>): Promise<void> {
  try {
    save(`${name}.safetensors`, await make(), 'application/octet-stream');
  } catch (error) {
    failure.value = (error as Error).message;
  }
}

function Line({ kept }: { kept: KeptTraining }) {
  const { step, settings, list, savedAt, loss } = kept;
  const isOpen = kept.id === id.value;
  const name = `${list.name}, ${settings.hidden} neurons, step ${count(step)} of ${count(settings.steps)}`;
  return (
    <li>
      <span>
        {name}, loss {lossText(loss)}{' '}
        <span class="soft">
          {isOpen ? 'open here, saved ' : isElsewhere(kept) ? 'open in another tab, saved ' : ''}
          {ago(savedAt)}
        </span>
      </span>
      {!isOpen && (
        <span class="actions">
          <button type="button" aria-label={`Open ${name}`} onClick={() => void resume(kept)}>
            Open
          </button>
          <button
            type="button"
            aria-label={`Delete ${name}`}
            disabled={isElsewhere(kept)}
            onClick={() => confirm(`Delete the training at step ${count(step)}?`) && void remove(kept.id)}
          >
            Delete
          </button>
        </span>
      )}
    </li>
  );
}
