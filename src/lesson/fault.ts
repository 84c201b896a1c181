// What goes wrong in a line, before it is known which line that is.

/** Becomes a LessonError at the place of the expression that was evaluated. */
export class Fault extends Error {
  /** Shapes that do not fit. */
  readonly shapes: readonly (readonly number[])[];

  constructor(message: string, shapes: readonly (readonly number[])[] = []) {
    super(message);
    this.shapes = shapes;
  }
}

/** A cell has taken all the steps that it may take. */
export class OutOfSteps extends Fault {}
