// The variables of a cell that is judged: dX is the gradient that a proof records, X a value of the notebook's forward pass.

import type { NdArray } from '../base/ndarray.js';
import { sameShape } from '../base/shape.js';
import { allclose } from '../compare/allclose.js';
import { compareGradient, formatComparison } from '../compare/cmp.js';
import type { Handgrad } from '../handgrad.js';
import { type DifferentiatedName, differentiatedNames, intermediateNames, parameterNames } from '../mlp/layout.js';
import { Tensor } from '../tensor/tensor.js';
import { tensorOf, text } from './arguments.js';
import { Fault } from './fault.js';
import type { Names } from './frame.js';
import type { Watch } from './machine.js';
import { Native } from './native.js';
import type { Expression, Statement } from './tree.js';
import type { Graph, Value } from './values.js';

/** A line that wrote a gradient, or changed one or a value of the forward pass through another name. */
export interface Touch {
  readonly line: number;
  /** The gradient, dcounts, or the value. */
  readonly name: string;
  readonly kind: 'write' | 'change' | 'forward';
  /** The variable of that line that shares its memory, of a change. */
  readonly through: string | null;
  readonly note: string | null;
}

/** What a judged cell is given. */
export interface JudgedOptions {
  readonly hg: Handgrad;
  /** The values of the forward pass, and the minibatch. */
  readonly t: Readonly<Record<string, Tensor>>;
  /** Where gradients go, and are read again. */
  readonly d: Record<string, Tensor>;
  /** What autograd gives for the values of the run. */
  readonly reference: Readonly<Record<DifferentiatedName, NdArray>>;
  /** The gradients that may be read before they are written: they have their true values. */
  readonly given: readonly DifferentiatedName[];
  /** Everything else that is there from the start. */
  readonly constants: ReadonlyMap<string, () => Value>;
}

const forwardNames: ReadonlySet<string> = new Set([...parameterNames, ...intermediateNames]);
const gradientNames: ReadonlyMap<string, DifferentiatedName> = new Map(
  differentiatedNames.map((name) => [`d${name}`, name]),
);

/** The tensor that a variable is the gradient of; undefined for other variables. */
export function gradientOf(variable: string): DifferentiatedName | undefined {
  return gradientNames.get(variable);
}

/** The variables of one run of a cell, and what it did with gradients. */
export class JudgedVariables implements Names, Watch {
  readonly touches: Touch[] = [];
  /** Gradients that were read without being written, and taken from the reference. */
  readonly taken: Set<DifferentiatedName> = new Set();
  /** Gradients that were copied from `.grad`. */
  readonly copied: Set<string> = new Set();
  readonly #given: JudgedOptions;
  readonly #values = new Map<string, Value>();
  /** Gradients that the cell has given a value, and on which line it was last. */
  readonly #lines = new Map<DifferentiatedName, number>();
  /** The gradients that d has, each with the version of its memory. */
  readonly #written = new Map<DifferentiatedName, { tensor: Tensor; version: number }>();
  /** The values of the forward pass that the cell has seen. */
  readonly #seen = new Map<string, { tensor: Tensor; version: number }>();
  readonly #names = new Map<Tensor, DifferentiatedName>();
  readonly #reference = new Map<DifferentiatedName, Tensor>();
  #statement: Statement | undefined;
  /** The statements that have called the functions which run. */
  readonly #callers: (Statement | undefined)[] = [];
  /** Whether the statement that runs has read a reference's gradient, and which variables hold what came of one. */
  #readsReference = false;
  readonly #tainted = new Set<string>();

  constructor(given: JudgedOptions) {
    this.#given = given;
    for (const gradient of given.given) {
      const tensor = this.#referenceOf(gradient).clone();
      given.d[gradient] = tensor;
      this.#values.set(`d${gradient}`, tensor);
      this.#keepWritten(gradient, tensor);
    }
  }

  names(): Iterable<string> {
    const { t, constants } = this.#given;
    return new Set([
      ...this.#values.keys(),
      ...gradientNames.keys(),
      ...Object.keys(t),
      ...constants.keys(),
      'cmp',
      'parameters',
    ]);
  }

