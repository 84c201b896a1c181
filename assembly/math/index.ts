// Functions on vectors, each with its stated bound. Products and sums are rounded apart in both builds.

export { exp } from './exp';
export { log } from './log';
export { pow, powNarrow } from './pow';
export { tanh } from './tanh';
