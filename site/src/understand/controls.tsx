// The settings of the model, live.

import { useSignal } from '@preact/signals';
import { address, change } from '../address.js';
import { ranges, type Settings, standard } from '../lab/settings.js';
import { NumberField } from '../parts/numberField.js';
import { settings } from './store.js';

const shown: readonly (keyof Settings)[] = ['batch', 'hidden', 'embed', 'block', 'eps', 'seed'];

/** A field for each setting. */
export function Controls() {
  const presses = useSignal(0);
  function preset(eps: string): void {
    presses.value++;
    set('eps', eps);
  }
  return (
    <fieldset class="group controls" aria-label="Settings of the model">
      {shown.map((name) => (
        // A preset takes the place of what stands refused in the field.
        <Field name={name} key={name === 'eps' ? presses.value : name} />
      ))}
      <div class="presets">
        <button type="button" aria-pressed={settings.value.eps === 1e-5} onClick={() => preset('1e-5')}>
          1e-5
        </button>
        <button type="button" aria-pressed={settings.value.eps === 1e5} onClick={() => preset('1e5')}>
          1e05, the notebook’s
        </button>
      </div>
    </fieldset>
  );
}

function set(name: keyof Settings, text: string): void {
  change({ [name]: Number(text) === standard[name] ? undefined : text, cell: undefined, row: undefined });
}

function Field({ name }: { name: keyof Settings }) {
  const { label, symbol } = ranges[name];
  return (
    <NumberField
      kind="field"
      range={ranges[name]}
      value={settings.value[name]}
      asked={address.value.query[name]}
      size={name === 'seed' ? 14 : 5}
      take={(text) => set(name, text)}
    >
      <i>{symbol}</i> {label === symbol ? '' : label}
    </NumberField>
  );
}
