// What a cell finds already there: the sizes, and the forward pass line by line.

import { forwardPass } from 'handgrad/lesson';
import { sizes } from './sizes.js';
import { eps } from './store.js';

/** The forward pass whose gradients are written, closed until it is asked for. */
export function Forward() {
  const lines = [
    `batch_size = n = ${sizes.B}`,
    `block_size = ${sizes.T}`,
    `n_embd = ${sizes.E}`,
    `n_hidden = ${sizes.H}`,
    `vocab_size = ${sizes.V}`,
    `eps = ${eps.value === 1e5 ? '1e05' : '1e-5'}`,
    '',
    ...Object.values(forwardPass).map(({ python }) => python),
  ];
  return (
    <details class="card forward">
      <summary>
        <b>The forward pass</b>: the names that a cell may use
      </summary>
      <pre>{lines.join('\n')}</pre>
    </details>
  );
}
