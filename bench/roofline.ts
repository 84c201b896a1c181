// How far the fused step is from the multiply-add peak, and where its time goes.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Dataset, init } from '../src/index.js';
import { E, examples, type Size, sizes, T, V } from './problem.js';

/** Functions by what they do, under the names of the debug build; what the compiler inlined counts with its caller. */
const parts: readonly [what: string, functions: RegExp][] = [
  ['matrix products', /tiles\/|addDots|addPanels/],
  ['batch norm and tanh', /normalize<|activate/],
  ['their gradients and the scatter into the tables', /normalizeBackward/],
  ["look-up of the tables' rows", /fused\/(?:index|workspace)|lookUp|findUsed|clearTable|gather/],
  ['cross-entropy', /output\/crossEntropy|kernels\/(unary|binary|reduce)/],
  ['update', /write/],
  ['minibatch', /random\/|mlp\/train/],
];

export interface Roofline {
  size: Size;
  /** Multiply-adds of a step in the second layer's products, and in those of the tables. */
  second: number;
  tables: number;
  /** Shares of the step's time, largest first; they add up to 1. */
  shares: { what: string; share: number }[];
}

export async function rooflines(): Promise<Roofline[]> {
  const dataset = await examples();
  const names = functionNames();
  const found: Roofline[] = [];
  for (const size of sizes)
    found.push({ size, ...multiplyAdds(size, dataset), shares: await profile(size, dataset, names) });
  return found;
}

/** The second layer's three products, with V padded to whole vectors where rows of logits are; the tables' three. */
function multiplyAdds({ B, H }: Size, { X, Y }: Dataset): { second: number; tables: number } {
  const padded = Math.ceil(V / 4) * 4;
  const batches = 100;
  let used = 0;
  for (let batch = 0; batch < batches; batch++) {
    const seen = new Set<number>();
    for (let i = 0; i < B; i++) {
      const row = Math.floor(Math.random() * Y.data.length);
      for (let t = 0; t < T; t++) seen.add(t * V + X.data[row * T + t]!);
    }
    used += seen.size / batches;
  }
  return { second: B * H * (2 * padded + V), tables: 3 * used * E * H };
}

/** Shares of the time of a few thousand steps, by sampling. */
async function profile(
  { B, H }: Size,
  dataset: Dataset,
  names: ReadonlyMap<number, string>,
): Promise<Roofline['shares']> {
  const hg = await init();
  const model = hg.createModel({ vocabSize: V, hidden: H, generator: hg.generator(), bnGenerator: hg.generator() });
  const trainer = hg.trainer(model, { dataset, generator: hg.generator(), batch: B });
  const rates = new Float64Array(Math.ceil(1e8 / (B * H * 3 * V))).fill(0.1);
  for (let warmUp = 0; warmUp < 3; warmUp++) trainer.run(rates);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 200 });
  await session.post('Profiler.start');
  for (let run = 0; run < 5; run++) trainer.run(rates);
  const { nodes, samples = [], timeDeltas = [] } = (await session.post('Profiler.stop')).profile;
  session.disconnect();

  const whats = new Map<number, string>();
  for (const { id, callFrame } of nodes) {
    const index = callFrame.functionName.match(/^wasm-function\[(\d+)\]$/)?.[1];
    if (index === undefined) continue;
    const name = names.get(Number(index)) ?? '';
    whats.set(id, parts.find(([, functions]) => functions.test(name))?.[0] ?? 'the rest');
  }
  const microseconds = new Map<string, number>();
  samples.forEach((id, i) => {
    const what = whats.get(id);
    if (what !== undefined) microseconds.set(what, (microseconds.get(what) ?? 0) + timeDeltas[i]!);
  });
  const total = [...microseconds.values()].reduce((sum, time) => sum + time, 0);
  const shares = [...microseconds].map(([what, time]) => ({ what, share: time / total }));
  return shares.sort((a, b) => b.share - a.share);
}

/** Names of the module's functions by index, from a build that differs by the section of names alone. */
function functionNames(): Map<number, string> {
  const folder = mkdtempSync(join(tmpdir(), 'handgrad-names-'));
  try {
    const file = join(folder, 'named.wasm');
    const root = fileURLToPath(new URL('..', import.meta.url));
    const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
    execFileSync(process.execPath, [asc, '--target', 'strict', '--debug', '--outFile', file], { cwd: root });
    return parseNames(new WebAssembly.Module(readFileSync(file)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The subsection of function names: https://webassembly.github.io/spec/core/appendix/custom.html#name-section */
function parseNames(module: WebAssembly.Module): Map<number, string> {
  const bytes = new Uint8Array(WebAssembly.Module.customSections(module, 'name')[0]!);
  let at = 0;
  const unsigned = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const names = new Map<number, string>();
  while (at < bytes.length) {
    const [id, length] = [unsigned(), unsigned()];
    if (id !== 1) at += length;
    else {
      for (let count = unsigned(); count > 0; count--) {
        const [index, size] = [unsigned(), unsigned()];
        names.set(index, new TextDecoder().decode(bytes.subarray(at, at + size)));
        at += size;
      }
    }
  }
  return names;
}
