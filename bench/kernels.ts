// The kernels in float32, one by one and in turn with their naive twins and with numpy-ts.

import * as naive from '../reference/naive.js';
import { Core } from '../src/core/core.js';
import type { Kernels } from '../src/core/exports.js';
import { Generator } from '../src/random/generator.js';
import { PythonRandom } from '../src/random/pythonRandom.js';
import { type Contestant, inTurn, repeated, type Spread, type Turns } from './measure.js';
import { peak } from './peak.js';
import { E, T, V } from './problem.js';

type Argument = Float32Array | Int32Array | number;

/** A kernel on arguments; arrays stand for their addresses. */
interface Case {
  kernel: keyof Kernels | 'shuffle';
  /** What it works on. */
  on: string;
  args: Argument[];
  /** The twin, which takes the same arguments. */
  // biome-ignore lint/suspicious/noExplicitAny: each twin has a signature of its own.
  twin?: (...args: any[]) => void;
  /** The same work by numpy-ts. */
  numpy?: (numpy: Numpy) => () => void;
  /** Elements that it makes, or that it reads where it makes fewer. */
  elements: number;
  /** Products and sums of matrices. */
  operations?: number | undefined;
}

type Work = Pick<Case, 'kernel' | 'on' | 'elements' | 'operations'>;

export interface KernelTime extends Work {
  ours: Spread;
  twin: Spread | undefined;
  numpy: Spread | undefined;
  /** Share of the peak's rate, where it has operations to count. */
  peak: number | undefined;
}

/** What is used of numpy-ts, whose types are there only where it is installed. */
interface NumpyArray {
  reshape(...shape: number[]): NumpyArray;
  dispose(): void;
}
interface Numpy extends Record<'exp' | 'log' | 'tanh', (x: NumpyArray) => NumpyArray> {
  array(values: Float32Array): NumpyArray;
  matmul(x: NumpyArray, y: NumpyArray): NumpyArray;
}

async function loadNumpy(): Promise<Numpy | undefined> {
  const module = new URL('peers/node_modules/numpy-ts/dist/esm/index.js', import.meta.url).href;
  return import(module).catch(() => undefined);
}

const floats = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * 0.618034) % 1) * 4 - 2);
const indices = (count: number, below: number) => Int32Array.from({ length: count }, (_, i) => (i * 7919) % below);
const zeros = (count: number) => new Float32Array(count);

function product(m: number, k: number, n: number): Case {
  const [a, b] = [floats(m * k), floats(k * n)];
  return {
    kernel: 'matmul',
    on: `[${m}, ${k}] @ [${k}, ${n}]`,
    args: [zeros(m * n), a, b, m, n, k, k, 1],
    twin: naive.matmul,
    numpy: (numpy) => {
      const [x, y] = [numpy.array(a).reshape(m, k), numpy.array(b).reshape(k, n)];
      return () => numpy.matmul(x, y).dispose();
    },
    elements: m * n,
    operations: 2 * m * k * n,
  };
}

function unary(kernel: 'exp' | 'log' | 'tanh', n: number): Case {
  const a = kernel === 'log' ? floats(n).map((x) => x + 2.01) : floats(n);
  return {
    kernel,
    on: `[${n}]`,
    args: [zeros(n), a, n],
    twin: (...args: [Float32Array, Float32Array, number]) => naive.unary(Math[kernel], ...args),
    numpy: (numpy) => {
      const x = numpy.array(a);
      return () => numpy[kernel](x).dispose();
    },
    elements: n,
  };
}

