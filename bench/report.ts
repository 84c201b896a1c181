// docs/performance.md, from what was measured.

import type { KernelTime } from './kernels.js';
import type { Spread } from './measure.js';
import { E, T, title, V } from './problem.js';
import type { Roofline } from './roofline.js';
import type { Run } from './run.js';
import type { StepTime, StepTimes } from './step.js';
import { digits, table } from './table.js';

export interface Measured {
  machine: string;
  load: number;
  rounds: number;
  kernels: { times: KernelTime[]; missing: string[] };
  steps: StepTimes[];
  rooflines: Roofline[];
  run: Run | undefined;
}

const micro = ({ median, low, high }: Spread) => `${digits(median * 1e6)} (${digits(low * 1e6)}–${digits(high * 1e6)})`;
const giga = (rate: number) => `${digits(rate / 1e9)} GFLOP/s`;
const percent = (share: number) => `${(100 * share).toFixed(0)}%`;

export function report(measured: Measured): string {
  const { machine, load, rounds, steps, run } = measured;
  const missing = [...new Set([...steps.flatMap(({ missing }) => missing), ...measured.kernels.missing])];
  return `# Performance

Written by \`npm run bench${run === undefined ? '' : ' -- --run'}\` on ${machine}; one thread each; load average ${digits(load)} at its
start. Everyone who is compared is measured in turn, a slice a round after one that does not count, ${rounds} rounds. A time is the
wall clock's or the processor's, whichever is less, so that waiting for a processor that something else uses does not count. Figures are medians, with the 10th and
the 90th percentile in brackets. Processors that
others share change their speed from run to run, by half at times (the peak below shows it): compare within a run only.

## A training step

Microseconds a step, B×H, with T ${T}, V ${V}, E ${E} and the bundled \`names.txt\`: minibatch, forward, backward, update. The peers
compute the same model from the same parameters; their losses over the first five batches are compared with ours before anything is
measured. "manual" is PyTorch with a backward pass written by hand, the notebook's exercise 4.

${stepTable(steps, (time) => micro(time))}

How many times as long as the fused pass in the strict build:

${stepTable(steps, (time, ours) => digits(time.median / ours.median))}
${onTheOtherNode(steps)}
${missing.map((line) => `- Not measured: ${line}.`).join('\n')}

${run === undefined ? '' : `${runLine(run)}\n`}
To measure the peers: \`npm install\` in \`bench/peers\`, which also brings a Node.js that runs the relaxed build; for PyTorch,
a Python that HANDGRAD_PYTHON names and that \`pip install torch numpy\` was run for, or Debian's \`python3-torch\` and
\`libopenblas0-serial\`.

## Kernels

float32, strict build. "peak" is the share of what chains of products and sums in registers do, f32x4 and rounded apart, measured in
turn with the kernel. The naive twin is the plainest loop in TypeScript (reference/naive.ts).

${kernelTable(measured)}

## How far from the peak

${measured.rooflines.map((roofline) => rooflineText(roofline, measured)).join('\n\n')}

## Where a peer is faster

${losses(measured)}
`;
}

/** The README's lines: the fused pass and the peers, with the command and the machine. */
export function headline({ machine, run, steps }: Measured): string {
  const shown = steps.map((one) => ({
    ...one,
    times: one.times.filter(({ name }) => !/^(stepwise|autograd),|relaxed|manual/.test(name)),
  }));
  return `${stepTable(shown, (time) => micro(time))}

\`npm run bench${run === undefined ? '' : ' -- --run'}\` on ${machine.split(', Node')[0]}, one thread; in brackets the 10th and the 90th percentile.`;
}

/** The peers as multiples of the fused pass on the Node.js that runs the relaxed build, where that is another one. */
function onTheOtherNode(steps: readonly StepTimes[]): string {
  const isThere = ({ name }: StepTime) => name === 'fused, strict, there';
  const ours = steps[0]!.times.find(isThere);
  if (ours === undefined) return '';
  const there = steps.map((one) => ({
    ...one,
    times: one.times.filter((time) => isThere(time) || !isOurs(time.name)),
  }));
  return `
The peers as multiples of ${ours.title}:

${stepTable(there, (time, ours) => digits(time.median / ours.median))}
`;
}

