// A verdict as a sign and a word.

import type { GradientReport } from 'handgrad/proof';
import { signs } from '../parts/verdicts.js';

export function VerdictMark({ row: { verdict }, isRoot }: { row: Pick<GradientReport, 'verdict'>; isRoot: boolean }) {
  return (
    <span class={`verdict-mark ${verdict} ${isRoot ? 'root' : ''}`}>
      <span class={`sign ${verdict}`} aria-hidden="true">
        {signs[verdict]}
      </span>
      {isRoot ? 'first wrong' : verdict}
    </span>
  );
}
