// The errors that handgrad throws. An argument of the wrong type is a TypeError, one out of its range a RangeError; the
// classes here tell the more specific cases apart. Every message names the argument, what was expected and what came.

/** Shapes that do not fit together, or a shape that an operation does not take. */
export class ShapeError extends RangeError {
  override readonly name = 'ShapeError';
}

/** Element types that do not fit together, or one that an operation does not take. */
export class DTypeError extends TypeError {
  override readonly name = 'DTypeError';
}

/** A tensor used after its scope has ended or after `dispose()`. */
export class ReleasedError extends Error {
  override readonly name = 'ReleasedError';
}

/** `backward()` where there is no graph to go back through. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** Scopes closed in another order than the reverse of the one they were opened in. */
export class ScopeError extends Error {
  override readonly name = 'ScopeError';
}

/** More linear memory asked for than the engine gives. Nothing has been changed when it is thrown. */
export class OutOfMemoryError extends RangeError {
  override readonly name = 'OutOfMemoryError';
}

/** A core that can't be made or used: disposed of, or another's. Three subclasses, each of its own `name`, tell why none can be made. */
export class CoreError extends Error {
  override readonly name: string = 'CoreError';
}

/** The engine has no WebAssembly, or not the SIMD that a build needs. */
export class UnsupportedError extends CoreError {
  override readonly name = 'UnsupportedError';
}

/** The page's Content-Security-Policy does not allow WebAssembly. */
export class PolicyError extends CoreError {
  override readonly name = 'PolicyError';
}

/** What was given as the module is none, or not this package's. */
export class ModuleError extends CoreError {
  override readonly name = 'ModuleError';
}

/** A word list that can't be used. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** A file that could not be read or written. Nothing has been changed when it is thrown. */
export class FileError extends Error {
  override readonly name = 'FileError';
}

/** A file that does not have the format it should have. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** A proof that can't be carried out: functions that do not give what a proof needs, or that do what makes it worthless. */
export class ProofError extends Error {
  override readonly name = 'ProofError';
}

/**
 * A cell that can't be read or run: what is no Python, what is not part of the lesson's Python, and what went wrong in a line of it. Lines
 * and columns count from 1.
 */
export class LessonError extends Error {
  override readonly name = 'LessonError';
  /** What is wrong, without the place. */
  readonly reason: string;
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number, options?: ErrorOptions) {
    super(`line ${line}, column ${column}: ${reason}`, options);
    this.reason = reason;
    this.line = line;
    this.column = column;
  }
}

/**
 * A training that can't go on because its loss or a parameter is no longer finite, can't begin because its model is in training, or is
 * asked for what it can't do in its state.
 */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';
  /** The step, counted from 0, at which the loss was not finite, with which the training was to begin, or at which it stands. */
  readonly step: number;

  constructor(message: string, step: number) {
    super(message);
    this.step = step;
  }
}
