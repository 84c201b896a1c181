// The largest error of exp, log and tanh: float32 over every input (or every N-th, --stride N), against the engine's float64
// function; float64 over a sample, against fixed point of 150 bits. `npm run bench:accuracy`

import { parseArgs } from 'node:util';
import { exp, log, tanh, ulpError } from '../reference/exact.js';
import { ulpError32 } from '../reference/ulp.js';
import { Core } from '../src/core/core.js';

const { values: options } = parseArgs({ options: { stride: { type: 'string', default: '1' } } });
const stride = Number(options.stride);
if (!(Number.isInteger(stride) && stride > 0))
  throw new RangeError(`stride: expected 1 or more, got ${options.stride}`);

const { memory, kernels } = await Core.create({ build: 'strict' });
const count = 1 << 16;
const pointer = memory.allocate(2 * 8 * count);
const result = pointer + 8 * count;
const names = ['exp', 'log', 'tanh'] as const;
const real = { exp, log, tanh };
type Name = (typeof names)[number];

function float32(name: Name): string[] {
  const reference = Math[name];
  const inputs = memory.view('float32', pointer, count);
  const bits = new Uint32Array(inputs.buffer, pointer, count);
  const outputs = memory.view('float32', result, count);
  let total = 0;
  let correct = 0;
  let largest = 0;
  let where = 0;
  for (let start = 0; start < 2 ** 32; start += count * stride) {
    const n = Math.min(count, Math.ceil((2 ** 32 - start) / stride));
    for (let i = 0; i < n; i++) bits[i] = start + i * stride;
    kernels.float32[name](result, pointer, n);
    for (let i = 0; i < n; i++) {
      const value = reference(inputs[i]!);
      if (Object.is(outputs[i], Math.fround(value))) {
        correct++;
        continue;
      }
      const error = ulpError32(outputs[i]!, value);
      if (error > largest) {
        largest = error;
        where = inputs[i]!;
      }
    }
    total += n;
  }
  const error = largest === 0 ? '≤ 0.5' : largest.toFixed(5);
  return [name, 'float32', `${total}`, error, `${where}`, percent(correct, total), nanoseconds(name, 'float32')];
}

function float64(name: Name): string[] {
  const inputs = Float64Array.from({ length: 20_000 }, (_, i) => sample[name]((i * 0.6180339887498949) % 1, i));
  memory.view('float64', pointer, inputs.length).set(inputs);
  kernels.float64[name](result, pointer, inputs.length);
  const outputs = memory.view('float64', result, inputs.length);
  const errors = inputs.map((x, i) => ulpError(outputs[i]!, real[name](x), 53));
  const largest = errors.indexOf(Math.max(...errors));
  const correct = errors.filter((error) => error <= 0.5).length;
  return [
    name,
    'float64',
    `${inputs.length}, sampled`,
    errors[largest]!.toFixed(3),
    `${inputs[largest]}`,
    percent(correct, inputs.length),
    nanoseconds(name, 'float64'),
  ];
}

/** Spread over the magnitudes at which each function has something to do; u in [0, 1). */
const sample: Record<Name, (u: number, i: number) => number> = {
  exp: (u, i) => (i % 2 ? 1459 * u - 750 : 4 * u - 2),
  log: (u, i) => (i % 2 ? 2 ** (2090 * u - 1070) : 0.5 + 1.5 * u),
  tanh: (u, i) => (i % 2 ? 4 * u - 2 : 20 * 2 ** (-40 * u)),
};

/** The best of many passes over 4096 elements. */
function nanoseconds(name: Name, dtype: 'float32' | 'float64'): string {
  const n = 4096;
  const inputs = memory.view('float64', pointer, n).map((_, i) => (i / n) * 10 - (name === 'log' ? -0.01 : 5));
  memory.view(dtype, pointer, n).set(inputs);
  let best = Infinity;
  for (let run = 0; run < 2000; run++) {
    const start = performance.now();
    kernels[dtype][name](result, pointer, n);
    best = Math.min(best, performance.now() - start);
  }
  return ((best * 1e6) / n).toFixed(2);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(4)}%`;
}

const rows = names.flatMap((name) => [float32(name), float64(name)]);
console.log('| function | type | inputs | largest error, ULP | at | correctly rounded | ns per element |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
