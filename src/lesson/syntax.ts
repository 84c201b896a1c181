// From the text of a cell to its statements.

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { LessonError } from '../base/errors.js';
import { show } from '../base/show.js';
import { isEnded, number, plainString, quotesOf } from './literals.js';
import { cleaned } from './source.js';
import type { Argument, Block, Clause, Expression, FormatPart, Import, Parameter, Place, Statement } from './tree.js';

/** A cell that has been read: its statements, as far as they are Python, and what is wrong behind them. */
export interface Cell {
  readonly statements: Block;
  readonly error: LessonError | null;
}

/** A place that is no Python: `from` is where what it spoils begins. */
interface Fault {
  readonly from: number;
  readonly error: LessonError;
}

/** Levels of brackets, operators and blocks that a cell may have inside each other. */
const deepest = 100;

/** Reads a cell. What can't be read ends it: the statements before it are there, and an error that says what it is. */
export function readCell(text: string): Cell {
  const statements: Statement[] = [];
  try {
    const source = cleaned(text);
    const reader = new Reader(source);
    const tree = parser.parse(source);
    const fault = reader.firstFault(tree.topNode);
    for (const node of childrenOf(tree.topNode)) {
      if (fault !== null && reader.reaches(node, fault)) break;
      reader.expectIndent(node, '');
      statements.push(...reader.statement(node));
    }
    return { statements, error: fault?.error ?? null };
  } catch (error) {
    if (error instanceof LessonError) return { statements, error };
    throw error;
  }
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') found.push(child);
  }
  return found;
}

class Reader {
  readonly #source: string;
  /** Where each line begins. */
  readonly #lines: readonly number[];
  #depth = 0;
  /** Whether what is read is in a function, and in a loop of it. */
  #around = { isFunction: false, isLoop: false };

  constructor(source: string) {
    this.#source = source;
    const lines = [0];
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines.push(at + 1);
    this.#lines = lines;
  }

  /** The first place that is no Python. */
  firstFault(top: SyntaxNode): Fault | null {
    const cursor = top.cursor();
    while (!cursor.type.isError) if (!cursor.next()) return null;
    const open = unclosed(this.#source);
    if (open !== null && open.at < cursor.from) {
      const error = this.#error(open.at, `expected "${closing[open.bracket]}" to end "${open.bracket}", got none`);
      return { from: open.at, error };
    }
    let outermost = cursor.node;
    const { parent } = outermost;
    if (/^(Format)?String$/.test(parent?.name ?? '') && !isEnded(this.#textOf(parent!))) {
      return { from: parent!.from, error: this.#error(parent!.from, unended(this.#textOf(parent!))) };
    }
    // The indentation of a line is not what is wrong with it, unless it is.
    const at = cursor.from + /^[ \t]*/.exec(this.#source.slice(cursor.from))![0].length;
    const error = this.#error(at, this.#faultAt(at));
    while (outermost.parent?.parent) outermost = outermost.parent;
    return { from: Math.min(cursor.from, outermost.from), error };
  }

  /** Whether a statement ends behind the beginning of a fault, or on the line of it. */
  reaches(node: SyntaxNode, { from, error }: Fault): boolean {
    const end = node.from + this.#textOf(node).trimEnd().length;
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

  #place({ from, to }: { from: number; to: number }): Place {
    const line = this.#lineOf(from);
    return { line, column: from - this.#lines[line - 1]! + 1, text: this.#source.slice(from, to) };
  }

  #error(from: number, reason: string): LessonError {
    const { line, column } = this.#place({ from, to: from });
    return new LessonError(reason, line, column);
  }

  #textOf({ from, to }: SyntaxNode): string {
    return this.#source.slice(from, to);
  }

  #unknown(node: SyntaxNode, what: string): LessonError {
    return this.#error(node.from, `expected the lesson's Python, got ${what}, which is not part of it`);
  }

  /** Throws unless the line of a statement begins with `indent`. */
  expectIndent(node: SyntaxNode, indent: string): void {
    const got = this.#indentOf(node);
    if (got === null || got === indent) return;
    if (/ /.test(got + indent) && /\t/.test(got + indent)) {
      throw this.#error(node.from, 'expected one kind of indentation, got tabs and spaces');
    }
    throw this.#error(node.from, indentation(indent, got));
  }

  /** The white space before a statement that begins a line; null for one that does not. */
  #indentOf({ from }: SyntaxNode): string | null {
    const start = this.#lines[this.#lineOf(from) - 1]!;
    const before = this.#source.slice(start, from);
    return /^\s*$/.test(before) ? before : null;
  }

  #nested<Result>(node: SyntaxNode, read: () => Result): Result {
    if (++this.#depth > deepest) {
      throw this.#error(node.from, `expected at most ${deepest} levels inside each other, got more`);
    }
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  // Statements

  statement(node: SyntaxNode): Statement[] {
    return this.#nested(node, () => {
      if (node.name === 'StatementGroup') {
        return childrenOf(node)
          .filter(({ name }) => name !== ';')
          .flatMap((one) => this.statement(one));
      }
      return [this.#statementOf(node)];
    });
  }

