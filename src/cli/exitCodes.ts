// What the exit code says. 0 is for all that is right.

/** A gradient is wrong or missing, or a training has diverged. */
export const wrong = 1;
/** Bad usage or input. */
export const badInput = 2;
/** Nothing is wrong, but something can't be decided. */
export const undecided = 3;
/** stdout could not be written. */
export const badOutput = 4;

/** What the outcome of a report exits with. */
export const codeOf = { right: 0, wrong, undecided } as const;
