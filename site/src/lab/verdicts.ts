// What the proof says of the notebook's gradients.

import { provePasses } from 'handgrad/lesson';
import type { GradientReport } from 'handgrad/proof';
import { core } from './core.js';
import { draw, wordsFor } from './model.js';
import type { ShortVerdict, Verdicts } from './protocol.js';
import type { Settings } from './settings.js';

/** The verdicts on both passes that are written by hand. */
export async function verdicts(settings: Settings): Promise<Verdicts> {
  const [hg, words] = [await core(), await wordsFor(settings)];
  return hg.scope(() => {
    const { model, batch } = draw(hg, settings, words);
    const { stepwise, fused } = provePasses(hg, model, hg.tensor(batch.Xb), hg.tensor(batch.Yb));
    return { stepwise: shortVerdicts(stepwise.gradients), fused: shortVerdicts(fused.gradients) };
  });
}

/** The rows by the names of their tensors, in short. */
export function shortVerdicts(rows: readonly GradientReport[]): Readonly<Record<string, ShortVerdict>> {
  return Object.fromEntries(rows.map((row) => [row.name, { verdict: row.verdict, text: textOf(row) }]));
}

function textOf({ verdict, error, diagnosis, notes }: GradientReport): string {
  if (verdict === 'exact') return 'the same bits as autograd';
  const size = error === null ? '' : `errs by ${error.candidate.ulp.toPrecision(2)} ULP from the float64 truth`;
  return [diagnosis?.text, size, ...notes].filter(Boolean).join('; ');
}
