/** What others take for a training step. */
export interface Performance {
  readonly machine: string;
  /** B×H, one a column. */
  readonly sizes: readonly string[];
  readonly rows: readonly { readonly name: string; readonly microseconds: readonly number[] }[];
}