  get(name: string): Value | undefined {
    if (this.#tainted.has(name)) this.#readsReference = true;
    const gradient = gradientNames.get(name);
    if (gradient !== undefined) return this.#gradient(name, gradient);
    const own = this.#values.get(name);
    if (own !== undefined) return own;
    const constant = this.#given.constants.get(name)?.();
    if (constant !== undefined) {
      this.#values.set(name, constant);
      return constant;
    }
    if (name === 'cmp') return this.#cmp;
    if (name === 'parameters') return parameterNames.map((parameter) => this.get(parameter)!);
    return Tensor.is(this.#given.t[name]) ? this.#forward(name) : undefined;
  }

  set(name: string, value: Value): void {
    this.#values.set(name, value);
    const gradient = gradientNames.get(name);
    if (gradient !== undefined) this.#write(name, gradient, value);
    else if (this.#readsReference) this.#tainted.add(name);
    else this.#tainted.delete(name);
    if (forwardNames.has(name) && Tensor.is(value)) this.#setForward(name, value);
  }

  /** A copy of a value of the forward pass, for the cell may change it. */
  #forward(name: string): Tensor {
    const tensor = this.#given.t[name]!.clone();
    tensor.name = name;
    this.#values.set(name, tensor);
    this.#keep(name, tensor);
    return tensor;
  }

  #keep(name: string, tensor: Tensor): void {
    this.#seen.set(name, { tensor, version: tensor.array.version });
    const gradient = gradientNames.get(`d${name}`);
    if (gradient !== undefined) this.#names.set(tensor, gradient);
  }

  #setForward(name: string, value: Tensor): void {
    this.#keep(name, value);
    const expected = this.#given.t[name]!;
    const isSame =
      value.dtype === expected.dtype &&
      sameShape(value.shape, expected.shape) &&
      allclose(value, expected, { rtol: 1e-4 });
    const note = isSame ? null : `${name} is not what the notebook's forward pass has`;
    this.#touch({ name, kind: 'forward', through: null, note });
  }

  #gradient(name: string, gradient: DifferentiatedName): Value | undefined {
    const own = this.#values.get(name);
    if (own !== undefined) {
      if (!this.#lines.has(gradient)) this.taken.add(gradient);
      const isRecorded = this.#written.has(gradient) && Tensor.is(own);
      return isRecorded && !this.#isQuiet ? this.#given.d[gradient] : own;
    }
    throw new Fault(`expected ${name} to be written before it is read, got none so far`);
  }

