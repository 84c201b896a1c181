// Steps a second of each backward pass, here and now, beside PyTorch's on the machine it was measured on.

import { passes } from '../lab/trainSettings.js';
import { useLoaded } from '../parts/useLoaded.js';
import { isMeasuring, measure, prepared, speeds } from './store.js';
import { count } from './texts.js';

interface Row {
  readonly name: string;
  readonly where: string;
  readonly stepsPerSecond: number;
}

export function Speeds() {
  const { value, trouble } = useLoaded(() => import('virtual:performance'));
  const peers = value?.performance;
  if (prepared.value === null) return null;
  const { batch, hidden, block, embed } = prepared.value.settings;
  const size = `${batch}×${hidden}`;
  const isLikeTheirs = block === 3 && embed === 10 && prepared.value.characters.length === 27;
  const column = isLikeTheirs ? (peers?.sizes.indexOf(size) ?? -1) : -1;
  const own: Row[] = passes.map((name) => ({
    name,
    where: 'here',
    stepsPerSecond: speeds.value.find(({ backward }) => backward === name)?.stepsPerSecond ?? Number.NaN,
  }));
  const others: Row[] =
    column < 0
      ? []
      : peers!.rows.map(({ name, microseconds }) => ({
          name,
          where: 'there',
          stepsPerSecond: 1e6 / microseconds[column]!,
        }));
  const rows = [...own, ...others];
  const most = Math.max(...rows.map(({ stepsPerSecond }) => stepsPerSecond || 0));
  return (
    <section class="card wide" aria-labelledby="speeds">
      <h2 id="speeds">
        Speed <span class="soft">of a step with B×H {size}</span>
      </h2>
      <div class="actions">
        <button type="button" disabled={isMeasuring.value} onClick={() => void measure()}>
          {isMeasuring.value ? 'Measuring…' : 'Measure the three passes'}
        </button>
      </div>
      <table class="speeds">
        <thead>
          <tr>
            <th scope="col">backward pass</th>
            <th scope="col">steps a second</th>
            <th scope="col">µs a step</th>
            <th scope="col" class="beside">
              beside the fastest
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, where, stepsPerSecond }) => (
            <tr key={name} class={where}>
              <th scope="row">
                {name} <span class="soft">{where}</span>
              </th>
              <td>{stepsPerSecond > 0 ? count(stepsPerSecond) : '–'}</td>
              <td>{stepsPerSecond > 0 ? microseconds(1e6 / stepsPerSecond) : '–'}</td>
              <td class="beside">
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    class={`bar ${where === 'here' ? '' : 'above'}`}
                    width={(100 * (stepsPerSecond || 0)) / most || 0}
                    height={10}
                  />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {trouble}
      {peers && (
        <p class="soft">
          “there” is {peers.machine}, one thread
          {column < 0 && `; PyTorch was measured there at ${peers.sizes.join(', ')}, with T 3, E 10 and 27 characters`}.
          Another machine is no fair comparison: measure PyTorch on yours.
        </p>
      )}
    </section>
  );
}

/** A time with a tenth where that says something. */
const microseconds = (time: number): string => (time < 1000 ? time.toFixed(1) : count(time));
