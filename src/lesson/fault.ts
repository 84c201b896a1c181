// What goes wrong in a line, before it is known which line that is.

/** Becomes a LessonError at the place of the expression that was evaluated. */
export class Fault extends Error {}
