// The fused pass's memory between its steps.
//
// The hidden layer is held in blocks of two vectors of columns, one after the other, each block [B, 2 vectors]: a block goes
// through linear, batch norm and tanh, and back, while it is in the nearest cache. Lanes beyond H hold nothing of meaning, and
// nothing reads them.

import { lanes } from '../../simd';
import { Frame } from '../frame';

/** Bytes of a row of a block. */
export const blockBytes: usize = 32;

/** Columns of the hidden layer in a block. */
// @ts-ignore: decorator
@inline
export function blockColumns<T>(): usize {
  return 2 * lanes<T>();
}

/** Addresses within the workspace. U counts the characters that occur in the batch, each at each of its places. */
// @ts-ignore: decorator
@unmanaged
export class Workspace {
  /** Blocks of the hidden layer. */
  blocks: usize;
  /** Bytes of a row of logits, whole vectors. */
  logitsRow: usize;
  /** Bytes of a block of dtables. */
  tableBlock: usize;

  slots: usize; // u32 [B, T]: the row of each context character, in bytes of a block
  used: usize; // i32 [U + 1]: the character of each row, place after place; the last is written, not read
  first: usize; // u32 [T + 1]: the first row of each place
  mark: usize; // i32 [V]: while they are numbered, the row of each character or -1

  C: usize; // [U, E]: the rows of C that are used
  tables: usize; // [U, block]: C W1 of each row, for one block of columns
  dtables: usize; // [blocks, U, block]: its gradient
  bnraw: usize; // [blocks, B, block]
  h: usize; // [blocks, B, block]
  dhidden: usize; // [B, block]: dh, then dhpreact, then dhprebn of one block
  bnvar_inv: usize; // [H]
  logits: usize; // [B, V]: then dlogits
  W2T: usize; // [V, block]: W2 transposed, for one block of its rows
  slab: usize; // a gradient of one block before it is written
  dC: usize; // [V, E]
  losses: usize; // [B]
  totals: usize; // [B]
}

/** Bytes that the workspace of a frame takes. */
export function workspaceBytes<T>(f: Frame): usize {
  return layOut(f, sizeof<T>(), 0, false);
}

/** The frame's workspace, laid out for its sizes. */
export function workspaceOf<T>(f: Frame): Workspace {
  layOut(f, sizeof<T>(), f.workspace, true);
  return changetype<Workspace>(f.workspace);
}

/** Gives every array its place behind the last one, from `base` on, and returns the bytes taken; without `write` it counts them. */
function layOut(f: Frame, size: usize, base: usize, write: bool): usize {
  const columns = blockBytes / size;
  const B = f.B, places = f.T, V = f.V, E = f.E;
  const blocks = (f.H + columns - 1) / columns;
  const logitsRow = align(V * size);
  const row = blocks * blockBytes;
  const U = min(B, V) * places;
  const slots = align(base + offsetof<Workspace>());
  const used = align(slots + B * places * 4);
  const first = align(used + (U + 1) * 4);
  const mark = align(first + (places + 1) * 4);
  const C = align(mark + V * 4);
  const tables = align(C + U * E * size);
  const dtables = tables + U * blockBytes;
  const bnraw = dtables + U * row;
  const h = bnraw + B * row;
  const dhidden = h + B * row;
  const bnvar_inv = dhidden + B * blockBytes;
  const logits = bnvar_inv + row;
  const W2T = logits + B * logitsRow;
  const slab = W2T + (logitsRow / size) * blockBytes;
  const dC = slab + max(columns * logitsRow, max<usize>(E, 3) * blockBytes);
  const losses = align(dC + V * E * size);
  const totals = align(losses + B * size);
  const end = align(totals + B * size);
  if (!write) return end - base;

  const w = changetype<Workspace>(base);
  w.blocks = blocks;
  w.logitsRow = logitsRow;
  w.tableBlock = U * blockBytes;
  w.slots = slots;
  w.used = used;
  w.first = first;
  w.mark = mark;
  w.C = C;
  w.tables = tables;
  w.dtables = dtables;
  w.bnraw = bnraw;
  w.h = h;
  w.dhidden = dhidden;
  w.bnvar_inv = bnvar_inv;
  w.logits = logits;
  w.W2T = W2T;
  w.slab = slab;
  w.dC = dC;
  w.losses = losses;
  w.totals = totals;
  return end - base;
}

function align(address: usize): usize {
  return (address + 15) & ~15;
}
