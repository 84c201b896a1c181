// The multiply-add peak of one core in this engine: chains of products and sums that stay in registers.

import asc from 'assemblyscript/asc';
import { inTurn, repeated, type Spread, type Turns } from './measure.js';

/** Chains that do not wait for each other; as many as hide the latency and leave registers for the factors. */
const chains = 12;
const rounds = 10_000;
const lanes = 4;

/** A module whose `run(n)` carries n multiply-adds on each of the chains. */
function source(madd: (x: string) => string): string {
  const each = (line: (x: string) => string) => Array.from({ length: chains }, (_, i) => line(`x${i}`)).join('\n');
  return `export function run(n: i32, factor: f32): f32 {
    const a = f32x4.splat(factor), b = f32x4.splat(1 - factor);
    ${each((x) => `let ${x} = f32x4.splat(${1 + Number(x.slice(1)) / 100});`)}
    for (let i = 0; i < n; i++) { ${each((x) => `${x} = ${madd(x)};`)} }
    ${each((x) => (x === 'x0' ? '' : `x0 = f32x4.add(x0, ${x});`))}
    return f32x4.extract_lane(x0, 0);
  }`;
}

/** Operations a second, a product and a sum being two; without `fused` where the engine has no relaxed SIMD. */
export async function peaks(turns: Turns): Promise<{ apart: Spread; fused: Spread | undefined }> {
  const apart = await compile((x) => `f32x4.add(f32x4.mul(${x}, a), b)`);
  const fused = await compile((x) => `f32x4.relaxed_madd(${x}, a, b)`);
  const work = [apart, fused].filter((run) => run !== undefined);
  const times = await inTurn(
    work.map((run) => repeated('peak', () => run(rounds, 0.999))),
    turns,
  );
  const rates = times.map(({ median, low, high }) => {
    const operations = 2 * lanes * chains * rounds;
    return { median: operations / median, low: operations / high, high: operations / low };
  });
  return { apart: rates[0]!, fused: rates[1] };
}

async function compile(madd: (x: string) => string): Promise<((n: number, factor: number) => number) | undefined> {
  const options = { optimizeLevel: 3, runtime: 'stub', enable: ['simd', 'relaxed-simd'] };
  const { error, binary, stderr } = await asc.compileString(source(madd), options);
  if (binary === null) throw new Error(`asc: ${stderr}`, { cause: error });
  const bytes = new Uint8Array(binary);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports.run as (n: number, factor: number) => number;
}
