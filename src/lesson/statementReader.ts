// From the parser's nodes to statements.

import type { SyntaxNode } from '@lezer/common';
import { show } from '../base/show.js';
import { ExpressionReader } from './expressionReader.js';
import { childrenOf, split } from './sourceReader.js';
import type { Block, Expression, Import, Statement } from './tree.js';

export class StatementReader extends ExpressionReader {
  /** Whether what is read is in a function, and in a loop of it. */
  #around = { isFunction: false, isLoop: false };

  statement(node: SyntaxNode): Statement[] {
    return this.nested(node, () => {
      if (node.name === 'StatementGroup') {
        return childrenOf(node)
          .filter(({ name }) => name !== ';')
          .flatMap((one) => this.statement(one));
      }
      return [this.#statementOf(node)];
    });
  }

  #statementOf(node: SyntaxNode): Statement {
    const place = this.place(node);
    const children = childrenOf(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return { ...place, kind: 'expression', value: this.tuple(children, node) };
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
          test: this.expression(children[1]!),
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
        if (!this.#around.isFunction) throw this.error(node.from, 'expected return inside a function, got it outside');
        return { ...place, kind: 'return', value: children.length === 1 ? null : this.tuple(children.slice(1), node) };
      case 'ImportStatement':
        return { ...place, kind: 'import', imports: this.#import(node, children) };
      case 'AssertStatement': {
        const [test, message] = children.slice(1).filter(({ name }) => name !== ',');
        return {
          ...place,
          kind: 'assert',
          test: this.expression(test!),
          message: message === undefined ? null : this.expression(message),
        };
      }
      case 'ScopeStatement':
        if (children[0]!.name !== 'global') throw this.unknown(node, 'nonlocal');
        return {
          ...place,
          kind: 'global',
          names: children
            .slice(1)
            .filter(({ name }) => name !== ',')
            .map((name) => this.nameOf(name)),
        };
      case 'PassStatement':
        return { ...place, kind: 'pass' };
      case 'BreakStatement':
      case 'ContinueStatement': {
        const kind = node.name === 'BreakStatement' ? 'break' : 'continue';
        if (!this.#around.isLoop) throw this.error(node.from, `expected ${kind} inside a loop, got it outside`);
        return { ...place, kind };
      }
      case 'PrintStatement':
        throw this.error(node.from, 'print: expected parentheses around what is printed, got none');
      default:
        throw this.unknown(node, statementNames[node.name] ?? show(this.textOf(node).slice(0, 40)));
    }
  }

  #assignment(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children.some(({ name }) => name === 'TypeDef')) throw this.unknown(node, 'the type of a variable');
    const groups = split(children, 'AssignOp').map((group) => this.tuple(group, node));
    const targets = groups.slice(0, -1);
    for (const target of targets) this.expectTarget(target);
    return { targets, value: groups.at(-1)! };
  }

  #update(node: SyntaxNode, children: readonly SyntaxNode[]) {
    const at = children.findIndex(({ name }) => name === 'UpdateOp');
    const target = this.tuple(children.slice(0, at), node);
    if (target.kind === 'tuple' || target.kind === 'list') {
      throw this.error(node.from, 'expected one variable to change, got several');
    }
    this.expectTarget(target);
    return {
      target,
      operator: this.textOf(children[at]!).slice(0, -1),
      value: this.tuple(children.slice(at + 1), node),
    };
  }

  #for(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.unknown(node, 'async');
    const inAt = children.findIndex(({ name }) => name === 'in');
    const bodyAt = children.findIndex(({ name }) => name === 'Body');
    const target = this.tuple(children.slice(1, inAt), node);
    this.expectTarget(target);
    const [body, otherwise] = this.#bodies(children);
    return {
      target,
      over: this.tuple(children.slice(inAt + 1, bodyAt), node),
      body,
      otherwise,
    };
  }

  #if(children: readonly SyntaxNode[]) {
    const branches: { test: Expression; body: Block }[] = [];
    let otherwise: Block = [];
    children.forEach(({ name }, i) => {
      if (name === 'if' || name === 'elif') {
        branches.push({ test: this.expression(children[i + 1]!), body: this.#body(children[i + 2]!) });
      } else if (name === 'else') otherwise = this.#body(children[i + 1]!);
    });
    return { branches, otherwise };
  }

  #def(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.unknown(node, 'async');
    const part = (wanted: string) => children.find(({ name }) => name === wanted)!;
    return {
      name: this.nameOf(part('VariableName')),
      parameters: this.parameters(part('ParamList')),
      body: this.#within({ isFunction: true, isLoop: false }, () => this.#body(part('Body'))),
    };
  }

  #with(node: SyntaxNode, children: readonly SyntaxNode[]) {
    if (children[0]!.name === 'async') throw this.unknown(node, 'async');
    const items = split(children.slice(1, -1), ',').map(([value, , name]) => ({
      value: this.expression(value!),
      ...(name === undefined ? {} : { name: this.nameOf(name) }),
    }));
    return { items, body: this.#body(children.at(-1)!) };
  }

  #import(node: SyntaxNode, children: readonly SyntaxNode[]): Import[] {
    const text = (nodes: readonly SyntaxNode[]) => nodes.map((part) => this.textOf(part)).join('');
    const isFrom = children[0]!.name === 'from';
    const importAt = children.findIndex(({ name }) => name === 'import');
    const module = text(children.slice(1, importAt));
    const named = children.slice(importAt + 1).filter(({ name }) => name !== '(' && name !== ')');
    return split(named, ',').map((group) => {
      const asAt = group.findIndex(({ name }) => name === 'as');
      const path = text(asAt < 0 ? group : group.slice(0, asAt));
      if (path === '*') throw this.unknown(node, 'an import of everything');
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
    const indent = statements.map((one) => this.indentOf(one)).find((one) => one !== null);
    return statements.flatMap((one) => {
      if (indent !== undefined) this.expectIndent(one, indent!);
      return this.statement(one);
    });
  }
}

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
