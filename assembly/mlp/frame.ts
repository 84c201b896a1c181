// The notebook's tensors in linear memory. `npm run abi` writes this file.

/**
 * Sizes, and the address of each tensor under the notebook's name; d<name> is the gradient of <name>. Xb and Yb are i32, the
 * rest has the element type of the pass. A pass reads and writes those that it names, the addresses of the others may be 0.
 */
@unmanaged export class Frame {
  B: usize; // batch
  T: usize; // context length
  V: usize; // vocabulary
  E: usize; // embedding width
  H: usize; // hidden width
  eps: f64; // of batch norm
  rate: f64; // of the step that is being taken
  Xb: usize; // [B, T]
  Yb: usize; // [B]
  emb: usize; // [B, T, E]
  embcat: usize; // [B, T E]
  hprebn: usize; // [B, H]
  bnmeani: usize; // [1, H]
  bndiff: usize; // [B, H]
  bndiff2: usize; // [B, H]
  bnvar: usize; // [1, H]
  bnvar_inv: usize; // [1, H]
  bnraw: usize; // [B, H]
  hpreact: usize; // [B, H]
  h: usize; // [B, H]
  logits: usize; // [B, V]
  logit_maxes: usize; // [B, 1]
  norm_logits: usize; // [B, V]
  counts: usize; // [B, V]
  counts_sum: usize; // [B, 1]
  counts_sum_inv: usize; // [B, 1]
  probs: usize; // [B, V]
  logprobs: usize; // [B, V]
  loss: usize; // []
  demb: usize;
  dembcat: usize;
  dhprebn: usize;
  dbnmeani: usize;
  dbndiff: usize;
  dbndiff2: usize;
  dbnvar: usize;
  dbnvar_inv: usize;
  dbnraw: usize;
  dhpreact: usize;
  dh: usize;
  dlogits: usize;
  dlogit_maxes: usize;
  dnorm_logits: usize;
  dcounts: usize;
  dcounts_sum: usize;
  dcounts_sum_inv: usize;
  dprobs: usize;
  dlogprobs: usize;
  logit_argmaxes: usize; // i32 [B]: where each row of logits has its first maximum
  scratch: usize; // [max(B H, H V, T E H)], for values between two operations
  workspace: usize; // of the fused pass, as many bytes as workspaceBytes says
  C: usize; // [V, E]
  W1: usize; // [T E, H]
  b1: usize; // [H]
  W2: usize; // [H, V]
  b2: usize; // [V]
  bngain: usize; // [1, H]
  bnbias: usize; // [1, H]
  dC: usize;
  dW1: usize;
  db1: usize;
  dW2: usize;
  db2: usize;
  dbngain: usize;
  dbnbias: usize;
  kept_C: usize;
  kept_W1: usize;
  kept_b1: usize;
  kept_W2: usize;
  kept_b2: usize;
  kept_bngain: usize;
  kept_bnbias: usize;
}

/** The addresses of the parameters, or of as many arrays of the same shapes. */
@unmanaged export class Parameters {
  C: usize; // [V, E]
  W1: usize; // [T E, H]
  b1: usize; // [H]
  W2: usize; // [H, V]
  b2: usize; // [V]
  bngain: usize; // [1, H]
  bnbias: usize; // [1, H]
}

/** The examples to draw from. */
@unmanaged export class Examples {
  rows: usize; // i32 [N, T + 1]: context and target side by side, so that drawing an example waits for memory once
  N: u32;
  state: usize; // the generator's
  indices: usize; // i32 [B]
}