const isOurs = (name: string) => /^(fused|stepwise|autograd),/.test(name);

function stepTable(steps: readonly StepTimes[], cell: (time: Spread, ours: Spread) => string): string {
  const rows = new Map(steps.flatMap(({ times }) => times.map(({ name, title }) => [name, title] as const)));
  return table(
    ['', ...steps.map(({ size }) => title(size))],
    [...rows].map(([name, label]) => [
      label,
      ...steps.map(({ times }) => {
        const time = times.find((one) => one.name === name);
        return time === undefined ? '—' : cell(time, times[0]!);
      }),
    ]),
  );
}

function runLine({ seconds, step, loss }: Run): string {
  return (
    `Exercise 4 carried through, 200,000 steps at 32×200 on the training split: ${digits(seconds)} s, ${micro(step)} µs a step; mean ` +
    `loss of the last 1,000 batches ${loss.toFixed(4)}.`
  );
}

function kernelTable({ kernels }: Measured): string {
  return table(
    ['kernel', 'on', 'handgrad', 'peak', 'naive twin / handgrad', 'numpy-ts / handgrad'],
    kernels.times.map(({ kernel, on, ours, twin, numpy, peak, elements, operations }) => {
      const rate = operations === undefined ? undefined : operations / ours.median;
      const ratio = (other: Spread | undefined) => (other === undefined ? '—' : digits(other.median / ours.median));
      return [
        kernel,
        on,
        rate === undefined ? `${digits((ours.median / elements) * 1e9)} ns an element` : giga(rate),
        peak === undefined ? '—' : percent(peak),
        ratio(twin),
        ratio(numpy),
      ];
    }),
  );
}

function rooflineText({ size, second, tables, shares }: Roofline, { steps }: Measured): string {
  const { times, peak } = steps.find((one) => one.size === size)!;
  const ours = times[0]!.median;
  const atPeak = (2 * (second + tables)) / peak;
  const products = shares.find(({ what }) => what === 'matrix products')?.share ?? 0;
  const rate = (2 * (second + tables)) / (ours * products);
  const rest = shares.map(({ what, share }) => `${what} ${percent(share)}`).join(', ');
  return (
    `**${title(size)}.** ${digits((second + tables) / 1e6)} million multiply-adds, ${percent(second / (second + tables))} of them in the ` +
    `second layer, the rest in the tables: ${digits(atPeak * 1e6)} µs at the peak of ${giga(peak)}, which is ${percent(atPeak / ours)} of the step. ` +
    `By sampling, time goes to ${rest}; so that the products run at ${giga(rate)}, ${percent(rate / peak)} of the peak.`
  );
}

/** Every comparison that we lose. */
function losses({ steps, kernels }: Measured): string {
  const inSteps = steps.flatMap(({ size, times }) =>
    times
      .filter(({ name, median }) => !isOurs(name) && median < times[0]!.median)
      .map(
        (time) =>
          `- ${time.title} takes ${digits(time.median / times[0]!.median)} of our time for a step at ${title(size)}.`,
      ),
  );
  const ownTape = steps.flatMap(({ size, times }) => {
    const tape = times.find(({ name }) => name.startsWith('autograd, strict'))!;
    return times
      .filter(({ name, median }) => name === 'PyTorch, autograd' && median < tape.median)
      .map(
        ({ title: peer, median }) =>
          `- ${peer} takes ${digits(median / tape.median)} of the time of our tape at ${title(size)}.`,
      );
  });
  const inKernels = kernels.times.flatMap(({ kernel, on, ours, twin, numpy }) =>
    (
      [
        ['The naive twin', twin],
        ['numpy-ts', numpy],
      ] as const
    )
      .filter(([, other]) => other !== undefined && other.median < ours.median)
      .map(
        ([who, other]) => `- ${who} takes ${digits(other!.median / ours.median)} of our time in ${kernel} of ${on}.`,
      ),
  );
  const all = [...inSteps, ...ownTape, ...inKernels];
  return all.length === 0 ? 'Nowhere in these tables.' : all.join('\n');
}
