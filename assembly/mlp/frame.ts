// The notebook's tensors in linear memory.

/**
 * Sizes, and the address of each tensor under the notebook's name; d<name> is the gradient of <name>. Xb and Yb are i32, the rest
 * has the element type of the pass. A pass reads and writes those that it names, the addresses of the others may be 0.
 */
// @ts-ignore: decorator
@unmanaged
export class Frame {
  /** Batch, context length, vocabulary, embedding width, hidden width. */
  B: usize;
  T: usize;
  V: usize;
  E: usize;
  H: usize;
  /** Of batch norm. */
  eps: f64;

  Xb: usize; // [B, T]
  Yb: usize; // [B]

  C: usize; // [V, E]
  W1: usize; // [T E, H]
  b1: usize; // [H]
  W2: usize; // [H, V]
  b2: usize; // [V]
  bngain: usize; // [1, H]
  bnbias: usize; // [1, H]

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

  dC: usize;
  dW1: usize;
  db1: usize;
  dW2: usize;
  db2: usize;
  dbngain: usize;
  dbnbias: usize;

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

  /** i32 [B]: where each row of logits has its first maximum. */
  logit_argmaxes: usize;
  /** [max(B, H V, T E H)], for values between two steps. */
  scratch: usize;
  /** The fused pass's, as many bytes as it asks for. */
  workspace: usize;
}

/** The parameters, or their gradients, of a frame. */
// @ts-ignore: decorator
@unmanaged
export class Parameters {
  C: usize;
  W1: usize;
  b1: usize;
  W2: usize;
  b2: usize;
  bngain: usize;
  bnbias: usize;

  static of(f: Frame): Parameters {
    return changetype<Parameters>(changetype<usize>(f) + offsetof<Frame>('C'));
  }

  static gradientsOf(f: Frame): Parameters {
    return changetype<Parameters>(changetype<usize>(f) + offsetof<Frame>('dC'));
  }
}
