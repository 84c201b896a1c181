// The sizes of the model that gradients are held against.

import type { Step } from 'handgrad/lesson';
import { standard } from '../lab/settings.js';

/** By the letters that the exercises have for them; V is the 26 letters and the end of a name. */
export const sizes = {
  B: standard.batch,
  H: standard.hidden,
  E: standard.embed,
  T: standard.block,
  V: 27,
  'T E': standard.block * standard.embed,
  1: 1,
} as const;

/** The shape of a gradient, as Python prints it. */
export const shownShape = ({ shape }: Step): string =>
  `[${shape.map((axis) => sizes[axis as keyof typeof sizes]).join(', ')}]`;
