// What a tensor is, and how its gradient is derived.

import { Formula } from '../parts/mathml.js';
import { useLoaded } from '../parts/useLoaded.js';

interface Props {
  readonly name: string;
  /** The head stands above the values, the body below. */
  readonly part: 'head' | 'body';
}

/** The text on the tensor `name`, loaded when the first tensor is opened. */
export function Derivation({ name, part }: Props) {
  const { value: content, trouble } = useLoaded(() => import('virtual:typeset/derivations'));
  const text = content?.derivations.find((entry) => entry.name === name);
  if (text === undefined) return part === 'head' ? <h2>{name}</h2> : trouble;
  if (part === 'head') {
    return (
      <>
        <h2>
          {name} <span class="soft">{text.title}</span>
        </h2>
        <Formula mathml={text.formula} />
        <p>{text.meaning}</p>
        <p class="soft">{text.axes.join(' × ')}</p>
      </>
    );
  }
  return (
    <section class="derivation">
      <h3>Where d{name} comes from</h3>
      <ol>
        {text.derivation.map((line) => (
          <li key={line.text}>
            <p>{line.text}</p>
            {line.tex && <Formula mathml={line.tex} />}
          </li>
        ))}
      </ol>
      <pre>{text.code}</pre>
    </section>
  );
}
