// The terms that made the number in a cell.

import type { Notebook } from '../lab/protocol.js';
import { figure } from '../parts/figure.js';
import { useLoaded } from '../parts/useLoaded.js';

interface Props {
  readonly notebook: Notebook;
  /** A tensor, or its gradient with d before it. */
  readonly title: string;
  readonly index: readonly number[];
}

/** How many terms are listed; what is beyond them is in the sum. */
const most = 64;

/** A table of the terms of a cell, the largest first, with their sum. */
export function Terms({ notebook, title, index }: Props) {
  const { value: content, trouble } = useLoaded(() => import('../content/terms.js'));
  if (content === null) return trouble;
  const found = content.termsOf(title, index, {
    tensor: (name) => notebook.values[name] ?? (name.startsWith('d') ? notebook.gradients[name.slice(1)] : undefined),
    eps: notebook.settings.eps,
  });
  if (found === undefined) return null;
  const { terms, sum } = found;
  const sorted = terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it
    <section class="terms" aria-label={`Terms of ${title}[${index.join(', ')}]`} tabIndex={0}>
      <table>
        <caption class="soft">
          {terms.length === 1 ? 'One term makes it' : `${terms.length} terms make it, the largest first`}
        </caption>
        <tbody>
          {sorted.slice(0, most).map(({ label, factors, value, through }) => (
            <tr key={label}>
              <td>
                <code>{label}</code>
                {through && <span class="soft"> through {through}</span>}
              </td>
              <td>{factors.map((factor) => figure(factor.value)).join(' · ')}</td>
              <td>{figure(value)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">sum</th>
            <td />
            <td>
              <b>{figure(sum)}</b>
            </td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
