// Cross-entropy of logits [rows, classes] against target classes (i32, [rows]), mean over the rows.

import { at, get, set } from '../simd';
import { Div, Mul, scalar } from './binary';
import { sumRow, Value } from './reduce';
import { maxRow, softmaxRow } from './softmax';
import { Log, unary } from './unary';

/**
 * loss = 1/rows Σ_i (log Σ_j exp(logits[i, j] - max_i) - (logits[i, y_i] - max_i)); probs = softmax(logits), for the backward pass.
 * `losses` receives each row's term. rows, classes >= 1. `probs` may be `logits`.
 * @export
 */
export function crossEntropy<T>(
  loss: usize, probs: usize, losses: usize, logits: usize, targets: usize, rows: usize, classes: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    const row = at<T>(logits, i * classes);
    const chosen = get<T>(row, get<i32>(targets, i));
    const largest = maxRow<T>(row, classes);
    const term = at<T>(losses, i);
    store<T>(term, softmaxRow<T>(at<T>(probs, i * classes), row, classes, largest));
    unary<T, Log>(term, term, 1);
    store<T>(term, (load<T>(term) - (chosen - largest)) as T);
  }
  store<T>(loss, (sumRow<T, Value>(losses, losses, rows) / (rows as T)) as T);
}

/** dlogits = (probs - onehot(targets)) / rows * dloss. `dlogits` may be `probs`. @export */
export function crossEntropyBackward<T>(
  dlogits: usize, probs: usize, targets: usize, dloss: usize, rows: usize, classes: usize,
): void {
  const n = rows * classes;
  memory.copy(dlogits, probs, n * sizeof<T>());
  for (let i: usize = 0; i < rows; i++) {
    const target = i * classes + (get<i32>(targets, i) as usize);
    set<T>(dlogits, target, (get<T>(dlogits, target) - (1 as T)) as T);
  }
  scalar<T, Div>(dlogits, dlogits, rows as T, n);
  scalar<T, Mul>(dlogits, dlogits, load<T>(dloss), n);
}
