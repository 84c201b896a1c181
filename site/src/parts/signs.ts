// A sign for each verdict, so that colour is never the only carrier.

export const signs: Readonly<Record<string, string>> = {
  exact: '✓',
  rounding: '≈',
  wrong: '✗',
  inherited: '↓',
  undecided: '?',
  unclaimed: '∅',
  open: '·',
  error: '!',
};
