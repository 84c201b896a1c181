// A row of probs beside its gradient: what the loss pulls up and pushes down.

import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';
import { Bars } from '../parts/plots.js';

/** Probabilities of one example's next character, and the gradient of its logits, which sums to zero. */
export function PushAndPull({ notebook, row }: { notebook: Notebook; row: number }) {
  const { characters, values, gradients, examples } = notebook;
  const V = characters.length;
  const { context, target } = examples[row]!;
  const rowOf = (data: ArrayLike<number>) => characters.map((label, i) => ({ label, value: data[row * V + i]! }));
  const gradient = rowOf(gradients.logits!.data);
  const sum = gradient.reduce((total, { value }) => total + value, 0);
  return (
    <section class="push-and-pull" aria-label="One example">
      <h2>
        After <code>{context}</code> comes <code>{target}</code>
      </h2>
      <Bars bars={rowOf(values.probs!.data)} marked={target} title="probs: what the model expects" />
      <Bars bars={gradient} marked={target} title="dlogits: the target is pulled up, the others are pushed down" />
      <p class="soft">
        The gradients of a row sum to {figure(sum)}: what is pulled up is pushed down elsewhere, each character as much
        as the model believed in it.
      </p>
    </section>
  );
}
