// Exercise 4: training with one's own backward pass, beside the fused one.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Lab } from '../lab/client.js';
import { figure } from '../parts/figure.js';
import { Lines } from '../parts/plots.js';
import { ownProgram } from './store.js';

const lab = new Lab();

/** Steps of one question. */
const slice = 10;
const patience = 30_000;
/** Steps after which a training ends. */
const most = 5000;

interface Trained {
  readonly own: readonly number[];
  readonly fused: readonly number[];
  readonly ownTime: number;
  readonly fusedTime: number;
}

const nothing: Trained = { own: [], fused: [], ownTime: 0, fusedTime: 0 };

/** Start, stop, both losses, and how many times slower one's own is. */
export function OwnTraining() {
  const trained = useSignal(nothing);
  const running = useSignal(false);
  const failure = useSignal('');
  const wanted = useRef(false);
  useEffect(
    () => () => {
      wanted.current = false;
      lab.stop('the room was left');
    },
    [],
  );
  const { missing, source, fusedForms } = ownProgram.value;

  async function ask(program: string | null): Promise<void> {
    const reason = `${slice} steps took more than ${patience / 1000} seconds; the training was stopped.`;
    const order = { source: program, steps: slice };
    const { own, fused, ownTime, fusedTime } = await lab.askWithin(patience, reason, 'trainOwn', order);
    const last = program === null ? trained.value : nothing;
    trained.value = {
      own: [...last.own, ...own],
      fused: [...last.fused, ...fused],
      ownTime: last.ownTime + ownTime,
      fusedTime: last.fusedTime + fusedTime,
    };
  }

  async function start(): Promise<void> {
    wanted.current = true;
    running.value = true;
    failure.value = '';
    try {
      await ask(source);
      while (wanted.current && trained.value.own.length < most) await ask(null);
    } catch (error) {
      failure.value = (error as Error).message;
    } finally {
      running.value = false;
      wanted.current = false;
    }
  }

  return (
    <section class="own-training">
      <p class="lead">
        Train the model with the backward pass that you have written in exercise 1
        {fusedForms.length > 0 && `, with ${fusedForms.join(' and ')} in one go from exercise 2 and 3`}: 32 examples a
        step, 64 hidden neurons, the rate 0.1, beside the fused pass in WebAssembly on the same minibatches.
      </p>
      {missing.length > 0 && (
        <p role="status">
          Exercise 1 is not complete: {missing.length} of its gradients are missing, {missing[0]} first.
        </p>
      )}
      <p class="actions">
        <button
          type="button"
          class="primary"
          disabled={running.value || missing.length > 0}
          onClick={() => void start()}
        >
          Train
        </button>
        {running.value && (
          <button
            type="button"
            onClick={() => {
              wanted.current = false;
            }}
          >
            Stop
          </button>
        )}
      </p>
      {failure.value && (
        <p class="complaint" role="alert">
          {failure.value}
        </p>
      )}
      {trained.value.own.length > 0 && <Outcome trained={trained.value} />}
    </section>
  );
}

function Outcome({ trained: { own, fused, ownTime, fusedTime } }: { trained: Trained }) {
  const apart = Math.max(...own.map((loss, i) => Math.abs(loss - fused[i]!)));
  return (
    <>
      <dl class="facts" aria-live="off">
        <dt>steps</dt>
        <dd>{own.length}</dd>
        <dt>loss, yours</dt>
        <dd>{own.at(-1)!.toFixed(6)}</dd>
        <dt>loss, fused</dt>
        <dd>{fused.at(-1)!.toFixed(6)}</dd>
        <dt>farthest apart</dt>
        <dd>{figure(apart)}</dd>
        <dt>a step, yours</dt>
        <dd>{figure(ownTime / own.length)} ms</dd>
        <dt>a step, fused</dt>
        <dd>{figure(fusedTime / fused.length)} ms</dd>
        <dt>yours takes</dt>
        <dd>{figure(ownTime / fusedTime)} times as long</dd>
      </dl>
      <Lines
        title="loss of each minibatch"
        series={[
          { label: 'yours', values: own },
          { label: 'fused', values: fused },
        ]}
      />
    </>
  );
}