  #statementOf(node: SyntaxNode): Statement {
    const place = this.#place(node);
    const children = childrenOf(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return { ...place, kind: 'expression', value: this.#tuple(children, node) };
      case 'AssignStatement':
        return { ...place, kind: 'assign', ...this.#assignment(node, children) };
      case 'UpdateStatement':
        return { ...place, kind: 'augmented', ...this.#update(node, children) };
      case 'ForStatement':
        return { ...place, kind: 'for', ...this.#for(node, children) };
      case 'WhileStatement': {
        const [body, otherwise] = this.#bodies(children);
        return {
          ...place,
          kind: 'while',
          test: this.#expression(children[1]!),
          body,
          otherwise,
        };
      }
      case 'IfStatement':
        return { ...place, kind: 'if', ...this.#if(children) };
      case 'FunctionDefinition':
        return { ...place, kind: 'def', ...this.#def(node, children) };
      case 'WithStatement':
        return { ...place, kind: 'with', ...this.#with(node, children) };
      case 'ReturnStatement':
        if (!this.#around.isFunction) throw this.#error(node.from, 'expected return inside a function, got it outside');
        return { ...place, kind: 'return', value: children.length === 1 ? null : this.#tuple(children.slice(1), node) };
      case 'ImportStatement':
        return { ...place, kind: 'import', imports: this.#import(node, children) };
      case 'AssertStatement': {
        const [test, message] = children.slice(1).filter(({ name }) => name !== ',');
        return {
          ...place,
          kind: 'assert',
          test: this.#expression(test!),
          message: message === undefined ? null : this.#expression(message),
        };
      }
      case 'ScopeStatement':
        if (children[0]!.name !== 'global') throw this.#unknown(node, 'nonlocal');
        return {
          ...place,
          kind: 'global',
          names: children
            .slice(1)
            .filter(({ name }) => name !== ',')
            .map((name) => this.#nameOf(name)),
        };
      case 'PassStatement':
        return { ...place, kind: 'pass' };
      case 'BreakStatement':
      case 'ContinueStatement': {
        const kind = node.name === 'BreakStatement' ? 'break' : 'continue';
        if (!this.#around.isLoop) throw this.#error(node.from, `expected ${kind} inside a loop, got it outside`);
        return { ...place, kind };
      }
      case 'PrintStatement':
        throw this.#error(node.from, 'print: expected parentheses around what is printed, got none');
      default:
        throw this.#unknown(node, statementNames[node.name] ?? show(this.#textOf(node).slice(0, 40)));
    }
  }

  #assignment(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children.some(({ name }) => name === 'TypeDef')) throw this.#unknown(node, 'the type of a variable');
    const groups = split(children, 'AssignOp').map((group) => this.#tuple(group, node));
    const targets = groups.slice(0, -1);
    for (const target of targets) this.#expectTarget(target);
    return { targets, value: groups.at(-1)! };
  }

  #update(node: SyntaxNode, children: readonly SyntaxNode[]) {
    const at = children.findIndex(({ name }) => name === 'UpdateOp');
    const target = this.#tuple(children.slice(0, at), node);
    if (target.kind === 'tuple' || target.kind === 'list') {
      throw this.#error(node.from, 'expected one variable to change, got several');
    }
    this.#expectTarget(target);
    return {
      target,
      operator: this.#textOf(children[at]!).slice(0, -1),
      value: this.#tuple(children.slice(at + 1), node),
    };
  }

  #expectTarget(target: Expression): void {
    if (target.kind === 'tuple' || target.kind === 'list') for (const item of target.items) this.#expectTarget(item);
    else if (!['name', 'attribute', 'subscript'].includes(target.kind)) {
      const { line, column, text } = target;
      throw new LessonError(`expected a variable to assign to, got ${show(text)}`, line, column);
    }
  }

  #for(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.#unknown(node, 'async');
    const inAt = children.findIndex(({ name }) => name === 'in');
    const bodyAt = children.findIndex(({ name }) => name === 'Body');
    const target = this.#tuple(children.slice(1, inAt), node);
    this.#expectTarget(target);
    const [body, otherwise] = this.#bodies(children);
    return {
      target,
      over: this.#tuple(children.slice(inAt + 1, bodyAt), node),
      body,
      otherwise,
    };
  }

  #if(children: readonly SyntaxNode[]) {
    const branches: { test: Expression; body: Block }[] = [];
    let otherwise: Block = [];
    children.forEach(({ name }, i) => {
      if (name === 'if' || name === 'elif') {
        branches.push({ test: this.#expression(children[i + 1]!), body: this.#body(children[i + 2]!) });
      } else if (name === 'else') otherwise = this.#body(children[i + 1]!);
    });
    return { branches, otherwise };
  }

  #def(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.#unknown(node, 'async');
    const part = (wanted: string) => children.find(({ name }) => name === wanted)!;
    return {
      name: this.#nameOf(part('VariableName')),
      parameters: this.#parameters(part('ParamList')),
      body: this.#within({ isFunction: true, isLoop: false }, () => this.#body(part('Body'))),
    };
  }

  #parameters(list: SyntaxNode): Parameter[] {
    const tokens = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')' && name !== 'TypeDef');
    return split(tokens, ',').map((group) => {
      const [first, , preset] = group;
      const isRest = first!.name === '*';
      const name = isRest ? group[1] : first!;
      if (name?.name !== 'VariableName') throw this.#unknown(list, show(this.#textOf(first!)));
      const parameter = { name: this.#nameOf(name), isRest };
      return !isRest && preset !== undefined ? { ...parameter, preset: this.#expression(preset) } : parameter;
    });
  }

  #with(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.#unknown(node, 'async');
    const items = split(children.slice(1, -1), ',').map(([value, , name]) => ({
      value: this.#expression(value!),
      ...(name === undefined ? {} : { name: this.#nameOf(name) }),
    }));
    return { items, body: this.#body(children.at(-1)!) };
  }

  #import(node: SyntaxNode, children: readonly SyntaxNode[]): Import[] {
    const text = (nodes: readonly SyntaxNode[]) => nodes.map((part) => this.#textOf(part)).join('');
    const isFrom = children[0]!.name === 'from';
    const importAt = children.findIndex(({ name }) => name === 'import');
    const module = text(children.slice(1, importAt));
    const named = children.slice(importAt + 1).filter(({ name }) => name !== '(' && name !== ')');
    return split(named, ',').map((group) => {
      const asAt = group.findIndex(({ name }) => name === 'as');
      const path = text(asAt < 0 ? group : group.slice(0, asAt));
      if (path === '*') throw this.#unknown(node, 'an import of everything');
      const alias = asAt < 0 ? undefined : text(group.slice(asAt + 1));
      return isFrom
        ? { module, name: path, alias: alias ?? path }
        : { module: alias === undefined ? path.split('.')[0]! : path, alias: alias ?? path.split('.')[0]! };
    });
  }

  /** The body of a loop, and that of its `else`. */
  #bodies(children: readonly SyntaxNode[]): [body: Block, otherwise: Block] {
    const [body, otherwise] = children.filter(({ name }) => name === 'Body');
    const inside = this.#within({ ...this.#around, isLoop: true }, () => this.#body(body!));
    return [inside, otherwise === undefined ? [] : this.#body(otherwise)];
  }

  #within<Result>(around: { isFunction: boolean; isLoop: boolean }, read: () => Result): Result {
    const before = this.#around;
    this.#around = around;
    try {
      return read();
    } finally {
      this.#around = before;
    }
  }

  #body(node: SyntaxNode): Block {
    const statements = childrenOf(node).slice(1);
    const indent = statements.map((one) => this.#indentOf(one)).find((one) => one !== null);
    return statements.flatMap((one) => {
      if (indent !== undefined) this.expectIndent(one, indent!);
      return this.statement(one);
    });
  }

  // Expressions

  /** Expressions with commas between them as a tuple, a single one without a comma as it is. */
  #tuple(nodes: readonly SyntaxNode[], around: SyntaxNode): Expression {
    if (nodes.length === 1) return this.#expression(nodes[0]!);
    if (nodes.length === 0) throw this.#error(around.from, 'expected an expression, got none');
    const place = this.#place({ from: nodes[0]!.from, to: nodes.at(-1)!.to });
    return { ...place, kind: 'tuple', items: this.#items(nodes) };
  }

  #items(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.filter(({ name }) => name !== ',').map((item) => this.#expression(item));
  }

  #expression(node: SyntaxNode): Expression {
    return this.#nested(node, () => ({ ...this.#place(node), ...this.#expressionOf(node) }) as Expression);
  }

  #expressionOf(node: SyntaxNode): Omit<Expression, keyof Place> | Record<string, unknown> {
    const children = childrenOf(node);
    const inner = children.slice(1, -1);
    switch (node.name) {
      case 'VariableName':
        return { kind: 'name', name: this.#nameOf(node) };
      case 'Number':
        return { kind: 'constant', value: this.#literal(node, number) };
      case 'String':
        return { kind: 'constant', value: this.#literal(node, plainString) };
      case 'FormatString':
        return { kind: 'format', parts: this.#format(node) };
      case 'ContinuedString':
        return { kind: 'format', parts: children.flatMap((part) => this.#format(part)) };
      case 'None':
        return { kind: 'constant', value: null };
      case 'Boolean':
        return { kind: 'constant', value: this.#textOf(node) === 'True' };
      case 'Ellipsis':
        return { kind: 'ellipsis' };
      case 'ParenthesizedExpression':
        return { ...this.#expression(inner[0]!), text: this.#textOf(node), isBracketed: true };
      case 'TupleExpression':
        return { kind: 'tuple', items: this.#items(inner) };
      case 'ArrayExpression':
        return { kind: 'list', items: this.#items(inner) };
      case 'SetExpression':
        return { kind: 'set', items: this.#items(inner) };
      case 'DictionaryExpression':
        return { kind: 'dict', items: split(inner, ',').map((item) => this.#entry(node, item)) };
      case 'ComprehensionExpression':
        return this.#comprehension('generator', inner);
      case 'ArrayComprehensionExpression':
        return this.#comprehension('list', inner);
      case 'SetComprehensionExpression':
        return this.#comprehension('set', inner);
      case 'DictionaryComprehensionExpression': {
        const [element, value] = this.#entry(node, inner.slice(0, 3));
        return { ...this.#comprehension('dict', inner.slice(2)), element, value };
      }
      case 'UnaryExpression':
        return { kind: 'unary', operator: this.#textOf(children[0]!), operand: this.#expression(children[1]!) };
      case 'BinaryExpression':
        return this.#binary(children);
      case 'ConditionalExpression':
        return {
          kind: 'conditional',
          test: this.#expression(children[2]!),
          chosen: this.#expression(children[0]!),
          otherwise: this.#expression(children[4]!),
        };
      case 'CallExpression':
        return { kind: 'call', callee: this.#expression(children[0]!), args: this.#arguments(children[1]!) };
      case 'MemberExpression':
        if (children[1]!.name === '.') {
          return { kind: 'attribute', object: this.#expression(children[0]!), name: this.#textOf(children[2]!) };
        }
        return {
          kind: 'subscript',
          object: this.#expression(children[0]!),
          index: this.#index(node, children.slice(2, -1)),
        };
      case 'LambdaExpression': {
        const parameters = children.find(({ name }) => name === 'ParamList');
        return {
          kind: 'lambda',
          parameters: parameters === undefined ? [] : this.#parameters(parameters),
          value: this.#expression(children.at(-1)!),
        };
      }
      default:
        throw this.#unknown(node, expressionNames[node.name] ?? show(this.#textOf(node).slice(0, 40)));
    }
  }

  #nameOf(node: SyntaxNode): string {
    const name = this.#textOf(node);
    const odd = [...name].find((character) => !/[\p{ID_Continue}_]/u.test(character));
    if (odd === undefined) return name.normalize('NFKC');
    const code = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw this.#error(node.from + name.indexOf(odd), `expected a character of Python, got ${show(odd)} (U+${code})`);
  }

  #literal<Value>(node: SyntaxNode, read: (text: string) => Value | undefined): Value {
    const text = this.#textOf(node);
    if (node.name === 'String') this.#expectEnd(node);
    const value = read(text);
    if (value !== undefined) return value;
    throw this.#unknown(node, show(text.slice(0, 40)));
  }

  /** Throws where a string has no end. */
  #expectEnd(node: SyntaxNode): void {
    const text = this.#textOf(node);
    if (!isEnded(text)) throw this.#error(node.from, unended(text));
  }

  /** The parts of a string, which may be an f-string. */
  #format(node: SyntaxNode): FormatPart[] {
    if (node.name === 'String') return [this.#literal(node, plainString)];
    this.#expectEnd(node);
    const text = this.#textOf(node);
    const quotes = quotesOf(text);
    const prefix = text.slice(0, text.indexOf(quotes));
    const start = node.from + prefix.length + quotes.length;
    return this.#parts(node, start, node.to - quotes.length, /r/i.test(prefix) ? 'r' : '');
  }

  /** The parts of a format from one place to another: texts and replacements. */
  #parts(node: SyntaxNode, from: number, to: number, prefix: string): FormatPart[] {
    const parts: FormatPart[] = [];
    const addText = (start: number, end: number) => {
      if (start >= end) return;
      const text = this.#source.slice(start, end).replace(/\{\{|\}\}/g, (pair) => pair[0]!);
      parts.push(plainString(`${prefix}'''${text}'''`) ?? text);
    };
    let at = from;
    for (const child of childrenOf(node).filter(({ name }) => name === 'FormatReplacement')) {
      addText(at, child.from);
      parts.push(...this.#replacement(child));
      at = child.to;
    }
    addText(at, to);
    return parts;
  }

  #replacement(node: SyntaxNode): FormatPart[] {
    const children = childrenOf(node);
    const part = (wanted: string) => children.find(({ name }) => name === wanted);
    const [conversion, spec, itself] = [part('FormatConversion'), part('FormatSpec'), part('FormatSelfDoc')];
    const end = itself ?? conversion ?? spec ?? children.at(-1)!;
    const values = children.slice(1).filter(({ from }) => from < end.from);
    const shown = {
      value: this.#tuple(values, node),
      conversion:
        conversion === undefined
          ? itself === undefined || spec !== undefined
            ? ''
            : 'r'
          : this.#textOf(conversion)[1]!,
      spec: spec === undefined ? [] : this.#parts(spec, spec.from + 1, spec.to, ''),
    };
    return itself === undefined ? [shown] : [this.#source.slice(node.from + 1, itself.to), shown];
  }

  #entry(node: SyntaxNode, item: readonly SyntaxNode[]): [Expression, Expression] {
    if (item[1]?.name !== ':') throw this.#unknown(node, show(this.#textOf(item[0]!)));
    return [this.#expression(item[0]!), this.#expression(item[2]!)];
  }

  #comprehension(makes: string, nodes: readonly SyntaxNode[]) {
    return {
      kind: 'comprehension',
      makes,
      element: this.#expression(nodes[0]!),
      clauses: this.#clauses(nodes.slice(1)),
    };
  }

  /** `for x, y in z if w …` */
  #clauses(nodes: readonly SyntaxNode[]): Clause[] {
    const starts = nodes.flatMap(({ name }, i) => (name === 'for' || name === 'if' ? [i] : []));
    return starts.map((start, i) => {
      const part = nodes.slice(start + 1, starts[i + 1]);
      if (nodes[start]!.name === 'if') return { kind: 'if', test: this.#expression(part[0]!) };
      const inAt = part.findIndex(({ name }) => name === 'in');
      const target = this.#tuple(part.slice(0, inAt), nodes[start]!);
      this.#expectTarget(target);
      return { kind: 'for', target, over: this.#expression(part[inAt + 1]!) };
    });
  }

  #binary(children: readonly SyntaxNode[]): Record<string, unknown> {
    const [leftNode, rightNode] = [children[0]!, children.at(-1)!];
    const operator = children
      .slice(1, -1)
      .map((part) => this.#textOf(part))
      .join(' ');
    const left = this.#expression(leftNode);
    const right = this.#expression(rightNode);
    if (operator === 'and' || operator === 'or') return { kind: 'logic', operator, left, right };
    if (!comparisons.has(operator)) return { kind: 'binary', operator, left, right };
    const link = { operator, value: right };
    if (left.kind === 'compare' && leftNode.name === 'BinaryExpression') {
      return { kind: 'compare', first: left.first, rest: [...left.rest, link] };
    }
    return { kind: 'compare', first: left, rest: [link] };
  }

  #arguments(list: SyntaxNode): Argument[] {
    const nodes = childrenOf(list).slice(1, -1);
    const found: Argument[] = [];
    for (let i = 0; i < nodes.length; ) {
      const node = nodes[i]!;
      let end = i;
      // A comma ends an argument, but those between the targets of a generator.
      for (let inTargets = false; end < nodes.length && (inTargets || nodes[end]!.name !== ','); end++) {
        if (nodes[end]!.name === 'for') inTargets = true;
        else if (nodes[end]!.name === 'in') inTargets = false;
      }
      const part = nodes.slice(i, end);
      if (node.name === '**') throw this.#unknown(node, '"**" before an argument');
      if (node.name === '*') found.push({ isSpread: true, value: this.#expression(part[1]!) });
      else if (part[1]?.name === 'AssignOp') {
        found.push({ name: this.#nameOf(node), isSpread: false, value: this.#argument(part.slice(2)) });
      } else {
        if (found.some(({ name }) => name !== undefined)) {
          throw this.#error(node.from, 'expected arguments without a name before those with one, got one after them');
        }
        found.push({ isSpread: false, value: this.#argument(part) });
      }
      i = end + 1;
    }
    return found;
  }

  #argument(part: readonly SyntaxNode[]): Expression {
    if (part.length === 1) return this.#expression(part[0]!);
    const place = this.#place({ from: part[0]!.from, to: part.at(-1)!.to });
    return { ...place, ...this.#comprehension('generator', part) } as Expression;
  }

  /** What stands in the brackets of x[…]. */
  #index(node: SyntaxNode, nodes: readonly SyntaxNode[]): Expression {
    const items = split(nodes, ',').map((item) => this.#indexItem(node, item));
    if (items.length === 1 && nodes.at(-1)!.name !== ',') return items[0]!;
    return { ...this.#place({ from: nodes[0]!.from, to: nodes.at(-1)!.to }), kind: 'tuple', items };
  }

  #indexItem(node: SyntaxNode, item: readonly SyntaxNode[]): Expression {
    if (!item.some(({ name }) => name === ':')) return this.#tuple(item, node);
    const [start = [], stop = [], step = []] = splitAll(item, ':');
    const part = ([one]: readonly SyntaxNode[]) => (one === undefined ? null : this.#expression(one));
    const place = this.#place({ from: item[0]!.from, to: item.at(-1)!.to });
    return { ...place, kind: 'slice', start: part(start), stop: part(stop), step: part(step) };
  }
}

const comparisons = new Set(['<', '>', '<=', '>=', '==', '!=', 'in', 'not in', 'is', 'is not']);

const statementNames: Readonly<Record<string, string>> = {
  ClassDefinition: 'a class',
  DecoratedStatement: 'a decorator',
  DeleteStatement: 'del',
  MatchStatement: 'match',
  RaiseStatement: 'raise',
  TryStatement: 'try',
  TypeDefinition: 'type',
  YieldStatement: 'yield',
};

const expressionNames: Readonly<Record<string, string>> = {
  AwaitExpression: 'await',
  NamedExpression: '":="',
  YieldExpression: 'yield',
  '*': '"*" before a value',
  '**': '"**" before a value',
};

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function indentation(wanted: string, got: string): string {
  const before = wanted === '' ? 'no indentation' : `an indentation of ${wanted.length}`;
  return `expected ${before} as in the line before, got ${got.length}`;
}

function unended(text: string): string {
  return `expected ${quotesOf(text)} to end the text, got none`;
}

/** The parts between nodes of a name; empty ones are left out. */
function split(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
  return splitAll(nodes, separator).filter((part) => part.length > 0);
}

function splitAll(nodes: readonly SyntaxNode[], separator: string): SyntaxNode[][] {
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
