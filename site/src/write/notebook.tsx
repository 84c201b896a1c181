// A notebook of one's own: cells that run one after another, the lecture's among them.

import { useEffect } from 'preact/hooks';
import type { Ran } from '../lab/protocol.js';
import { Editor } from '../parts/editor.js';
import { Others } from '../parts/others.js';
import {
  addCell,
  added,
  type Cell,
  cells,
  failure,
  isRunning,
  leave,
  remove,
  removed,
  restore,
  results,
  runAll,
  runOne,
  shared,
  startAgain,
  stop,
  write,
} from './notebookStore.js';
import { python } from './python.js';

/** The cells, each with what it printed. */
export function Notebook() {
  useEffect(() => leave, []);
  useEffect(() => {
    added.id = '';
  }, [cells.value]);
  const gap = removed.value?.at ?? -1;
  return (
    <div class="notebook">
      <p class="lead">
        These are the lecture’s cells, the solutions of exercise 1 to 3 among them. Change them, paste those of your
        notebook without what they printed, or write your own: Python as far as the notebook needs it, over handgrad’s
        tensors. Shift+Enter runs one cell with what has run before, Ctrl+Enter runs all from the beginning.
      </p>
      <Actions />
      <ol class="cells-to-write">
        {cells.value.flatMap((cell, i) => [
          i === gap && <Removed key="removed" />,
          <NotebookCell cell={cell} number={i + 1} key={cell.id} />,
        ])}
        {gap >= cells.value.length && <Removed key="removed" />}
      </ol>
    </div>
  );
}

function Actions() {
  return (
    <p class="actions">
      <button type="button" class="primary" onClick={() => void runAll()} disabled={isRunning.value}>
        {isRunning.value ? 'Running…' : 'Run all'}
      </button>
      {isRunning.value && (
        <button type="button" onClick={() => stop('Stopped; the variables are gone.')}>
          Stop
        </button>
      )}
      <button type="button" onClick={() => addCell('')}>
        Add a cell
      </button>
      <button type="button" onClick={() => confirm('Replace all cells by those of the lecture?') && startAgain()}>
        Start again
      </button>
      {failure.value && (
        <span class="complaint" role="alert">
          {failure.value}
        </span>
      )}
    </p>
  );
}

function NotebookCell({ cell, number }: { cell: Cell; number: number }) {
  const ran = results.value.get(cell.id);
  return (
    <li class="cell-to-write">
      <div class="cell-body">
        <Editor
          language={python}
          value={cell.code}
          label={`Cell ${number}`}
          marks={marksOf(ran)}
          autofocus={cell.id === added.id}
          onChange={(code) => write(cell.id, code)}
          onDone={() => void runAll()}
          onRun={() => void runOne(cell)}
        />
        <Others shared={shared} name={cell.id} take={(code) => write(cell.id, code)} />
        <Printed ran={ran} />
        <p class="actions">
          <button type="button" class="quiet" aria-label={`Run cell ${number}`} onClick={() => void runOne(cell)}>
            Run
          </button>
          <button type="button" class="quiet" aria-label={`Remove cell ${number}`} onClick={() => remove(cell)}>
            Remove
          </button>
        </p>
      </div>
    </li>
  );
}

/** Where the cell stood that was removed last. */
function Removed() {
  return (
    <li class="cell-to-write removed">
      <span role="status">A cell was removed.</span>{' '}
      <button type="button" onClick={restore}>
        Restore it
      </button>
    </li>
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
