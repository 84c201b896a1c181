import { expect, test } from 'vitest';
import { display } from '../../src/cli/display.js';

function stream(isTTY: boolean, columns = 100) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
}

const progress = (step: number, steps: number, losses: number[]) => ({
  step,
  steps,
  losses: Float64Array.from(losses),
  loss: losses.at(-1)!,
  meanLoss: losses.reduce((sum, loss) => sum + loss) / losses.length,
  stepsPerSecond: 500,
});

test('a terminal shows one line, rewritten, with bar, step, loss, speed and time left', () => {
  const terminal = stream(true);
  const shown = display(terminal as never, false);
  shown.show(progress(500, 1000, [3, 2]));
  shown.show(progress(501, 1000, [2]));
  shown.show(progress(1000, 1000, [2, 2]));
  shown.close();
  shown.close();
  expect(terminal.written).toEqual([
    '\r[##########----------]     500/1000  loss 2.5000  500 steps/s  1 s left\x1b[K',
    // The two slices in between and at the end weigh 1 - exp(-n/1000): 2.5 - 0.5 * 0.003.
    '\r[####################]    1000/1000  loss 2.4985  500 steps/s  0 s left\x1b[K',
    '\n',
  ]);
});

test('the line is not wider than the terminal', () => {
  const terminal = stream(true, 30);
  display(terminal as never, false).show(progress(1, 1000, [3]));
  expect(terminal.written[0]!.replace('\x1b[K', '')).toHaveLength(30);
});

test('elsewhere it is a line for each 10,000th step, whichever slice it is in', () => {
  const file = stream(false);
  const shown = display(file as never, false);
  shown.show(progress(9_999, 20_001, Array(9_999).fill(3)));
  shown.show(progress(10_002, 20_001, [1, 2, 3]));
  shown.show(progress(20_001, 20_001, [...Array(9_998).fill(2), 1.5]));
  shown.close();
  expect(file.written).toEqual(['      0/  20001: 3.0000\n', '  10000/  20001: 2.0000\n', '  20000/  20001: 1.5000\n']);
});

test('quiet is silent', () => {
  const terminal = stream(true);
  const shown = display(terminal as never, true);
  shown.show(progress(1, 1, [3]));
  shown.close();
  expect(terminal.written).toEqual([]);
});
