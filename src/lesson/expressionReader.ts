// From the parser's nodes to expressions.

import type { SyntaxNode } from '@lezer/common';
import { LessonError } from '../base/errors.js';
import { show } from '../base/show.js';
import { isEnded, number, plainString, quotesOf } from './literals.js';
import { childrenOf, SourceReader, split, splitAll, unended } from './sourceReader.js';
import type { Argument, Clause, Expression, FormatPart, Parameter, Place } from './tree.js';

export class ExpressionReader extends SourceReader {
  /** Expressions with commas between them as a tuple, a single one without a comma as it is. */
  protected tuple(nodes: readonly SyntaxNode[], around: SyntaxNode): Expression {
    if (nodes.length === 1) return this.expression(nodes[0]!);
    if (nodes.length === 0) throw this.error(around.from, 'expected an expression, got none');
    const place = this.place({ from: nodes[0]!.from, to: nodes.at(-1)!.to });
    return { ...place, kind: 'tuple', items: this.#items(nodes) };
  }

  #items(nodes: readonly SyntaxNode[]): Expression[] {
    return nodes.filter(({ name }) => name !== ',').map((item) => this.expression(item));
  }

  protected expression(node: SyntaxNode): Expression {
    return this.nested(node, () => ({ ...this.place(node), ...this.#expressionOf(node) }) as Expression);
  }

  #expressionOf(node: SyntaxNode): Omit<Expression, keyof Place> | Record<string, unknown> {
    const children = childrenOf(node);
    const inner = children.slice(1, -1);
    switch (node.name) {
      case 'VariableName':
        return { kind: 'name', name: this.nameOf(node) };
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
        return { kind: 'constant', value: this.textOf(node) === 'True' };
      case 'Ellipsis':
        return { kind: 'ellipsis' };
      case 'ParenthesizedExpression':
        return { ...this.expression(inner[0]!), text: this.textOf(node) };
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
        return { kind: 'unary', operator: this.textOf(children[0]!), operand: this.expression(children[1]!) };
      case 'BinaryExpression':
        return this.#binary(children);
      case 'ConditionalExpression':
        return {
          kind: 'conditional',
          test: this.expression(children[2]!),
          chosen: this.expression(children[0]!),
          otherwise: this.expression(children[4]!),
        };
      case 'CallExpression':
        return { kind: 'call', callee: this.expression(children[0]!), args: this.#arguments(children[1]!) };
      case 'MemberExpression':
        if (children[1]!.name === '.') {
          return { kind: 'attribute', object: this.expression(children[0]!), name: this.textOf(children[2]!) };
        }
        return {
          kind: 'subscript',
          object: this.expression(children[0]!),
          index: this.#index(node, children.slice(2, -1)),
        };
      case 'LambdaExpression': {
        const parameters = children.find(({ name }) => name === 'ParamList');
        return {
          kind: 'lambda',
          parameters: parameters === undefined ? [] : this.parameters(parameters),
          value: this.expression(children.at(-1)!),
        };
      }
      default:
        throw this.unknown(node, expressionNames[node.name] ?? show(this.textOf(node).slice(0, 40)));
    }
  }

  protected nameOf(node: SyntaxNode): string {
    const name = this.textOf(node);
    const odd = [...name].find((character) => !/[\p{ID_Continue}_]/u.test(character));
    if (odd === undefined) return name.normalize('NFKC');
    const code = odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw this.error(node.from + name.indexOf(odd), `expected a character of Python, got ${show(odd)} (U+${code})`);
  }

  #literal<Value>(node: SyntaxNode, read: (text: string) => Value | undefined): Value {
    const text = this.textOf(node);
    if (node.name === 'String') this.#expectEnd(node);
    const value = read(text);
    if (value !== undefined) return value;
    const isComplex = node.name === 'Number' && /^[^x]*j$/i.test(text);
    throw this.unknown(node, `${isComplex ? 'the complex number ' : ''}${show(text.slice(0, 40))}`);
  }

  /** Throws where a string has no end. */
  #expectEnd(node: SyntaxNode): void {
    const text = this.textOf(node);
    if (!isEnded(text)) throw this.error(node.from, unended(text));
  }

  /** The parts of a string, which may be an f-string. */
  #format(node: SyntaxNode): FormatPart[] {
    if (node.name === 'String') return [this.#literal(node, plainString)];
    this.#expectEnd(node);
    const text = this.textOf(node);
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
      const text = this.textOf({ from: start, to: end }).replace(/\{\{|\}\}/g, (pair) => pair[0]!);
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
      value: this.tuple(values, node),
      conversion:
        conversion === undefined
          ? itself === undefined || spec !== undefined
            ? ''
            : 'r'
          : this.textOf(conversion)[1]!,
      spec: spec === undefined ? [] : this.#parts(spec, spec.from + 1, spec.to, ''),
    };
    return itself === undefined ? [shown] : [this.textOf({ from: node.from + 1, to: itself.to }), shown];
  }

