// A notebook of one's own: cells that run one after another, the lecture's among them.

import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Lab } from '../lab/client.js';
import type { Ran } from '../lab/protocol.js';
import { Editor } from '../parts/editor.js';
import { keep, kept } from '../storage.js';
import { notebookCells } from './notebookCells.js';
import { python } from './python.js';

const lab = new Lab();

/** How long all cells together may run, in milliseconds. */
const patience = 60_000;

interface Cell {
  readonly id: number;
  readonly code: string;
}

let last = 0;
const cellOf = (code: string): Cell => ({ id: ++last, code });

const cells = signal<readonly Cell[]>(stored().map(cellOf));

function stored(): readonly string[] {
  try {
    const texts: unknown = JSON.parse(kept('write.notebook') ?? 'null');
    if (Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts;
  } catch {}
  return notebookCells;
}

function set(next: readonly Cell[]): void {
  cells.value = next;
  keep('write.notebook', JSON.stringify(next.map(({ code }) => code)));
}

/** The cell that was added last, whose editor is to have the keyboard. */
let added = 0;

/** Puts a cell of somebody's own behind the others. */
export function addCell(code: string): void {
  const cell = cellOf(code);
  added = cell.id;
  set([...cells.value, cell]);
}

/** The cells, each with what it printed. */
export function Notebook() {
  const ran = useSignal<readonly Ran[]>([]);
  const running = useSignal(false);
  const failure = useSignal('');
  useEffect(() => () => lab.stop('the room was left'), []);
  useEffect(() => {
    added = 0;
  }, [cells.value]);

  async function runAll(): Promise<void> {
    if (running.value) return;
    running.value = true;
    failure.value = '';
    try {
      const reason = `It ran for more than ${patience / 1000} seconds and was stopped.`;
      const codes = cells.value.map(({ code }) => code);
      ran.value = await lab.askWithin(patience, reason, 'run', codes);
    } catch (error) {
      failure.value = (error as Error).message;
    } finally {
      running.value = false;
    }
  }

  return (
    <div class="notebook">
      <p class="lead">
        These are the lecture’s cells, the solutions of exercise 1 to 3 among them. Change them, paste those of your
        notebook without what they printed, or write your own: Python as far as the notebook needs it, over handgrad’s
        tensors. Ctrl+Enter runs all.
      </p>
      <p class="actions">
        <button type="button" class="primary" onClick={() => void runAll()} disabled={running.value}>
          {running.value ? 'Running…' : 'Run all'}
        </button>
        {running.value && (
          <button type="button" onClick={() => lab.stop('Stopped.')}>
            Stop
          </button>
        )}
        <button type="button" onClick={() => addCell('')}>
          Add a cell
        </button>
        <button
          type="button"
          onClick={() => confirm('Replace all cells by those of the lecture?') && set(notebookCells.map(cellOf))}
        >
          Start again
        </button>
        {failure.value && (
          <span class="complaint" role="alert">
            {failure.value}
          </span>
        )}
      </p>
      <ol class="cells-to-write">
        {cells.value.map((cell, i) => (
          <li key={cell.id} class="cell-to-write">
            <div class="cell-body">
              <Editor
                language={python}
                value={cell.code}
                label={`Cell ${i + 1}`}
                marks={marksOf(ran.value[i])}
                autofocus={cell.id === added}
                onChange={(code) => set(cells.value.map((other) => (other.id === cell.id ? { ...cell, code } : other)))}
                onDone={() => void runAll()}
              />
              <Printed ran={ran.value[i]} />
              <button
                type="button"
                class="quiet"
                aria-label={`Remove cell ${i + 1}`}
                onClick={() => set(cells.value.filter(({ id }) => id !== cell.id))}
              >
                Remove
              </button>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

const marksOf = (ran: Ran | undefined) =>
  ran?.error ? [{ line: ran.error.line, kind: 'error', sign: '!', text: ran.error.message }] : [];

function Printed({ ran }: { ran: Ran | undefined }) {
  if (ran === undefined) return null;
  return (
    <div aria-live="polite">
      {ran.output.length > 0 && <pre>{ran.output.join('\n')}</pre>}
      {ran.error && (
        <p class="complaint">
          line {ran.error.line}: {ran.error.message}
        </p>
      )}
    </div>
  );
}
