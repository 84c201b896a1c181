// The multiply-add peak of one core in this engine: chains of products and sums that stay in registers.

import asc from 'assemblyscript/asc';
import { type Contestant, repeated } from './measure.js';

const rounds = 1000;
const lanes = 4;
/** Sums and factors as in a tile of a product, few enough to stay in registers. */
const [rows, columns] = [2, 4];

const each = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');
const sums = rows * columns;

/** A module whose `run(n)` adds n products to each sum. The columns' factors are 1, squared in each round so that
 * no product can be kept for the next one. */
const source = `export function run(n: i32, factor: f32): f32 {
  ${each(sums, (i) => `let sum${i} = f32x4.splat(factor * ${i});`)}
  ${each(rows, (i) => `const a${i} = f32x4.splat(factor + ${i});`)}
  ${each(columns, (j) => `let b${j} = f32x4.splat(factor + ${j} - ${j});`)}
  for (let i = 0; i < n; i++) {
    ${each(sums, (i) => `sum${i} = f32x4.add(sum${i}, f32x4.mul(a${Math.floor(i / columns)}, b${i % columns}));`)}
    ${each(columns, (j) => `b${j} = f32x4.mul(b${j}, b${j});`)}
  }
  ${each(sums, (i) => `b0 = f32x4.add(b0, sum${i});`)}
  return f32x4.extract_lane(b0, 0);
}`;

/** A contestant that does nothing but multiply and add; `operations` of them a repetition, a product and a sum being two. */
export interface Peak extends Contestant {
  operations: number;
}

export async function peak(): Promise<Peak> {
  const options = { optimizeLevel: 3, runtime: 'stub', enable: ['simd'] };
  const { error, binary, stderr } = await asc.compileString(source, options);
  if (binary === null) throw new Error(`asc: ${stderr}`, { cause: error });
  const { instance } = await WebAssembly.instantiate(new Uint8Array(binary));
  const run = instance.exports.run as (n: number, factor: number) => number;
  return { ...repeated('peak', () => run(rounds, 1)), operations: (2 * sums + columns) * lanes * rounds };
}
