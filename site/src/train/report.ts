// A training as a page of its own, for others to read: settings, losses, names, and the digest of its file.

import type { Progress } from '../lab/trainProtocol.js';
import { download } from '../parts/download.js';
import { look, prepared, progress, result, trainingFile } from './store.js';

/** The curve of the loss as SVG. */
export async function lossSvg({ step, curve, memory }: Progress): Promise<string> {
  const report = await import('handgrad/report');
  const places = Array.from(curve.means, (_, i) => Math.min(step, (i + 1) * curve.every));
  const dev = memory.dev.values[0] ?? [];
  return report.curve(
    [
      { name: 'minibatch', values: [...curve.means], places },
      ...(dev.length > 0 ? [{ name: 'dev', values: [...dev], places: [...memory.dev.steps] }] : []),
    ],
    { title: `Loss after ${step} steps`, x: 'step', y: 'loss' },
  );
}

/** What the report says, as data. */
async function facts() {
  const { settings, list, examples, parameterCount } = prepared.peek()!;
  const { step, loss, devLoss, rates, curve, memory } = progress.peek()!;
  const bytes = await trainingFile();
  return {
    step,
    settings,
    rates,
    words: list,
    examples,
    parameters: parameterCount,
    loss,
    devLoss,
    evaluation: result.peek(),
    losses: { every: curve.every, means: [...curve.means] },
    dev: { steps: memory.dev.steps, losses: memory.dev.values[0] ?? [] },
    names: [...memory.log, { step, names: look.peek()?.names ?? [] }],
    file: { bytes: bytes.length, sha256: await sha256(bytes) },
  };
}

/** Pages without TLS compute none. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  if (globalThis.crypto?.subtle === undefined) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function downloadReport(): Promise<void> {
  download('training.json', `${JSON.stringify(await facts(), null, 2)}\n`, 'application/json');
}
