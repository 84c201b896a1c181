// A program of gradients as text, and the lines of it that each cell takes.

import type { CellRange } from './protocol.js';

export const holds = ({ from, count }: CellRange, line: number): boolean => line >= from && line < from + count;

export function textOf(source: string, { from, count }: CellRange): string {
  return source
    .split('\n')
    .slice(from - 1, from - 1 + count)
    .join('\n');
}

/** A program with empty lines in place of a cell's, so that the other lines keep their numbers. */
export function without(source: string, cell: CellRange): string {
  return source
    .split('\n')
    .map((line, i) => (holds(cell, i + 1) ? '' : line))
    .join('\n');
}
