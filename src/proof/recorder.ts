// The object `d` that a backward function writes gradients to, and the record of what it did.

import { ProofError } from '../base/errors.js';
import type { FloatDType, NdArray } from '../base/ndarray.js';
import { sameButForOnes, showShape } from '../base/shape.js';
import { guess, show } from '../base/show.js';
import { Tensor } from '../tensor/tensor.js';

/** A state of a gradient: how often it was written, and how often its memory had been changed. */
interface State {
  readonly writes: number;
  readonly version: number;
}

interface Event extends State {
  readonly kind: 'read' | 'write';
  readonly name: string;
}

/** A gradient that was written. */
export interface Written {
  readonly tensor: Tensor;
  /** Its values when it was written last. */
  readonly atWrite: NdArray;
  readonly version: number;
  readonly writes: number;
  /** Which of the events was its last writing. */
  readonly at: number;
}

/** What happened to `d`. */
export interface Recording {
  readonly events: readonly Event[];
  /** By name, in the order in which they were finished. */
  readonly written: ReadonlyMap<string, Written>;
  /** Names that were read for another one before they were written last, with that one. */
  readonly readUnfinished: ReadonlyMap<string, string>;
}

/** Finished gradients that take the place of what was written, by name, and the run in which that was. */
export interface Substitution {
  readonly gradients: ReadonlyMap<string, Tensor>;
  readonly first: Recording;
}

/**
 * Runs `use` with an object to write gradients to, of the names that `given` has: each with the gradient that is given, of the loss or
 * of an output, or undefined. With a substitution, a gradient that is read after it was finished is the substitute, also where the
 * function holds on to the tensor that it has written, unless that shares memory with one of `values`. Throws ProofError for an unknown
 * name, for one that is read before it is written, for a given one that is read after it was changed in place, and for what is no
 * gradient.
 */
export function recorded(
  given: ReadonlyMap<string, Tensor | undefined>,
  dtype: FloatDType,
  use: (d: Record<string, Tensor>) => void,
  values: readonly Tensor[],
  substitution?: Substitution,
): Recording {
  const events: Event[] = [];
  const written = new Map<string, Written>();
  const readUnfinished = new Map<string, string>();
  const givenVersions = new Map([...given].map(([name, tensor]) => [name, tensor?.array.version]));

  const expectKnown = (name: string): void => {
    if (given.has(name)) return;
    throw new ProofError(
      `d.${name}: expected a tensor of the proof that requires a gradient, got ${show(name)}${guess(name, [...given.keys()])}`,
    );
  };
  const state = (name: string): State => {
    const now = written.get(name);
    return { writes: now?.writes ?? 0, version: now?.tensor.array.version ?? 0 };
  };
  const isFinished = (event: Event): boolean => {
    const then = substitution?.first.events[events.length];
    const last = substitution?.first.written.get(event.name);
    return (
      then !== undefined &&
      then.kind === event.kind &&
      then.name === event.name &&
      last !== undefined &&
      then.writes === last.writes &&
      then.version === last.tensor.array.version
    );
  };

  const read = (name: string): Tensor => {
    expectKnown(name);
    const event: Event = { kind: 'read', name, ...state(name) };
    const finished = isFinished(event);
    events.push(event);
    const tensor = written.get(name)?.tensor ?? given.get(name);
    if (tensor !== undefined && tensor === given.get(name) && tensor.array.version !== givenVersions.get(name)) {
      throw new ProofError(
        `d.${name}: expected to be read as it was given, got it changed in place since; change a clone of it`,
      );
    }
    const substitute = finished ? substitution!.gradients.get(name) : undefined;
    // In the shape that was written: axes of size 1 may differ.
    if (substitute !== undefined && tensor !== undefined) {
      return sameButForOnes(tensor.shape, substitute.shape) ? substitute.reshape(tensor.shape) : substitute;
    }
    if (tensor === undefined)
      throw new ProofError(`d.${name}: expected a gradient written before it is read, got none`);
    return tensor;
  };

  const write = (name: string, value: unknown): void => {
    expectKnown(name);
    const tensor = checkedGradient(name, value, dtype);
    tensor.array.name ??= `d.${name}`;
    const before = state(name).writes;
    if (before > 0) noteUnfinished(name);
    const event: Event = { kind: 'write', name, writes: before + 1, version: tensor.array.version };
    const finished = isFinished(event);
    events.push(event);
    written.delete(name);
    const { version, writes } = event;
    written.set(name, { tensor, atWrite: tensor.toArray(), version, writes, at: events.length - 1 });
    if (finished) substitute(tensor, name);
  };

  /** Notes which names were finished between a read of `name` and this further write of it. */
  const noteUnfinished = (name: string): void => {
    const { at } = written.get(name)!;
    const readAt = events.findIndex(({ kind, name: other }, i) => i > at && kind === 'read' && other === name);
    const next = readAt < 0 ? undefined : events.slice(readAt).find(({ kind }) => kind === 'write');
    if (next !== undefined) readUnfinished.set(next.name, name);
  };

  /** Puts the substitute into the memory of what was written, unless other gradients or values share that memory. */
  const substitute = (tensor: Tensor, name: string): void => {
    const substitute = substitution!.gradients.get(name)!;
    const { array } = tensor;
    const { written: first } = substitution!.first;
    const own = first.get(name)!.tensor.array;
    const isShared =
      [...first].some(([other, { tensor }]) => other !== name && tensor.array.sharesMemoryWith(own)) ||
      [...written].some(([other, { tensor }]) => other !== name && tensor.array.sharesMemoryWith(array)) ||
      values.some((value) => value.array.sharesMemoryWith(array));
    if (!isShared && array.count === substitute.size) array.overwrite(substitute.array.contiguous().elements());
  };

  const target = Object.create(null) as Record<string, Tensor>;
  const d = new Proxy(target, {
    // What is asked of everything, to see whether it is a promise, is no gradient.
    get: (_, name) => (typeof name === 'string' && (name !== 'then' || given.has(name)) ? read(name) : undefined),
    set: (_, name, value) => {
      write(String(name), value);
      target[String(name)] = value;
      return true;
    },
  });
  use(d);
  return { events, written, readUnfinished };
}

function checkedGradient(name: string, value: unknown, dtype: FloatDType): Tensor {
  const tensor = Tensor.checked(`d.${name}`, value);
  tensor.array.expectInMemory();
  if (tensor.dtype !== dtype) {
    throw new ProofError(
      `d.${name}: expected ${dtype}, the dtype of this run, got ${tensor.dtype} ${showShape(tensor.shape)}; ` +
        'the hg that the functions get makes tensors of the dtype of the run',
    );
  }
  return tensor;
}
