// The settings of the model, live.

import { useSignal } from '@preact/signals';
import { change } from '../address.js';
import { complaint, ranges, type Settings, standard, typed } from '../lab/settings.js';
import { complaints, settings } from './store.js';

const shown: readonly (keyof Settings)[] = ['batch', 'hidden', 'embed', 'block', 'eps', 'seed'];

/** A field for each setting, and what can't be taken. */
export function Controls() {
  return (
    <fieldset class="group controls" aria-label="Settings of the model">
      {shown.map((name) => (
        <Field name={name} key={name} />
      ))}
      <div class="presets">
        <button type="button" aria-pressed={settings.value.eps === 1e-5} onClick={() => set('eps', '1e-5')}>
          1e-5
        </button>
        <button type="button" aria-pressed={settings.value.eps === 1e5} onClick={() => set('eps', '1e5')}>
          1e05, the notebook’s
        </button>
      </div>
      {complaints.value.map((text) => (
        <p class="complaint" role="alert" key={text}>
          {text}
        </p>
      ))}
    </fieldset>
  );
}

function set(name: keyof Settings, text: string): void {
  change({ [name]: Number(text) === standard[name] ? undefined : text, cell: undefined });
}

function Field({ name }: { name: keyof Settings }) {
  const { label, symbol } = ranges[name];
  const wrong = useSignal<string | null>(null);
  return (
    <label class="field">
      <span>
        <i>{symbol}</i> {label === symbol ? '' : label}
      </span>
      <input
        inputMode="decimal"
        size={name === 'seed' ? 14 : 5}
        value={typed(settings.value[name])}
        aria-invalid={wrong.value !== null}
        onChange={(event) => {
          const text = event.currentTarget.value;
          wrong.value = complaint(name, text);
          if (wrong.value === null) set(name, text);
        }}
      />
      {wrong.value && (
        <span class="complaint" role="alert">
          {wrong.value}
        </span>
      )}
    </label>
  );
}