function cases(): Case[] {
  const [B, H] = [32, 200];
  const n = B * H;
  const hidden = () => floats(n);
  const rows = () => floats(H);
  const logits = () => floats(B * V);
  const characters = indices(B * T, V);
  return [
    product(B, T * E, 64),
    product(B, T * E, H),
    product(B, H, V),
    product(T * E, B, H),
    product(256, T * E, 512),
    product(256, 512, V),
    product(1024, 1024, V),
    product(31, 33, 65),
    product(5, 7, 3),
    product(256, 256, 256),
    unary('exp', n),
    unary('log', n),
    unary('tanh', n),
    {
      kernel: 'tanhBackward',
      on: `[${n}]`,
      args: [zeros(n), hidden(), hidden(), n],
      twin: naive.tanhBackward,
      elements: n,
    },
    {
      kernel: 'softmax',
      on: `[${B}, ${V}]`,
      args: [zeros(B * V), logits(), B, V],
      twin: naive.softmax,
      elements: B * V,
    },
    {
      kernel: 'crossEntropy',
      on: `[${B}, ${V}]`,
      args: [zeros(1), zeros(B * V), zeros(B), logits(), indices(B, V), B, V],
      twin: naive.crossEntropy,
      elements: B * V,
    },
    {
      kernel: 'crossEntropyBackward',
      on: `[${B}, ${V}]`,
      args: [zeros(B * V), logits(), indices(B, V), Float32Array.of(1), B, V],
      twin: naive.crossEntropyBackward,
      elements: B * V,
    },
    {
      kernel: 'batchNorm',
      on: `[${B}, ${H}]`,
      args: [zeros(n), zeros(n), zeros(H), zeros(H), hidden(), rows(), rows(), B, H, 1e-5],
      twin: naive.batchNorm,
      elements: n,
    },
    {
      kernel: 'batchNormBackward',
      on: `[${B}, ${H}]`,
      args: [zeros(n), zeros(H), zeros(H), hidden(), rows(), rows(), hidden(), B, H],
      twin: naive.batchNormBackward,
      elements: n,
    },
    {
      kernel: 'add',
      on: `[${B}, ${H}] + [${H}]`,
      args: [zeros(n), hidden(), rows(), B, H, H, 1, 0, 1],
      twin: (...args: [Float32Array, Float32Array, Float32Array, number, number, number, number, number, number]) =>
        naive.binary((x, y) => x + y, ...args),
      elements: n,
    },
    {
      kernel: 'mul',
      on: `[${n}] * [${n}]`,
      args: [zeros(n), hidden(), hidden(), 1, n, n, 1, n, 1],
      twin: (...args: [Float32Array, Float32Array, Float32Array, number, number, number, number, number, number]) =>
        naive.binary((x, y) => x * y, ...args),
      elements: n,
    },
    {
      kernel: 'sum',
      on: `[${B}, ${H}], over rows`,
      args: [zeros(H), hidden(), 1, B, H],
      twin: naive.sum,
      elements: n,
    },
    {
      kernel: 'sum',
      on: `[${B}, ${H}], along rows`,
      args: [zeros(B), hidden(), B, H, 1],
      twin: naive.sum,
      elements: n,
    },
    {
      kernel: 'gather',
      on: `[${V}, ${E}] at [${B * T}]`,
      args: [zeros(B * T * E), floats(V * E), characters, B * T, E],
      twin: naive.gather,
      elements: B * T * E,
    },
    {
      kernel: 'scatterAdd',
      on: `[${B * T}, ${E}] to [${V}, ${E}]`,
      args: [zeros(V * E), characters, zeros(B * T * E), B * T, E],
      twin: naive.scatterAdd,
      elements: B * T * E,
    },
  ];
}

/** Times of every kernel, and of the draws; and why numpy-ts is missing, where it is. */
export async function kernels(turns: Turns): Promise<{ times: KernelTime[]; missing: string[] }> {
  const core = await Core.create({ build: 'strict' });
  const [numpy, top] = [await loadNumpy(), await peak()];
  const times: KernelTime[] = [];
  for (const one of cases()) {
    const other = numpy && one.numpy?.(numpy);
    const contestants = {
      ours: ours(core, one),
      twin: one.twin && repeated('twin', () => one.twin!(...one.args)),
      numpy: other && repeated('numpy-ts', other),
      top: one.operations === undefined ? undefined : top,
    };
    times.push(await compare(one, contestants, top.operations, turns));
  }
  for (const one of draws(core)) {
    times.push(await compare(one, { ours: repeated(one.on, one.run) }, top.operations, turns));
  }
  return { times, missing: numpy === undefined ? ['numpy-ts: not installed in bench/peers'] : [] };
}

interface Contestants {
  ours: Contestant;
  twin?: Contestant | undefined;
  numpy?: Contestant | undefined;
  top?: Contestant | undefined;
}

async function compare(
  { kernel, on, elements, operations }: Work,
  { ours, twin, numpy, top }: Contestants,
  topOperations: number,
  turns: Turns,
): Promise<KernelTime> {
  const taking = [ours, twin, numpy, top].filter((one) => one !== undefined);
  const spreads = await inTurn(taking, turns);
  const of = (one: Contestant | undefined) => (one === undefined ? undefined : spreads[taking.indexOf(one)]);
  const [own, chains] = [of(ours)!, of(top)];
  const share = chains && (operations! / own.median) * (chains.median / topOperations);
  return { kernel, on, elements, operations, ours: own, twin: of(twin), numpy: of(numpy), peak: share };
}

function ours(core: Core, { kernel, args }: Case): Contestant {
  const passed = args.map((argument) => {
    if (typeof argument === 'number') return argument;
    const pointer = core.memory.allocate(argument.byteLength);
    const dtype = argument instanceof Int32Array ? 'int32' : 'float32';
    core.memory.view(dtype, pointer, argument.length).set(argument);
    return pointer;
  });
  const run = core.kernels.float32[kernel as keyof Kernels] as (...args: number[]) => unknown;
  return repeated(kernel, () => run(...passed));
}

/** Draws of random numbers, which have no twin. */
function draws(core: Core): (Work & { run: () => void })[] {
  const n = 6400;
  const generator = new Generator(core).manualSeed(42);
  const random = new PythonRandom(core, 42);
  const out = core.memory.allocate(4 * n);
  const list = Array.from({ length: n }, (_, i) => i);
  return [
    { kernel: 'randn', on: `[${n}]`, elements: n, run: () => core.kernels.float32.randn(out, generator.pointer, n) },
    { kernel: 'shuffle', on: `[${n}]`, elements: n, run: () => random.shuffle(list) },
  ];
}
