// The fused pass's memory between its steps.
//
// The hidden layer is held in blocks of two vectors of columns, one after the other, each block [B, 2 vectors]: a block goes
// through linear, batch norm and tanh, and back, while it is in the nearest cache. What the lanes beyond H hold has no meaning,
// and no result depends on it.

import { lanes } from '../../simd';
import { Frame } from '../frame';

/** Bytes of a row of a block. */
export const blockBytes: usize = 32;

/** Columns of the hidden layer in a block. */
// @ts-ignore: decorator
@inline export function blockColumns<T>(): usize { return 2 * lanes<T>(); }

/**
 * What all columns share. U counts the characters that occur in the batch, counting one that occurs at several places once for
 * each.
 */
@unmanaged export class Workspace {
  /** Blocks of the hidden layer. */
  blocks: usize;
  /** Bytes of a row of logits, whole vectors. */
  logitsRow: usize;
  /** Bytes of a block of dtables. */
  tableBlock: usize;

  slots: usize; // u32 [B, T]: the row of each context character, in bytes of a block
  used: usize; // i32 [U + 1]: the character of each row, place after place; the last is written, not read
  first: usize; // u32 [T + 1]: the first row of each place
  mark: usize; // i32 [V]: while one place's characters are numbered, the row of each, or -1

  C: usize; // [U, E]: the rows of C that are used
  dtables: usize; // [blocks, U, block]: the gradient of C W1
  bnraw: usize; // [blocks, B, block]
  h: usize; // [blocks, B, block]
  bnvar_inv: usize; // [H]
  logits: usize; // [B, V]: then dlogits
  dC: usize; // [V, E]
  losses: usize; // [B]
  totals: usize; // [B]
  worker: usize; // a Worker
}

/** What each worker needs for itself: whoever takes one block of columns after the other through the pass. */
@unmanaged export class Worker {
  tables: usize; // [U, block]: C W1 of each row, for one block of columns
  dhidden: usize; // [B, block]: dh, then dhpreact, then dhprebn of one block
  W2T: usize; // [V, block]: W2 transposed, for one block of its rows
  slab: usize; // sums of one block on its way to h; later, one of its gradients before it is written
}

/** Bytes that the workspace of a frame takes. Sizes for which 32 bits do not hold them are refused in src/mlp/frame.ts. @export */
export function workspaceBytes<T>(f: Frame): usize { return layOut(f, sizeof<T>(), 0); }

/** The frame's workspace, laid out for its sizes. */
export function workspaceOf<T>(f: Frame): Workspace {
  const w = changetype<Workspace>(f.workspace);
  const size = sizeof<T>();
  w.blocks = blocksOf(f, size);
  w.logitsRow = align(f.V * size);
  w.tableBlock = rowsOf(f) * blockBytes;
  layOut(f, size, f.workspace);
  return w;
}

/** The largest that U can be. */
// @ts-ignore: decorator
@inline function rowsOf(f: Frame): usize { return min(f.B, f.V) * f.T; }

// @ts-ignore: decorator
@inline function blocksOf(f: Frame, size: usize): usize {
  const columns = blockBytes / size;
  return (f.H + columns - 1) / columns;
}

/**
 * Gives every array its place behind the last one in the workspace at `w`, and returns the bytes taken; with 0 it counts them.
 */
function layOut(f: Frame, size: usize, w: usize): usize {
  const B = f.B, places = f.T, V = f.V, E = f.E, U = rowsOf(f);
  const row = blocksOf(f, size) * blockBytes;
  const logitsRow = align(V * size);
  let end = align(w + offsetof<Workspace>());
  end = place(w, offsetof<Workspace>('slots'), end, B * places * 4);
  end = place(w, offsetof<Workspace>('used'), end, (U + 1) * 4);
  end = place(w, offsetof<Workspace>('first'), end, (places + 1) * 4);
  end = place(w, offsetof<Workspace>('mark'), end, V * 4);
  end = place(w, offsetof<Workspace>('C'), end, U * E * size);
  end = place(w, offsetof<Workspace>('dtables'), end, U * row);
  end = place(w, offsetof<Workspace>('bnraw'), end, B * row);
  end = place(w, offsetof<Workspace>('h'), end, B * row);
  end = place(w, offsetof<Workspace>('bnvar_inv'), end, row);
  end = place(w, offsetof<Workspace>('logits'), end, B * logitsRow);
  end = place(w, offsetof<Workspace>('dC'), end, V * E * size);
  end = place(w, offsetof<Workspace>('losses'), end, B * size);
  end = place(w, offsetof<Workspace>('totals'), end, B * size);
  const worker = w ? end : 0;
  end = place(w, offsetof<Workspace>('worker'), end, offsetof<Worker>());
  end = place(worker, offsetof<Worker>('tables'), end, U * blockBytes);
  end = place(worker, offsetof<Worker>('dhidden'), end, B * blockBytes);
  end = place(worker, offsetof<Worker>('W2T'), end, logitsRow / size * blockBytes);
  end = place(worker, offsetof<Worker>('slab'), end, max(blockBytes / size * logitsRow, max<usize>(E, 3) * blockBytes));
  return end - w;
}

/** Writes `address` into the struct at `to`, where there is one; returns the address behind `bytes` bytes. */
function place(to: usize, field: usize, address: usize, bytes: usize): usize {
  if (to) store<usize>(to + field, address);
  return align(address + bytes);
}

function align(address: usize): usize { return (address + 15) & ~15; }
