// A sign and a phrase for each verdict, so that colour is never the only carrier. What they mean in sentences is in `handgrad/report`.

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

/** What stands beside a gradient's name. */
export const phrases: Readonly<Record<string, string>> = {
  exact: 'exact: the same bits as autograd',
  rounding: 'right: what differs is rounding',
  wrong: 'wrong',
  inherited: 'right by itself, but what it is computed from is wrong',
  undecided: 'undecided',
  error: 'does not run',
};
