// What a cell says: its statements and expressions.

/** Where a part of a cell stands; lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Its text. */
  readonly text: string;
}

/** A generator's or a comprehension's `for` or `if`. */
export type Clause =
  | { readonly kind: 'for'; readonly target: Expression; readonly over: Expression }
  | { readonly kind: 'if'; readonly test: Expression };

/** A part of an f-string: text, or a value with its format. */
export type FormatPart =
  | string
  | { readonly value: Expression; readonly conversion: string; readonly spec: readonly FormatPart[] };

/** An argument of a call; `name` of one that is given by name, `isSpread` of `*x`. */
export interface Argument {
  readonly name?: string;
  readonly isSpread: boolean;
  readonly value: Expression;
}

export interface Parameter {
  readonly name: string;
  readonly preset?: Expression;
  readonly isRest: boolean;
}

export type Expression = Place &
  (
    | { readonly kind: 'constant'; readonly value: null | boolean | bigint | number | string }
    | { readonly kind: 'ellipsis' }
    | { readonly kind: 'format'; readonly parts: readonly FormatPart[] }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple' | 'set'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly items: readonly (readonly [key: Expression, value: Expression])[] }
    | {
        readonly kind: 'comprehension';
        readonly makes: 'list' | 'set' | 'dict' | 'generator';
        readonly element: Expression;
        /** Of a dict. */
        readonly value?: Expression;
        readonly clauses: readonly Clause[];
      }
    | { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'compare';
        readonly first: Expression;
        readonly rest: readonly { readonly operator: string; readonly value: Expression }[];
      }
    | { readonly kind: 'logic'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly chosen: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Expression; readonly index: Expression }
    | {
        readonly kind: 'slice';
        readonly start: Expression | null;
        readonly stop: Expression | null;
        readonly step: Expression | null;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly value: Expression }
  );

/** `import module`, or `from module import name`, known as `alias` afterwards. */
export interface Import {
  readonly module: string;
  readonly name?: string;
  readonly alias: string;
}

export type Statement = Place &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
    | {
        readonly kind: 'augmented';
        readonly target: Expression;
        readonly operator: string;
        readonly value: Expression;
      }
    | {
        readonly kind: 'for';
        readonly target: Expression;
        readonly over: Expression;
        readonly body: Block;
        readonly otherwise: Block;
      }
    | { readonly kind: 'while'; readonly test: Expression; readonly body: Block; readonly otherwise: Block }
    | {
        readonly kind: 'if';
        readonly branches: readonly { readonly test: Expression; readonly body: Block }[];
        readonly otherwise: Block;
      }
    | {
        readonly kind: 'def';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly body: Block;
      }
    | {
        readonly kind: 'with';
        readonly items: readonly { readonly value: Expression; readonly name?: string }[];
        readonly body: Block;
      }
    | { readonly kind: 'return'; readonly value: Expression | null }
    | { readonly kind: 'import'; readonly imports: readonly Import[] }
    | { readonly kind: 'assert'; readonly test: Expression; readonly message: Expression | null }
    | { readonly kind: 'global'; readonly names: readonly string[] }
    | { readonly kind: 'pass' | 'break' | 'continue' }
  );

export type Block = readonly Statement[];
