// Names sampled as the model learns.

import { look, progress } from './store.js';
import { count } from './texts.js';

export function Names() {
  const now = look.value;
  const log = progress.value?.memory.log ?? [];
  return (
    <section class="card" aria-labelledby="names">
      <h2 id="names">Names it makes up</h2>
      {now === null ? (
        <p class="soft">…</p>
      ) : (
        <>
          <p class="soft">now, at step {count(now.step)}</p>
          <ul class="names">
            {now.names.map((name, i) => (
              <li key={i}>{name || '(empty)'}</li>
            ))}
          </ul>
        </>
      )}
      {log.length > 0 && (
        <>
          <h3>How they became names</h3>
          <table class="log">
            <tbody>
              {log.toReversed().map(({ step, names }) => (
                <tr key={step}>
                  <th scope="row">{count(step)}</th>
                  <td>{names.filter(Boolean).slice(0, 4).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
