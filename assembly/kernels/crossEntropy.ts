// Cross-entropy of logits [rows, classes] against target classes (i32, [rows]), mean over the rows.

import { log } from '../math';
import { at, get, lanes, set, storeLanes } from '../simd';
import { sumRow, Value } from './reduce';
import { maxRow, softmaxRow } from './softmax';

/**
 * loss = 1/rows Σ_i (log Σ_j exp(logits[i, j] - max_i) - (logits[i, y_i] - max_i)); probs = softmax(logits), for the backward pass.
 * `losses` receives each row's term. rows, classes >= 1. `probs` may be `logits`.
 */
export function crossEntropy<T>(
  loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    const row = at<T>(logits, i * classes);
    const chosen = get<T>(row, get<i32>(targets, i));
    const largest = maxRow<T>(row, classes);
    const total = softmaxRow<T>(at<T>(probs, i * classes), row, classes, largest);
    const logTotal = v128.extract_lane<T>(log<T>(v128.splat<T>(total)), 0);
    set<T>(losses, i, (logTotal - (chosen - largest)) as T);
  }
  store<T>(loss, (sumRow<T, Value>(losses, losses, rows) / (rows as T)) as T);
}

/** dlogits = (probs - onehot(targets)) / rows * dloss. `dlogits` may be `probs`. */
export function crossEntropyBackward<T>(
  dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize,
): void {
  const mean = v128.splat<T>(rows as T);
  const scale = v128.splat<T>(load<T>(dloss));
  for (let i: usize = 0; i < rows; i++) {
    const to = at<T>(dlogits, i * classes);
    const from = at<T>(probs, i * classes);
    const target = get<i32>(targets, i) as usize;
    const probability = get<T>(from, target);
    for (let j: usize = 0; j < classes; j += lanes<T>()) {
      storeLanes<T>(at<T>(to, j), v128.mul<T>(v128.div<T>(v128.load(at<T>(from, j)), mean), scale), classes - j);
    }
    set<T>(to, target, ((((probability - (1 as T)) as T) / (rows as T)) as T * load<T>(dloss)) as T);
  }
}