  /** Whether what is read now is only looked at: printed, compared, tested. */
  get #isQuiet(): boolean {
    const statement = this.#statement;
    if (statement === undefined || ['assert', 'if', 'while'].includes(statement.kind)) return true;
    return statement.kind === 'expression' && targetsOf(statement).length === 0;
  }

  #write(name: string, gradient: DifferentiatedName, value: Value): void {
    this.#lines.set(gradient, this.#statement?.line ?? 1);
    if (!Tensor.is(value) || value.dtype === 'int32') {
      this.#written.delete(gradient);
      return;
    }
    const { dtype } = this.#given.t.C!;
    if (value.dtype !== dtype) throw new Fault(`expected ${name} of ${dtype}, got ${value.dtype}`);
    this.#given.d[gradient] = value;
    this.#keepWritten(gradient, value);
    const references = [...this.#reference.values()];
    if (this.#readsReference || references.some(({ array }) => array.sharesMemoryWith(value.array)))
      this.copied.add(gradient);
    else this.copied.delete(gradient);
    this.#touch({ name, kind: 'write', through: null, note: null });
  }

  #keepWritten(gradient: DifferentiatedName, tensor: Tensor): void {
    this.#written.set(gradient, { tensor, version: tensor.array.version });
  }

  #touch(touch: Omit<Touch, 'line'>): void {
    this.touches.push({ line: this.#statement?.line ?? 1, ...touch });
  }

  #referenceOf(gradient: DifferentiatedName): Tensor {
    const found = this.#reference.get(gradient) ?? this.#given.hg.tensor(this.#given.reference[gradient]);
    this.#reference.set(gradient, found);
    return found;
  }

  // What the machine tells

  before(statement: Statement, isCalled: boolean): void {
    if (isCalled) this.#callers.push(this.#statement);
    else this.#readsReference = false;
    this.#statement = statement;
  }

  after(statement: Statement, isCalled: boolean): void {
    if ('value' in statement && statement.kind !== 'return') this.#seeChanges(statement);
    if (isCalled) this.#statement = this.#callers.pop();
  }

  /** Sees which gradients a statement has changed in place: its own are written anew, others were changed through an alias. */
  #seeChanges(statement: Statement): void {
    this.#statement = statement;
    const targets = targetsOf(statement);
    if (this.#readsReference) for (const name of targets) this.#tainted.add(name);
    for (const [gradient, { tensor, version }] of this.#written) {
      if (tensor.array.version === version) continue;
      const name = `d${gradient}`;
      if (targets.includes(name)) this.#write(name, gradient, tensor);
      else {
        this.#keepWritten(gradient, tensor);
        this.#touch({ name, kind: 'change', through: targets[0] ?? null, note: null });
      }
    }
    for (const [name, { tensor, version }] of this.#seen) {
      if (tensor.array.version === version) continue;
      this.#keep(name, tensor);
      if (targets.includes(name)) continue;
      const note = `changes ${name} of the forward pass too, whose memory it shares; .clone() makes a copy`;
      this.#touch({ name, kind: 'forward', through: targets[0] ?? null, note });
    }
  }

  /** The variable that the statement which ran last assigns. */
  get target(): string | undefined {
    return this.#statement === undefined ? undefined : targetsOf(this.#statement)[0];
  }

  /** The shapes of the gradients that have been written. */
  get shapes(): ReadonlyMap<DifferentiatedName, readonly number[]> {
    return new Map([...this.#written].map(([gradient, { tensor }]) => [gradient, tensor.shape]));
  }

  /** Gradients whose variable ended as something else than a tensor of floats. */
  get others(): { name: string; value: Value; line: number }[] {
    return [...this.#lines].flatMap(([gradient, line]) => {
      const name = `d${gradient}`;
      return this.#written.has(gradient) ? [] : [{ name, value: this.#values.get(name)!, line }];
    });
  }

  /** The graph is the notebook's: what a pasted cell does with it changes nothing. */
  get graph(): Graph {
    return {
      backward: () => {},
      retainGrad: () => {},
      setGrad: () => {},
      grad: (tensor) => {
        const gradient = this.#names.get(tensor);
        if (gradient === undefined) return null;
        if (!this.#isQuiet) this.#readsReference = true;
        return this.#referenceOf(gradient);
      },
    };
  }

  /** The notebook's cmp, which says so where shapes differ. */
  readonly #cmp = new Native('cmp', 's dt t', (context, [label, manual, value]) => {
    const tensor = tensorOf(value);
    const gradient = this.#names.get(tensor);
    if (gradient === undefined)
      throw new Fault('expected a value of the forward pass to compare the gradient of, got another tensor');
    context.spend(tensor.size);
    const name = text(label);
    const given = tensorOf(manual);
    const expected = this.#referenceOf(gradient);
    if (given.dtype !== expected.dtype) throw new Fault(`expected ${expected.dtype} to compare, got ${given.dtype}`);
    context.print(`${formatComparison({ ...compareGradient(name, given, expected), name })}\n`);
    return null;
  });
}

/** The variables that a statement assigns, or changes in place. */
export function targetsOf(statement: Statement): string[] {
  if (statement.kind === 'assign') return statement.targets.flatMap(rootsOf);
  if (statement.kind === 'augmented') return rootsOf(statement.target);
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return [];
  const { callee } = statement.value;
  return callee.kind === 'attribute' && isChanging(callee.name) ? rootsOf(callee.object) : [];
}

/** Whether the method of this name changes a tensor, a list or a dict. */
const isChanging = (method: string): boolean =>
  method.endsWith('_') || ['append', 'extend', 'insert', 'update'].includes(method);

/** The variables at the bottom of x, x[…], x.y and x.f(…). */
function rootsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'tuple':
    case 'list':
      return expression.items.flatMap(rootsOf);
    case 'subscript':
    case 'attribute':
      return rootsOf(expression.object);
    case 'call':
      return rootsOf(expression.callee);
    default:
      return [];
  }
}
