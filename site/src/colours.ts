// Colours of values: blue below zero, orange above, which people of any colour sight tell apart, on light and on dark ground.

import { signal } from '@preact/signals';

type Colour = readonly [red: number, green: number, blue: number];

interface Scheme {
  readonly zero: Colour;
  /** At half of the largest magnitude, and at all of it. */
  readonly below: readonly [Colour, Colour];
  readonly above: readonly [Colour, Colour];
}

const light: Scheme = {
  zero: [244, 245, 246],
  below: [
    [86, 149, 212],
    [8, 58, 120],
  ],
  above: [
    [232, 139, 54],
    [128, 46, 4],
  ],
};

const dark: Scheme = {
  zero: [33, 38, 45],
  below: [
    [58, 122, 188],
    [158, 208, 255],
  ],
  above: [
    [194, 108, 34],
    [255, 196, 128],
  ],
};

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

/** The scheme of the page, which follows the reader's. */
export const scheme = signal(prefersDark.matches ? dark : light);
prefersDark.addEventListener('change', ({ matches }) => {
  scheme.value = matches ? dark : light;
});

/** Writes the colour of `value` at `at` of RGBA bytes, where `range` has the strongest. What is no number is magenta. */
export function paint(
  bytes: Uint8ClampedArray,
  at: number,
  value: number,
  range: number,
  { zero, below, above }: Scheme,
): void {
  bytes[at + 3] = 255;
  if (Number.isNaN(value)) {
    bytes.set([214, 51, 170], at);
    return;
  }
  const [middle, strongest] = value < 0 ? below : above;
  // The root shows small magnitudes too.
  const share = range > 0 ? Math.sqrt(Math.min(1, Math.abs(value) / range)) : 0;
  const [from, to, place] = share < 0.5 ? [zero, middle, 2 * share] : [middle, strongest, 2 * share - 1];
  for (let i = 0; i < 3; i++) bytes[at + i] = from[i]! + (to[i]! - from[i]!) * place;
}