  #entry(node: SyntaxNode, item: readonly SyntaxNode[]): [Expression, Expression] {
    if (item[1]?.name !== ':') throw this.unknown(node, show(this.textOf(item[0]!)));
    return [this.expression(item[0]!), this.expression(item[2]!)];
  }

  #comprehension(makes: string, nodes: readonly SyntaxNode[]) {
    return {
      kind: 'comprehension',
      makes,
      element: this.expression(nodes[0]!),
      clauses: this.#clauses(nodes.slice(1)),
    };
  }

  /** `for x, y in z if w …` */
  #clauses(nodes: readonly SyntaxNode[]): Clause[] {
    const starts = nodes.flatMap(({ name }, i) => (name === 'for' || name === 'if' ? [i] : []));
    return starts.map((start, i) => {
      const part = nodes.slice(start + 1, starts[i + 1]);
      if (nodes[start]!.name === 'if') return { kind: 'if', test: this.expression(part[0]!) };
      const inAt = part.findIndex(({ name }) => name === 'in');
      const target = this.tuple(part.slice(0, inAt), nodes[start]!);
      this.expectTarget(target);
      return { kind: 'for', target, over: this.expression(part[inAt + 1]!) };
    });
  }

  #binary(children: readonly SyntaxNode[]): Record<string, unknown> {
    const [leftNode, rightNode] = [children[0]!, children.at(-1)!];
    const operator = children
      .slice(1, -1)
      .map((part) => this.textOf(part))
      .join(' ');
    const left = this.expression(leftNode);
    const right = this.expression(rightNode);
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
      if (node.name === '**') throw this.unknown(node, '"**" before an argument');
      if (node.name === '*') found.push({ isSpread: true, value: this.expression(part[1]!) });
      else if (part[1]?.name === 'AssignOp') {
        found.push({ name: this.nameOf(node), isSpread: false, value: this.#argument(part.slice(2)) });
      } else {
        if (found.some(({ name }) => name !== undefined)) {
          throw this.error(node.from, 'expected arguments without a name before those with one, got one after them');
        }
        found.push({ isSpread: false, value: this.#argument(part) });
      }
      i = end + 1;
    }
    return found;
  }

  #argument(part: readonly SyntaxNode[]): Expression {
    if (part.length === 1) return this.expression(part[0]!);
    const place = this.place({ from: part[0]!.from, to: part.at(-1)!.to });
    return { ...place, ...this.#comprehension('generator', part) } as Expression;
  }

  /** What stands in the brackets of x[…]. */
  #index(node: SyntaxNode, nodes: readonly SyntaxNode[]): Expression {
    const items = split(nodes, ',').map((item) => this.#indexItem(node, item));
    if (items.length === 1 && nodes.at(-1)!.name !== ',') return items[0]!;
    return { ...this.place({ from: nodes[0]!.from, to: nodes.at(-1)!.to }), kind: 'tuple', items };
  }

  #indexItem(node: SyntaxNode, item: readonly SyntaxNode[]): Expression {
    if (!item.some(({ name }) => name === ':')) return this.tuple(item, node);
    const [start = [], stop = [], step = []] = splitAll(item, ':');
    const part = ([one]: readonly SyntaxNode[]) => (one === undefined ? null : this.expression(one));
    const place = this.place({ from: item[0]!.from, to: item.at(-1)!.to });
    return { ...place, kind: 'slice', start: part(start), stop: part(stop), step: part(step) };
  }

  protected parameters(list: SyntaxNode): Parameter[] {
    const tokens = childrenOf(list).filter(({ name }) => name !== '(' && name !== ')' && name !== 'TypeDef');
    return split(tokens, ',').map((group) => {
      const [first, , preset] = group;
      const isRest = first!.name === '*';
      const name = isRest ? group[1] : first!;
      if (name?.name !== 'VariableName') throw this.unknown(list, show(this.textOf(first!)));
      const parameter = { name: this.nameOf(name), isRest };
      return !isRest && preset !== undefined ? { ...parameter, preset: this.expression(preset) } : parameter;
    });
  }

  protected expectTarget(target: Expression): void {
    if (target.kind === 'tuple' || target.kind === 'list') for (const item of target.items) this.expectTarget(item);
    else if (!['name', 'attribute', 'subscript'].includes(target.kind)) {
      const { line, column, text } = target;
      throw new LessonError(`expected a variable to assign to, got ${show(text)}`, line, column);
    }
  }
}

const comparisons = new Set(['<', '>', '<=', '>=', '==', '!=', 'in', 'not in', 'is', 'is not']);

const expressionNames: Readonly<Record<string, string>> = {
  AwaitExpression: 'await',
  NamedExpression: '":="',
  YieldExpression: 'yield',
  '*': '"*" before a value',
  '**': '"**" before a value',
};
