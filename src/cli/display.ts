// How a training's progress is shown on stderr.

import type { Progress } from '../index.js';
import { attempt } from './streams.js';

/** Shows progress. `close` ends a line that is still being rewritten. */
export interface Display {
  show(progress: Progress): void;
  close(): void;
}

const lineEvery = 10_000;
const redrawMilliseconds = 100;
/** Steps over which the displayed loss is averaged, exponentially. */
const window = 1000;

/** One rewritten line on a terminal, the notebook's lines elsewhere, nothing when quiet or where it can't be written. */
export function display(stream: NodeJS.WriteStream, quiet: boolean): Display {
  if (quiet) return { show() {}, close() {} };
  return stream.isTTY && process.env.TERM !== 'dumb' ? rewrittenLine(stream) : plainLines(stream);
}

/** `      0/ 200000: 3.7954` every 10,000 steps. */
function plainLines(stream: NodeJS.WriteStream): Display {
  return {
    show({ step, steps, losses }) {
      const begin = step - losses.length;
      for (let at = Math.ceil(begin / lineEvery) * lineEvery; at < step; at += lineEvery) {
        attempt(stream, `${padded(at)}/${padded(steps)}: ${losses[at - begin]!.toFixed(4)}\n`);
      }
    },
    close() {},
  };
}

function padded(step: number): string {
  return String(step).padStart(7);
}

function rewrittenLine(stream: NodeJS.WriteStream): Display {
  let [loss, drawn, shown] = [Number.NaN, -Infinity, false];
  let [seconds, done] = [0, 0];
  return {
    show({ step, steps, losses, meanLoss, stepsPerSecond }) {
      const weight = Number.isNaN(loss) ? 1 : 1 - Math.exp(-losses.length / window);
      loss = (Number.isNaN(loss) ? 0 : loss * (1 - weight)) + weight * meanLoss;
      seconds += losses.length / stepsPerSecond;
      done += losses.length;
      if (step < steps && performance.now() - drawn < redrawMilliseconds) return;
      [drawn, shown] = [performance.now(), true];
      const rate = done / seconds;
      const filled = Math.floor((20 * step) / steps);
      const line =
        `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${padded(step)}/${steps}  loss ${loss.toFixed(4)}  ` +
        `${Math.round(rate)} steps/s  ${Math.ceil((steps - step) / rate)} s left`;
      attempt(stream, `\r${line.slice(0, (stream.columns || 80) - 1)}\x1b[K`);
    },
    close() {
      if (shown) attempt(stream, '\n');
      shown = false;
    },
  };
}
