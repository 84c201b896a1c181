// The words of the minibatch: what the model sees, what it should say, and how likely it finds that.

import { change } from '../address.js';
import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';

/** Every example with the probability of its target; choosing one opens its row of probs. */
export function Minibatch({ notebook, row }: { notebook: Notebook; row: number }) {
  const V = notebook.characters.length;
  const Yb = notebook.values.Yb!.data;
  return (
    <details class="minibatch" open>
      <summary>
        Minibatch: {notebook.examples.length} examples, loss {notebook.loss.toFixed(4)}
        <span class="soft">
          {' '}
          (guessing blindly costs log {V} = {Math.log(V).toFixed(4)})
        </span>
      </summary>
      <ol class="examples">
        {notebook.examples.map(({ context, target }, i) => (
          <li key={i}>
            <button type="button" aria-pressed={row === i} onClick={() => change({ row: String(i) })}>
              <code>
                {context}→<b>{target}</b>
              </code>
              <span class="soft">{figure(notebook.values.probs!.data[i * V + Yb[i]!]!)}</span>
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
