// The fused forms beside the chains that they replace.

import type { Notebook } from '../lab/protocol.js';
import { Formula } from '../parts/mathml.js';
import { useLoaded } from '../parts/useLoaded.js';
import { verdicts } from './store.js';

/** Every fused form: its expression, how it is found, and how often each walks over memory. */
export function FusedForms({ notebook }: { notebook: Notebook }) {
  const { value: content, trouble } = useLoaded(() => import('virtual:typeset/fused'));
  if (content === null) return trouble;
  return (
    <section class="fused-forms" aria-labelledby="fused-forms">
      <h2 id="fused-forms">In one go</h2>
      {content.fusedForms.map((form) => (
        <details key={form.name} class="card">
          <summary>
            <b>{form.title}</b>: {form.replaces.length} steps, {form.walks.chain.reads + form.walks.chain.writes} walks
            over memory, become {form.walks.fused.reads + form.walks.fused.writes}
          </summary>
          <div class="beside">
            <div>
              <h3>The chain</h3>
              <ol>
                {form.replaces.map((name) => (
                  <li key={name}>
                    <a href={`#/understand?node=${name}`}>
                      <code>d{name}</code>
                    </a>
                  </li>
                ))}
              </ol>
              <p class="soft">
                {form.walks.chain.reads} reads, {form.walks.chain.writes} writes. {form.counted.chain}
              </p>
            </div>
            <div>
              <h3>In one expression</h3>
              <p>{form.text}</p>
              <Formula mathml={form.formula} />
              <pre>{form.code}</pre>
              <p class="soft">
                {form.walks.fused.reads} reads, {form.walks.fused.writes} writes. {form.counted.fused}
              </p>
              <Compared notebook={notebook} name={form.replaces.at(-1)!} />
              <ol>
                {form.derivation.map(({ text, tex }) => (
                  <li key={text}>
                    <p>{text}</p>
                    {tex && <Formula mathml={tex} />}
                  </li>
                ))}
              </ol>
            </div>
          </div>
        </details>
      ))}
    </section>
  );
}

function Compared({ notebook, name }: { notebook: Notebook; name: string }) {
  const line = notebook.fusedLines[name];
  if (line === undefined) return null;
  const said = verdicts.value?.fused[name];
  return (
    <>
      <pre>{line}</pre>
      {said && (
        <p class="soft">
          <b>{said.verdict}</b>: {said.text}
        </p>
      )}
    </>
  );
}
