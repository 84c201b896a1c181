// The text of a cell with its places: where what the parser has found stands, and what is wrong where it found nothing.

import type { SyntaxNode } from '@lezer/common';
import { LessonError } from '../base/errors.js';
import { show } from '../base/show.js';
import { isEnded, quotesOf } from './literals.js';
import type { Place } from './tree.js';

/** A place that is no Python: `from` is where what it spoils begins. */
export interface Spoiled {
  readonly from: number;
  readonly error: LessonError;
}

/** Levels of brackets, operators and blocks that a cell may have inside each other. */
const deepest = 100;

export class SourceReader {
  readonly #source: string;
  /** Where each line begins. */
  readonly #lines: readonly number[];
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    const lines = [0];
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines.push(at + 1);
    this.#lines = lines;
  }

  /** The first place that is no Python. */
  firstFault(top: SyntaxNode): Spoiled | null {
    const cursor = top.cursor();
    while (!cursor.type.isError) if (!cursor.next()) return null;
    const open = unclosed(this.#source);
    if (open !== null && open.at < cursor.from) {
      const error = this.error(open.at, `expected "${closing[open.bracket]}" to end "${open.bracket}", got none`);
      return { from: open.at, error };
    }
    let outermost = cursor.node;
    const { parent } = outermost;
    if (/^(Format)?String$/.test(parent?.name ?? '') && !isEnded(this.textOf(parent!))) {
      return { from: parent!.from, error: this.error(parent!.from, unended(this.textOf(parent!))) };
    }
    // The indentation of a line is not what is wrong with it, unless it is.
    const at = cursor.from + /^[ \t]*/.exec(this.#source.slice(cursor.from))![0].length;
    const error = this.error(at, this.#faultAt(at));
    while (outermost.parent?.parent) outermost = outermost.parent;
    return { from: Math.min(cursor.from, outermost.from), error };
  }

  /** Whether a statement ends behind the beginning of a fault, or on the line of it. */
  reaches(node: SyntaxNode, { from, error }: Spoiled): boolean {
    const end = node.from + this.textOf(node).trimEnd().length;
    return end > from || this.#lineOf(end) >= error.line;
  }

  /** What is wrong at a place that the grammar does not take. */
  #faultAt(from: number): string {
    const before = this.#source.slice(0, from);
    const rest = this.#source.slice(from).split('\n', 1)[0]!.trim();
    const start = before.slice(before.lastIndexOf('\n') + 1);
    if (rest !== '' && before.trimEnd().endsWith(':') && start.trim() === '') {
      return 'expected an indented block after ":", got none';
    }
    const [, indent] = /(?:^|\n)([ \t]*)\S[^\n]*\s*$/.exec(before.slice(0, before.length - start.length)) ?? ['', ''];
    if (start.trim() === '' && start.length > indent!.length) return indentation(indent!, start);
    if (rest === '' && /^\s*(if|elif|else|for|while|def|with)\b.*[^:\s]\s*$/.test(start))
      return 'expected ":" at the end, got none';
    if (/^=(?!=)/.test(rest) && /^\s*(if|elif|while)\b/.test(start)) return 'expected "==" to compare, got "="';
    return `expected Python, got ${rest === '' ? 'the end of the line' : show(rest.slice(0, 40))}`;
  }

  #lineOf(at: number): number {
    let [low, high] = [0, this.#lines.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#lines[middle]! <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  protected place({ from, to }: { from: number; to: number }): Place {
    const line = this.#lineOf(from);
    return { line, column: from - this.#lines[line - 1]! + 1, text: this.#source.slice(from, to) };
  }

  protected error(from: number, reason: string): LessonError {
    const { line, column } = this.place({ from, to: from });
    return new LessonError(reason, line, column);
  }

  protected textOf({ from, to }: { from: number; to: number }): string {
    return this.#source.slice(from, to);
  }

  protected unknown(node: SyntaxNode, what: string): LessonError {
    return this.error(node.from, `expected the lesson's Python, got ${what}, which is not part of it`);
  }

  /** Throws unless the line of a statement begins with `indent`. */
  expectIndent(node: SyntaxNode, indent: string): void {
    const got = this.indentOf(node);
    if (got === null || got === indent) return;
    if (/ /.test(got + indent) && /\t/.test(got + indent)) {
      throw this.error(node.from, 'expected one kind of indentation, got tabs and spaces');
    }
    throw this.error(node.from, indentation(indent, got));
  }

  /** The white space before a statement that begins a line; null for one that does not. */
  protected indentOf({ from }: SyntaxNode): string | null {
    const start = this.#lines[this.#lineOf(from) - 1]!;
    const before = this.#source.slice(start, from);
    return /^\s*$/.test(before) ? before : null;
  }

  protected nested<Result>(node: SyntaxNode, read: () => Result): Result {
    if (++this.#depth > deepest) {
      throw this.error(node.from, `expected at most ${deepest} levels inside each other, got more`);
    }
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }
}

/** The parts of a node, comments apart. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') found.push(child);
  }
  return found;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function indentation(wanted: string, got: string): string {
  const before = wanted === '' ? 'no indentation' : `an indentation of ${wanted.length}`;
  return `expected ${before} as in the line before, got ${got.length}`;
}

export function unended(text: string): string {
  return `expected ${quotesOf(text)} to end the text, got none`;
}

/** The parts between nodes of a name; empty ones are left out. */
export function split(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  return splitAll(nodes, separator).filter((part) => part.length > 0);
}

export function splitAll(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) parts.push([]);
    else parts.at(-1)!.push(node);
  }
  return parts;
}

/** The first bracket that is never closed, strings and comments apart. */
function unclosed(source: string): { bracket: string; at: number } | null {
  const open: { bracket: string; at: number }[] = [];
  for (const { 0: token, index } of source.matchAll(
    /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|#.*|[([{}\])]/g,
  )) {
    if (token in closing) open.push({ bracket: token, at: index });
    else if (token.length === 1) open.pop();
  }
  return open[0] ?? null;
}
