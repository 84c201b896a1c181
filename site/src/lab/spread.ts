// How values are spread: what is drawn of the model from inside.

import { countsOf } from '../parts/counts.js';
import type { Counts } from './trainProtocol.js';

/** Where tanh is this far from 0, little gradient passes. */
const saturation = 0.97;
const bins = 40;

/** Mean and standard deviation. */
export function spreadOf(data: ArrayLike<number>): { mean: number; std: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  const mean = sum / data.length;
  for (let i = 0; i < data.length; i++) squares += (data[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / Math.max(1, data.length - 1)) };
}

/** How values are spread between -`range` and `range`: three standard deviations, unless it is given. */
export function histogram(name: string, data: ArrayLike<number>, range?: number): Counts {
  const { mean, std } = spreadOf(data);
  const to = range ?? (3 * std || 1);
  return { name, from: -to, to, counts: countsOf(data, -to, to, bins), mean, std };
}

/** For each neuron, the share of the examples on which tanh is saturated; `h` is [B, H]. */
export function saturatedShares(h: ArrayLike<number>, hidden: number): Float32Array {
  const counts = new Float32Array(hidden);
  for (let i = 0; i < h.length; i++) if (Math.abs(h[i]!) > saturation) counts[i % hidden]!++;
  return counts.map((count) => (count * hidden) / h.length);
}
