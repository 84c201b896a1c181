// The loss curve of `handgrad train --plot`: the same bytes for the same losses.

import { type CurveSeries, curve as drawn } from '../report.js';
import type { History } from './history.js';

/** The minibatches' losses, and those of dev where it has been measured, on a logarithmic axis. Those that are no finite number are left out. */
export function lossCurve({
  curve,
  dev,
  since,
  step,
  stepsPerPoint,
}: Pick<History, 'curve' | 'dev' | 'since' | 'step' | 'stepsPerPoint'>) {
  // Each point stands in the middle of the steps that it averages; the loss of a step is that before its update.
  const boundary = (i: number) => Math.min(since + i * stepsPerPoint, step);
  const places = curve.map((_, i) => (boundary(i) + boundary(i + 1) - 1) / 2);
  const series: CurveSeries[] = [{ name: 'minibatches', values: curve.map((log) => 10 ** log), places }];
  if (dev.length > 0) series.push({ name: 'dev', values: dev.map(([, loss]) => loss), places: dev.map(([at]) => at) });
  const averaged = stepsPerPoint === 1 ? '' : `, of minibatches the geometric mean of ${stepsPerPoint} steps`;
  return drawn(series, { title: 'Loss while training', x: 'step', y: `loss${averaged}`, logarithmic: true });
}
