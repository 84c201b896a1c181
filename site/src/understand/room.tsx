// The room where the graph of the notebook is understood: values, gradients, and how each comes from the others.

import { useEffect } from 'preact/hooks';
import { address } from '../address.js';
import type { Notebook } from '../lab/protocol.js';
import { complaint, settingNames } from '../lab/settings.js';
import { AddressComplaints, any, below, type Member, oneOf } from '../parts/addressComplaints.js';
import { TryAgain } from '../parts/tryAgain.js';
import { Controls } from './controls.js';
import { Detail } from './detail.js';
import { Epsilon } from './epsilon.js';
import { FusedForms } from './fusedForms.js';
import { Graph, showText } from './graph.js';
import { Minibatch } from './minibatch.js';
import { PushAndPull } from './pushAndPull.js';
import { Stepper } from './stepper.js';
import { again, failure, follow, node, notebook, steps } from './store.js';

export function Understand() {
  useEffect(follow, []);
  const current = notebook.value;
  useEffect(() => {
    // A link to a tensor leads to its text; a setting that is being typed keeps its place.
    const isLink = address.peek().query.node !== undefined && document.activeElement === document.body;
    if (current !== null && isLink) showText();
  }, [current === null]);
  const row = Math.min(
    (current?.examples.length ?? 1) - 1,
    Math.max(0, Math.trunc(Number(address.value.query.row)) || 0),
  );
  return (
    <div class="understand">
      <h1>Every value and every gradient of a small language model</h1>
      <p class="lead">
        Press a tensor to see what it holds, how its gradient is derived, and which terms make each number.
      </p>
      <AddressComplaints members={membersOf(current)} />
      <Controls />
      {failure.value && <TryAgain text={failure.value} again={again} />}
      {current === null ? (
        failure.value === '' && <p class="soft">Computing…</p>
      ) : (
        <>
          <Stepper />
          <div class="columns">
            <div>
              <Graph notebook={current} />
            </div>
            <div class="side">
              <Detail notebook={current} name={node.value} />
              <Minibatch notebook={current} row={row} />
              <PushAndPull notebook={current} row={row} />
            </div>
          </div>
          <Epsilon />
          <FusedForms notebook={current} />
        </>
      )}
    </div>
  );
}

/** What this room's address may have; how many cells and examples there are, the model says. */
function membersOf(model: Notebook | null): Readonly<Record<string, Member>> {
  const array = model !== null && Object.hasOwn(model.values, node.value) ? model.values[node.value] : undefined;
  return {
    // The text of a tensor says that it is not there, and the field of a setting what is wrong with it.
    node: any,
    side: oneOf(['value', 'gradient']),
    cell: array === undefined ? any : below(array.data.length),
    row: model === null ? any : below(model.examples.length),
    step: below(steps.length + 1),
    ...Object.fromEntries(settingNames.map((name) => [name, any])),
    bnSeed: (value) => complaint('bnSeed', value),
  };
}
