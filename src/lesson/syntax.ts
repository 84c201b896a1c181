// From the text of a cell to its statements.

import { parser } from '@lezer/python';
import { LessonError } from '../base/errors.js';
import { withoutTrailingDots } from './literals.js';
import { cleaned, explained } from './source.js';
import { childrenOf } from './sourceReader.js';
import { StatementReader } from './statementReader.js';
import type { Block, Statement } from './tree.js';

/** A cell that has been read: its statements, as far as they are Python, and what is wrong behind them. */
export interface Cell {
  readonly statements: Block;
  readonly error: LessonError | null;
}

/** Reads a cell. What can't be read ends it: the statements before it are there, and an error that says what it is. */
export function readCell(text: string): Cell {
  const statements: Statement[] = [];
  let source = '';
  try {
    source = cleaned(text);
    const reader = new StatementReader(source);
    const tree = parser.parse(withoutTrailingDots(source));
    const fault = reader.firstFault(tree.topNode);
    for (const node of childrenOf(tree.topNode)) {
      if (fault !== null && reader.reaches(node, fault)) break;
      reader.expectIndent(node, '');
      statements.push(...reader.statement(node));
    }
    return { statements, error: fault === null ? null : explained(fault.error, source) };
  } catch (error) {
    if (error instanceof LessonError) return { statements, error: explained(error, source) };
    throw error;
  }
}
