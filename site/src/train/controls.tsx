// What the training is: sizes, rate, steps, seeds. Once it has begun, the rate alone can change.

import { address, change } from '../address.js';
import { exercise4, passes, type TrainNumbers, trainRanges } from '../lab/trainSettings.js';
import { NumberField } from '../parts/numberField.js';
import { asked, differs, hasBegun, prepared, progress, setRate } from './store.js';

const shown: readonly (keyof TrainNumbers)[] = [
  'steps',
  'rate',
  'batch',
  'hidden',
  'embed',
  'block',
  'eps',
  'seed',
  'bnSeed',
];

export function Controls() {
  const settings = hasBegun.value ? prepared.value!.settings : asked.value;
  return (
    <section class="card" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      <div class="fields">
        {shown.map((name) => (
          <Field name={name} value={name === 'rate' ? rate() : settings[name]} key={name} />
        ))}
        <label>
          <span>backward pass</span>
          <select
            value={settings.backward}
            disabled={hasBegun.value}
            onChange={({ currentTarget: { value } }) =>
              change({ backward: value === exercise4.backward ? undefined : value })
            }
          >
            {passes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      {differs.value && <p role="status">The address asks for other settings now: Reset takes them.</p>}
      <p class="soft">
        {hasBegun.value
          ? 'The rate can be changed as it trains; Reset opens the other settings.'
          : 'The rate falls to a tenth half-way. The address carries these settings.'}
      </p>
    </section>
  );
}

/** The rate that holds now. */
function rate(): number {
  return (hasBegun.value ? progress.value?.rates.at(-1)?.rate : undefined) ?? asked.value.rate;
}

function Field({ name, value }: { name: keyof TrainNumbers; value: number }) {
  const range = trainRanges[name];
  const { label, symbol } = range;

  function take(text: string): void {
    if (hasBegun.value) void setRate(Number(text));
    else change({ [name]: Number(text) === exercise4[name] ? undefined : text });
  }

  return (
    <NumberField
      range={range}
      value={value}
      asked={hasBegun.value ? undefined : address.value.query[name]}
      name={name}
      disabled={hasBegun.value && name !== 'rate'}
      take={take}
    >
      {label} {symbol !== label && symbol.length === 1 && <i>{symbol}</i>}
    </NumberField>
  );
}
